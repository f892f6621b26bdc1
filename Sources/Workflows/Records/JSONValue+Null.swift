import Foundation
import StateMachines

extension JSONValue {
    /// An id, or null.
    static func orNull(_ id: UUID?) -> JSONValue { id.map { .string($0.uuidString.lowercased()) } ?? .null }

    /// A text, or null.
    static func orNull(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
