import Database
import Foundation
import StateMachines

/// Something has changed: which record, and how; what it is now, one asks the API.
struct LiveChange: Sendable {
    /// Its place in the one order of all changes.
    var number: Int64
    /// A machine, or the name of a table's rows.
    var subject: String
    /// The record.
    var record: UUID
    /// The move; or `created`, `changed`.
    var what: String
    /// The event of the record's history, where it is a move.
    var event: UUID?
    /// When it was numbered, UTC.
    var at: Date

    init(_ row: Row) throws {
        number = try row.value("number")
        subject = try row.value("subject")
        record = try row.value("record_id")
        what = try row.value("what")
        event = try row.optional("event_id")
        at = try row.value("at")
    }

    /// Reads the changes after one, the oldest first.
    ///
    /// - Parameters:
    ///   - number: The last one that is known.
    ///   - end: The last one to read; nil: as far as there are any.
    ///   - limit: How many at most.
    /// - Returns: A statement with a row for each.
    static func after(_ number: Int64, through end: Int64? = nil, limit: Int) -> SQL {
        """
        SELECT number, subject, record_id, what, event_id, at FROM live_changes
        WHERE number > \(number) AND number <= \(end ?? .max) ORDER BY number LIMIT \(limit)
        """
    }

    /// Where the changes begin and end at present: `pruned` is the last that is no longer kept, `last` the newest.
    static let ends: SQL = """
        SELECT p.number AS pruned, greatest(p.number, (SELECT max(number) FROM live_changes)) AS last FROM live_pruned p
        """

    /// The change as it is told.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "number": .integer(number), "subject": .string(subject), "id": .id(record), "what": .string(what),
            "at": .moment(at),
        ]
        members["event"] = event.map { .id($0) }
        return .object(members)
    }
}
