import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import WebAPI

/// The fields of a form that was sent (`application/x-www-form-urlencoded`).
struct Form: Sendable {
    private(set) var values: [String: String] = [:]

    /// Reads a body.
    ///
    /// - Throws: `Problem` 400 when it is no such form, or a field stands twice.
    init(_ body: [UInt8]) throws(Problem) {
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = parts.count == 2 ? Self.decoded(parts[1]) : "",
                values.updateValue(value, forKey: name) == nil
            else { throw Self.unreadable("The form cannot be read. Load the page again.") }
        }
    }

    /// The value of a field.
    subscript(name: String) -> String? { values[name] }

    static func unreadable(_ detail: String) -> Problem {
        Problem(.badRequest, code: "malformed_form", title: "The request cannot be read", detail: detail)
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(0x20)
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let high = rest.popFirst().flatMap(hex), let low = rest.popFirst().flatMap(hex)
                else { return nil }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) } }
}

extension Request {
    /// Reads the body of a form.
    ///
    /// - Throws: `Problem` 415 for another kind of content, 413 for too much of it.
    func formBytes() async throws -> [UInt8] {
        let wanted = "application/x-www-form-urlencoded"
        guard hasContent(wanted) else { throw Problem.unsupportedMediaType(wanted: wanted) }
        return try await bodyBytes()
    }
}
