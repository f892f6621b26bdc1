import Database
import Foundation
import StateMachines

extension JSONValue {
    /// A moment as RFC 3339 in UTC, to the second, or to the millisecond where there are any.
    static func moment(_ date: Date) -> JSONValue { .string(Timestamp.text(date)) }

    /// A moment, or null.
    static func moment(_ date: Date?) -> JSONValue { date.map { .moment($0) } ?? .null }

    /// An id in lower case.
    static func id(_ id: UUID) -> JSONValue { .string(id.uuidString.lowercased()) }

    /// An id, or null.
    static func id(_ id: UUID?) -> JSONValue { id.map { .id($0) } ?? .null }

    /// A text, or null.
    static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// A count.
    static func count(_ count: Int) -> JSONValue { .integer(Int64(count)) }

    /// What the database keeps as JSON.
    ///
    /// - Throws: ``UnreadableStoredJSON``, which is a defect of ours and no fault of the request.
    static func stored(_ json: JSON) throws(UnreadableStoredJSON) -> JSONValue {
        do { return try JSONReader.read(Array(json.text.utf8)) } catch { throw UnreadableStoredJSON() }
    }
}

/// The database keeps JSON that we do not read: deeper, or with a larger number, than we ever write.
struct UnreadableStoredJSON: Error {}
