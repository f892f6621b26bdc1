import Database
package import Foundation
package import StateMachines

/// One row of history as the judge sees it, with what it refers to.
package struct TracedEvent: Sendable {
    /// The event that caused another.
    package struct Cause: Sendable {
        package var machine: String
        package var record: UUID
        package var seq: Int
        package var kind: EventDraft.Kind?
        package var move: String
        package var from: String?
        package var to: String
        package var command: UUID
        package var at: Date

        /// Makes a cause of its parts.
        package init(
            machine: String, record: UUID, seq: Int, kind: EventDraft.Kind?, move: String, from: String?, to: String,
            command: UUID, at: Date
        ) {
            (self.machine, self.record, self.seq, self.kind) = (machine, record, seq, kind)
            (self.move, self.from, self.to, self.command, self.at) = (move, from, to, command, at)
        }
    }

    package var id: UUID
    package var machine: String
    package var record: UUID
    package var seq: Int
    package var kind: EventDraft.Kind?
    package var move: String
    package var from: String?
    package var to: String
    package var role: String
    package var actorKind: String
    package var command: UUID
    package var hasCommand: Bool
    package var causedBy: UUID?
    package var cause: Cause?
    package var reason: String?
    /// The second person of a repair.
    package var second: String?
    package var timer: String?
    package var countedFrom: Date?
    package var occurrence: Int?
    package var asOf: Date
    package var at: Date
    package var definition: [UInt8]

    /// The history of a machine's records after one event, record by record, each in its order.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - record: The record of the last event that was read.
    ///   - seq: Its place.
    ///   - limit: How many at most.
    /// - Returns: The statement.
    static func page(of machine: String, after record: UUID, _ seq: Int, limit: Int) -> SQL {
        """
        SELECT e.id, e.machine, e.record_id, e.seq, e.kind, e.move, e.from_state, e.to_state, e.role, e.actor_kind,
            e.command_id, e.caused_by, e.reason, e.inputs ->> 'second' AS second, e.timer, e.counted_from, e.occurrence,
            e.as_of, e.at, e.definition, k.id IS NOT NULL AS has_command,
            c.machine AS cause_machine, c.record_id AS cause_record, c.seq AS cause_seq, c.kind AS cause_kind,
            c.move AS cause_move, c.from_state AS cause_from, c.to_state AS cause_to, c.command_id AS cause_command,
            c.at AS cause_at
        FROM workflow_events e
        LEFT JOIN workflow_commands k ON k.id = e.command_id
        LEFT JOIN workflow_events c ON c.id = e.caused_by
        WHERE e.machine = \(machine) AND (e.record_id, e.seq) > (\(record), \(seq))
        ORDER BY e.record_id, e.seq
        LIMIT \(limit)
        """
    }

    /// Reads a row of ``page(of:after:_:limit:)``.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    init(_ row: Row) throws {
        self.id = try row.value("id")
        self.machine = try row.value("machine")
        self.record = try row.value("record_id")
        self.seq = try row.value("seq")
        self.kind = EventDraft.Kind(rawValue: try row.value("kind"))
        self.move = try row.value("move")
        self.from = try row.optional("from_state")
        self.to = try row.value("to_state")
        self.role = try row.value("role")
        self.actorKind = try row.value("actor_kind")
        self.command = try row.value("command_id")
        self.hasCommand = try row.value("has_command")
        self.causedBy = try row.optional("caused_by")
        self.cause = try row.optional("cause_machine", as: String.self).map { try Cause($0, row) }
        self.reason = try row.optional("reason")
        self.second = try row.optional("second")
        self.timer = try row.optional("timer")
        self.countedFrom = try row.optional("counted_from")
        self.occurrence = try row.optional("occurrence")
        self.asOf = try row.value("as_of")
        self.at = try row.value("at")
        self.definition = try row.value("definition")
    }

    /// An event that a machine's own code would write, for judging without a database.
    ///
    /// - Parameters:
    ///   - kind: What kind of event it is.
    ///   - move: The move.
    ///   - seq: Its place.
    ///   - from: The state before.
    ///   - to: The state after.
    ///   - role: Who made it.
    ///   - asOf: When.
    package init(
        _ kind: EventDraft.Kind, _ move: String, seq: Int, from: String?, to: String, role: String, asOf: Date
    ) {
        (self.id, self.machine, self.record, self.command) = (UUID(), "", UUID(), UUID())
        (self.kind, self.move, self.seq, self.from, self.to, self.role) = (kind, move, seq, from, to, role)
        (self.actorKind, self.hasCommand) = (role == "system" ? "system" : "admin", true)
        (self.asOf, self.at, self.definition) = (asOf, asOf, [])
    }
}

extension TracedEvent.Cause {
    fileprivate init(_ machine: String, _ row: Row) throws {
        self.machine = machine
        self.record = try row.value("cause_record")
        self.seq = try row.value("cause_seq")
        self.kind = EventDraft.Kind(rawValue: try row.value("cause_kind"))
        self.move = try row.value("cause_move")
        self.from = try row.optional("cause_from")
        self.to = try row.value("cause_to")
        self.command = try row.value("cause_command")
        self.at = try row.value("cause_at")
    }
}
