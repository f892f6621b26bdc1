import Database
import Foundation
import Jobs
import StateMachines
import Telemetry

/// Turns what happened in a cascade into rows: history, tasks, jobs, and what the auditors read.
struct HistoryWriter {
    let cascade: Cascade

    /// The statements, in the order in which they have to run.
    var statements: [SQL] {
        get throws {
            let happenings = cascade.happenings
            var statements = try happenings.map(event)
            statements += happenings.filter { $0.draft.kind == .correction }.compactMap(cancelUndone)
            statements += happenings.flatMap(tasks)
            let requests = try happenings.flatMap(jobs) + cascade.later
            if !requests.isEmpty { statements.append(Queue.enqueue(requests, now: cascade.now)) }
            // Last: the log takes one entry at a time, whoever writes, until the transaction ends.
            statements += happenings.compactMap { happening in
                AuditEntry(happening.draft, of: happening.key.machine, happening.key.record)?.insert
            }
            return statements
        }
    }

    private func event(_ happening: Happening) throws -> SQL {
        let draft = happening.draft
        let reason: String? = if case .string(let text) = draft.inputs["reason"] { text } else { nil }
        let noted =
            draft.noted.isEmpty ? "[]" : String(decoding: try JSONEncoder().encode(draft.noted), as: UTF8.self)
        return """
            INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, from_state, to_state, skipped,
                role, actor_kind, actor_id, command_id, caused_by, bulk_id, reason, inputs, changes, noted,
                timer, counted_from, occurrence, as_of, definition, trace_parent)
            VALUES (\(happening.id), \(happening.key.machine), \(happening.key.record), \(draft.seq),
                \(draft.kind.rawValue), \(draft.move), \(draft.from), \(draft.to), \(draft.skipped), \(draft.actor.role),
                \(draft.actor.kind.rawValue), \(draft.actor.id), \(cascade.command.id),
                \(happening.cause ?? cascade.command.cause), \(cascade.command.bulk), \(reason),
                \(JSON(text: JSONValue.object(draft.inputs).json)), \(JSON(text: JSONValue.object(draft.changes).json)),
                \(JSON(text: noted)), \(draft.firing?.timer), \(draft.firing?.countedFrom), \(draft.firing?.number),
                \(draft.asOf), \(happening.definition), \(TraceContext.current?.header))
            """
    }

    /// What the move that led into the final state has queued and nobody has begun is not to run any more.
    private func cancelUndone(_ happening: Happening) -> SQL? {
        guard let from = happening.draft.from else { return nil }
        return Queue.cancel(
            causedBy: """
                SELECT id FROM workflow_events
                WHERE machine = \(happening.key.machine) AND record_id = \(happening.key.record)
                  AND seq < \(happening.draft.seq) AND to_state = \(from) AND from_state IS DISTINCT FROM to_state
                ORDER BY seq DESC LIMIT 1
                """, reason: "The move that asked for it was undone.")
    }

    private func tasks(_ happening: Happening) -> [SQL] {
        let draft = happening.draft
        var statements: [SQL] = []
        if draft.from != nil, draft.from != draft.to || !draft.closes.isEmpty {
            // A timer's task closes when its states are left; a move's when a move names it.
            statements.append(
                """
                UPDATE workflow_attention SET closed_by = \(happening.id), closed_at = \(draft.asOf)
                WHERE machine = \(happening.key.machine) AND record_id = \(happening.key.record) AND closed_at IS NULL
                  AND (task = ANY(\(draft.closes)) OR NOT (\(draft.to) = ANY(while_states)))
                """)
        }
        let own = draft.opens.map { TaskOpening(key: happening.key, task: $0, whileStates: draft.opensWhile) }
        let parked = draft.parked.map {
            TaskOpening.refused($0.what, on: happening.key, Refusal(status: 409, reasons: $0.reasons))
        }
        return statements
            + (own + parked + happening.tasks).map { opening in
                """
                INSERT INTO workflow_attention (id, machine, record_id, task, because, while_states, opened_by, opened_at)
                VALUES (\(UUID.v7()), \(opening.key.machine), \(opening.key.record), \(opening.task),
                    \(JSON(text: opening.because.json)), \(opening.whileStates), \(happening.id), \(draft.asOf))
                ON CONFLICT DO NOTHING
                """
            }
    }

    private func jobs(_ happening: Happening) throws -> [JobRequest] {
        let calls = happening.draft.jobs.map { (happening.key, $0) } + happening.jobs
        return try calls.enumerated().map { position, call in
            try request(call.1, about: call.0, position: position, of: happening)
        }
    }

    private func request(
        _ call: JobCall, about key: RecordKey, position: Int, of happening: Happening
    ) throws -> JobRequest {
        let with = Dictionary(uniqueKeysWithValues: call.parameters.map { ($0.name.text, $0.value.text) })
        let payload = RecordJob(machine: key.machine, record: key.record, event: happening.id, with: with)
        let unique = JobKey(
            machine: key.machine, record: key.record, event: happening.id, seq: happening.draft.seq,
            firing: happening.draft.firing, position: position, now: cascade.now)
        return JobRequest(
            kind: call.kind.text, payload: payload.encoded,
            uniqueKey: unique.text(for: call, in: cascade.network.vocabulary), eventID: happening.id,
            subject: JobSubject(machine: key.machine, recordID: key.record))
    }
}
