public import Database
public import Foundation

/// One event of a record's history.
public struct HistoryEntry: Sendable {
    /// The event.
    public var id: UUID
    /// Its place in the record's history, from 1.
    public var seq: Int
    /// What kind of event it is.
    public var kind: String
    /// `create`, the move's name or the timer's.
    public var move: String
    /// The state before; nil for `create`.
    public var from: String?
    /// The state after.
    public var to: String
    /// The role in which it was done.
    public var role: String
    /// What did it.
    public var actorKind: String
    /// Which one.
    public var actorID: UUID?
    /// The event that caused it.
    public var causedBy: UUID?
    /// Why, where somebody said so.
    public var reason: String?
    /// The columns that changed, as JSON: `{"column": [old, new]}`.
    public var changes: JSON
    /// What did not happen, as JSON.
    public var noted: JSON
    /// When it counts as done, UTC.
    public var asOf: Date
    /// When it was written, UTC.
    public var at: Date

    /// The history of a record, oldest first.
    public static func of(_ machine: String, _ record: UUID) -> SQL {
        """
        SELECT id, seq, kind, move, from_state, to_state, role, actor_kind, actor_id, caused_by, reason, changes, noted,
            as_of, at
        FROM workflow_events
        WHERE machine = \(machine) AND record_id = \(record)
        ORDER BY seq
        """
    }

    /// Reads a row of ``of(_:_:)``.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    public init(_ row: Row) throws {
        self.id = try row.value("id")
        self.seq = try row.value("seq")
        self.kind = try row.value("kind")
        self.move = try row.value("move")
        self.from = try row.optional("from_state")
        self.to = try row.value("to_state")
        self.role = try row.value("role")
        self.actorKind = try row.value("actor_kind")
        self.actorID = try row.optional("actor_id")
        self.causedBy = try row.optional("caused_by")
        self.reason = try row.optional("reason")
        self.changes = try row.value("changes")
        self.noted = try row.value("noted")
        self.asOf = try row.value("as_of")
        self.at = try row.value("at")
    }
}
