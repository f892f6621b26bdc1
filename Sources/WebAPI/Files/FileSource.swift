import HTTPTypes
import HummingbirdCore
import NIOCore

/// The bytes of a file that is being sent: the body, or what a form has in its part `file`.
struct FileSource {
    /// The name that the form gives the file.
    let name: String?
    private var form: MultipartReader?
    /// The body, if it is the file; it can be gone through once.
    private var body: RequestBody.AsyncIterator?

    /// The most fields that come before the file.
    private static let fieldLimit = 20
    /// The longest of them, bytes.
    private static let fieldBytes = 1_024

    /// Reads up to the file.
    ///
    /// A form's field `csrf`, which comes before the file, lets it write in the name of the session.
    ///
    /// - Throws: ``Problem`` 400 for a form that is broken or has no file.
    init(_ visit: Visit) async throws {
        guard visit.request.hasContent("multipart/form-data") else {
            name = nil
            body = visit.request.body.makeAsyncIterator()
            return
        }
        guard var form = MultipartReader(visit.request) else { throw Problem.brokenForm }
        for _ in 0..<Self.fieldLimit {
            guard let part = try await form.nextPart() else { break }
            if let fileName = part.fileName, part.name == "file" {
                name = Self.own(fileName)
                self.form = form
                return
            }
            var value: [UInt8] = []
            while let bytes = try await form.nextBytes() {
                value += bytes
                guard value.count <= Self.fieldBytes else { throw Problem.brokenForm }
            }
            if part.name == "csrf" { visit.accept(forgeryGuard: String(decoding: value, as: UTF8.self)) }
        }
        throw Problem.brokenForm
    }

    /// The next bytes; nil after the last.
    ///
    /// - Throws: ``Problem`` 400 for a form that ends in its middle.
    mutating func next() async throws -> [UInt8]? {
        if form != nil { return try await form?.nextBytes() }
        return try await body?.next(isolation: #isolation).map { Array(buffer: $0) }
    }

    /// Some browsers send the whole path.
    private static func own(_ name: String) -> String? {
        let last = name.split { $0 == "/" || $0 == "\\" }.last.map { String($0.filter { !$0.isNewline }.prefix(200)) }
        return last?.isEmpty == false ? last : nil
    }
}

extension Problem {
    /// A form that is none.
    static var brokenForm: Problem {
        Problem(
            .badRequest, code: "form_broken", title: title(of: .badRequest),
            detail: "Send multipart/form-data with the file as its part \"file\", after all fields, and to its end."
        ).with(.connection, "close")
    }
}
