import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import WebAPI

/// The fields of a form that was sent.
struct Form: Sendable {
    private(set) var values: [String: String]

    /// Reads a body.
    ///
    /// - Throws: `Problem` 400 when it is no such form, or a field stands twice.
    init(_ body: [UInt8]) throws(Problem) {
        guard let fields = FormFields(body) else {
            throw Self.unreadable("The form cannot be read. Load the page again.")
        }
        values = fields.values
    }

    /// Takes fields that were read already.
    init(_ values: [String: String]) { self.values = values }

    /// The value of a field.
    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    static func unreadable(_ detail: String) -> Problem {
        Problem(.badRequest, code: "malformed_form", title: "The request cannot be read", detail: detail)
    }
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
