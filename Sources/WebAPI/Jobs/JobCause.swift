import Accounts
public import Database
public import Foundation
public import Jobs
import StateMachines
public import Workflows

/// What caused a job, and what came of it: from the first transition to the job, and on to what it did.
public struct JobCause: Sendable {
    /// A transition of a record.
    public struct Step: Sendable {
        /// The event.
        public let event: UUID
        /// The machine of the record.
        public let machine: String
        /// The record.
        public let record: UUID
        /// The event as the record's history has it.
        public let entry: HistoryEntry
        /// The request or job that asked for it, by its command.
        public let command: UUID
        /// The trace context of the request.
        public let traceParent: String?
        /// The name of whoever did it; nil when nobody did, or nobody of that id is there any more.
        public let actorName: String?
    }

    /// From what began it to what enqueued the job.
    public let path: [Step]
    /// What the job did to records, as far as is known: what follows from its transition and happened while it ran.
    public let made: [Step]
    /// The other jobs of the same transition, and those of what it did, the newest first.
    public let jobs: [JobSummary]
    /// The schedule that asked for it.
    public let schedule: String?
    /// What the records are called.
    public let names: RecordNames

    /// Reads what caused a job.
    ///
    /// - Parameters:
    ///   - details: The job.
    ///   - session: A session with the program's rights; some round trips.
    /// - Throws: `DatabaseError`.
    public init(of details: JobDetails, in session: Session) throws {
        let spans = Self.spans(of: details)
        if let event = details.summary.eventID {
            let results = try session.pipeline([Self.above(event), Self.below(event)])
            path = try results[0].rows.map(Self.step)
            made = try results[1].rows.map(Self.step).filter { step in spans.contains { $0 ~= step.entry.at } }
            jobs = try session.query(Queue.jobs(ofEvents: [event] + made.map(\.event)))
                .map(JobSummary.init(row:)).filter { $0.id != details.summary.id }
            schedule = nil
        } else {
            (path, made, jobs) = ([], [], [])
            schedule = try session.first(Queue.schedule(askingFor: details.summary.id))?.value("name")
        }
        let records = (path + made).map(\.record) + [details.summary.subject?.recordID].compactMap(\.self)
        names = try RecordNames(of: Array(Set(records)), in: session)
    }

    /// When the job ran.
    private static func spans(of details: JobDetails) -> [ClosedRange<Date>] {
        let past = details.attempts.compactMap { attempt in
            attempt.claimedAt.flatMap { $0 <= attempt.finishedAt ? $0...attempt.finishedAt : nil }
        }
        return past + [details.claimedAt].compactMap(\.self).map { $0...Date.distantFuture }
    }

    private static let columns: SQL = """
        e.id, e.seq, e.kind, e.move, e.from_state, e.to_state, e.role, e.actor_kind, e.actor_id, e.caused_by, e.reason,
        e.changes, e.noted, e.as_of, e.at, e.machine, e.record_id, e.command_id, e.trace_parent,
        coalesce((SELECT first_name || ' ' || last_name FROM admins WHERE id = e.actor_id),
                 (SELECT first_name || ' ' || last_name FROM sales_reps WHERE id = e.actor_id),
                 (SELECT first_name || ' ' || last_name FROM partner_users WHERE id = e.actor_id)) AS actor_name
        """

    /// An event and what led to it, the first first.
    private static func above(_ event: UUID) -> SQL {
        """
        WITH RECURSIVE up (id, caused_by, step) AS (
            SELECT id, caused_by, 0 FROM workflow_events WHERE id = \(event)
            UNION ALL
            SELECT e.id, e.caused_by, up.step + 1 FROM up JOIN workflow_events e ON e.id = up.caused_by
            WHERE up.step < 20
        )
        SELECT \(columns) FROM up JOIN workflow_events e ON e.id = up.id ORDER BY up.step DESC
        """
    }

    /// What followed from an event, the first first.
    private static func below(_ event: UUID) -> SQL {
        "SELECT \(columns) FROM workflow_events e WHERE e.caused_by = \(event) ORDER BY e.at, e.id LIMIT 200"
    }

    private static func step(_ row: Row) throws -> Step {
        Step(
            event: try row.value("id"), machine: try row.value("machine"), record: try row.value("record_id"),
            entry: try HistoryEntry(row), command: try row.value("command_id"),
            traceParent: try row.optional("trace_parent"), actorName: try row.optional("actor_name"))
    }

    var json: JSONValue {
        .object([
            "path": .array(path.map(json)), "made": .array(made.map(json)), "jobs": .array(jobs.map(\.json)),
            "schedule": .text(schedule),
        ])
    }

    private func json(_ step: Step) -> JSONValue {
        .object([
            "event": .id(step.event), "machine": .string(step.machine), "record_id": .id(step.record),
            "record": .text(names[step.record]), "seq": .count(step.entry.seq), "kind": .string(step.entry.kind),
            "move": .string(step.entry.move), "from": .text(step.entry.from), "to": .string(step.entry.to),
            "role": .string(step.entry.role), "actor": .text(step.actorName), "reason": .text(step.entry.reason),
            "command": .id(step.command), "trace_parent": .text(step.traceParent), "at": .moment(step.entry.at),
        ])
    }

    static let schema = Schema.named(
        "JobCause",
        .object([
            .init("path", .list(of: step)), .init("made", .list(of: step)), .init("jobs", .list(of: JobSchemas.job)),
            .init("schedule", .optional(.text())),
        ]))
    private static let step = Schema.named(
        "JobCauseStep",
        .object([
            .init("event", .id), .init("machine", .text()), .init("record_id", .id),
            .init("record", .optional(.text())), .init("seq", .integer()), .init("kind", .text()),
            .init("move", .text()), .init("from", .optional(.text())), .init("to", .text()), .init("role", .text()),
            .init("actor", .optional(.text())), .init("reason", .optional(JobSchemas.words)), .init("command", .id),
            .init("trace_parent", .optional(.text())), .init("at", .moment),
        ]))
}
