import Foundation
import StateMachines

extension JSONValue {
    /// A text, or null.
    static func orNull(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// An id, or null.
    static func orNull(_ id: UUID?) -> JSONValue { id.map { .string($0.uuidString.lowercased()) } ?? .null }

    /// A whole number, or null.
    static func orNull(_ number: Int64?) -> JSONValue { number.map(JSONValue.integer) ?? .null }
}
