import Foundation
import HTTPTypes
import HummingbirdCore

extension Visit {
    /// The largest form that is read at once, bytes.
    private static let smallForm = 1 << 20

    /// Reads a form with a small file in it (`multipart/form-data`) at once: every field as text, the file's too.
    ///
    /// Its field `csrf`, which comes first, lets it write in the name of the session.
    ///
    /// - Returns: The texts by field; a file that nobody chose is empty.
    /// - Throws: ``Problem`` 400 for a form that is broken, 413 for more than a mebibyte, 415 for something else.
    public func smallForm() async throws -> [String: String] {
        try await request.inTime(RequestLimits.bodyTime) {
            guard request.hasContent("multipart/form-data"), var form = MultipartReader(request) else {
                throw Problem.unsupportedMediaType(wanted: "multipart/form-data")
            }
            var (fields, size) = ([String: String](), 0)
            while let part = try await form.nextPart() {
                var bytes: [UInt8] = []
                while let more = try await form.nextBytes() {
                    bytes += more
                    size += more.count
                    guard size <= Self.smallForm else { throw Problem.tooLarge(limit: Self.smallForm) }
                }
                let text = String(decoding: bytes, as: UTF8.self)
                guard fields.updateValue(text, forKey: part.name) == nil else { throw Problem.brokenForm }
                if part.name == "csrf" { accept(forgeryGuard: text) }
            }
            return fields
        }
    }
}
