public import Accounts
import Database
public import Foundation
public import Jobs
public import StateMachines
public import Workflows

/// Everything that led a record to where it is, and what can come next (O-19).
public struct RecordPath: Sendable {
    /// One event, with what the event itself does not say.
    public struct Step: Sendable {
        /// The event.
        public var event: HistoryEntry
        /// What whoever did it is called; nil for the program itself and for services.
        public var doer: String?
        /// The event of another record that caused it.
        public var cause: Cause?
        /// What it queued.
        public var jobs: [JobSummary]
    }

    /// The event of another record that caused one of these.
    public struct Cause: Sendable, Hashable {
        /// The machine of the record.
        public var machine: String
        /// The record.
        public var record: UUID
        /// What it is called.
        public var name: String?
        /// What it did.
        public var move: String
    }

    /// The definition in use.
    public var machine: Machine
    /// The record.
    public var record: UUID
    /// What it is called.
    public var name: String
    /// What happened to it, oldest first.
    public var steps: [Step]
    /// What can be done, and what happens by itself.
    public var explained: Explanation
}

/// Reads the path of a record, as the visitor.
public struct RecordPathReader: Sendable {
    private let dependencies: WebDependencies
    private let lifecycles: LifecycleReader

    /// Makes a reader.
    public init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
        lifecycles = LifecycleReader(dependencies)
    }

    /// The path of a record that the visitor sees.
    ///
    /// - Throws: ``Problem`` 401, 403 or 404; `DatabaseError`.
    public func path(of name: String?, _ id: UUID, _ visit: Visit) async throws -> (visitor: Visitor, path: RecordPath)
    {
        let machine = try lifecycles.machine(name)
        let kind = machine.name.text
        let (visitor, results) = try await visit.read { whose in
            [
                Scoping.seen([id], of: kind, by: whose), HistoryEntry.of(kind, id), Self.more(kind, id),
                "SELECT \(RecordName.of("\(kind)::text", "\(id)::uuid")) AS name",
            ]
        }
        let found = try await dependencies.engine.explain(
            machine: kind, records: [id], visitor: visitor, now: dependencies.now())
        guard !results[0].rows.isEmpty, let explained = found[id] else {
            throw Problem.notFound(machine.title.lowercased())
        }
        // The queue's tables are the program's own; that the record is the visitor's to see was asked above.
        let jobs = try await dependencies.pool.query(Queue.jobs(of: kind, record: id)).map { try JobSummary(row: $0) }
        let queued = Dictionary(grouping: jobs) { $0.eventID }
        var more: [Int: Row] = [:]
        for row in results[2].rows { more[try row.value("seq")] = row }
        let steps = try results[1].rows.map { row in
            let event = try HistoryEntry(row)
            return RecordPath.Step(
                event: event, doer: try more[event.seq]?.optional("doer"),
                cause: try more[event.seq].flatMap { try Self.cause($0) }, jobs: (queued[event.id] ?? []).reversed())
        }
        let title = try results[3].rows.first?.optional("name", as: String.self)
        return (
            visitor,
            RecordPath(
                machine: machine, record: id, name: title ?? id.uuidString.lowercased(), steps: steps,
                explained: explained)
        )
    }

    private static func more(_ machine: String, _ id: UUID) -> SQL {
        """
        SELECT e.seq, \(ActorName.of("e.actor_kind", "e.actor_id")) AS doer, c.machine, c.record_id, c.move,
            \(RecordName.of("c.machine", "c.record_id")) AS name
        FROM workflow_events e LEFT JOIN workflow_events c ON c.id = e.caused_by
        WHERE e.machine = \(machine) AND e.record_id = \(id)
        """
    }

    private static func cause(_ row: Row) throws -> RecordPath.Cause? {
        guard let machine = try row.optional("machine", as: String.self) else { return nil }
        return RecordPath.Cause(
            machine: machine, record: try row.value("record_id"), name: try row.optional("name"),
            move: try row.value("move"))
    }
}
