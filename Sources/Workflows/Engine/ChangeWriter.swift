import Database
import Foundation
import Jobs
import StateMachines

/// Turns the events of a decision into rows: history, tasks and jobs.
struct ChangeWriter: Sendable {
    let machine: Machine
    let surroundings: Engine.Surroundings

    init(machine: Machine, surroundings: Engine.Surroundings) {
        (self.machine, self.surroundings) = (machine, surroundings)
    }

    /// The statements, in the order in which they have to run, and the ids of the events.
    func write(
        _ drafts: [EventDraft], of standing: RecordStanding, command: UUID, now: Date
    ) throws -> (events: [UUID], statements: [SQL]) {
        var ids: [UUID] = []
        var statements: [SQL] = []
        var requests: [JobRequest] = []
        for draft in drafts {
            let id = UUID.v7()
            statements.append(
                try event(
                    draft, id: id, of: standing.id, command: command, cause: draft.isCausedByPrevious ? ids.last : nil))
            statements += tasks(of: draft, event: id, record: standing.id)
            requests += try draft.jobs.enumerated().map { position, call in
                try request(call, position: position, of: draft, event: id, record: standing.id, now: now)
            }
            ids.append(id)
        }
        if !requests.isEmpty { statements.append(Queue.enqueue(requests, now: now)) }
        return (ids, statements)
    }

    /// The answer to a command, without what only a change has.
    func answer(
        _ result: Receipt.Result, _ standing: RecordStanding, next armed: [TimerOccurrence] = [],
        isDryRun: Bool = false
    ) -> Receipt {
        Receipt(
            record: standing.id, result: result, state: standing.state, seq: standing.seq, events: [], jobs: [],
            next: next(armed), opened: [], noted: [], isDryRun: isDryRun)
    }

    /// Armed timers as people see them, soonest first.
    func next(_ armed: [TimerOccurrence]) -> [Receipt.Next] {
        armed.sorted { $0.moment < $1.moment }.map { occurrence in
            let title = machine.timer(named: occurrence.timer)?.title ?? occurrence.timer
            return .init(timer: occurrence.timer, at: occurrence.moment, will: title)
        }
    }

    private func event(
        _ draft: EventDraft, id: UUID, of record: UUID, command: UUID, cause: UUID?
    ) throws -> SQL {
        let reason: String? = if case .string(let text) = draft.inputs["reason"] { text } else { nil }
        let noted = String(decoding: try JSONEncoder().encode(draft.noted), as: UTF8.self)
        return """
            INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, from_state, to_state, skipped,
                role, actor_kind, actor_id, command_id, caused_by, reason, inputs, changes, noted,
                timer, counted_from, occurrence, as_of, definition)
            VALUES (\(id), \(machine.name.text), \(record), \(draft.seq), \(draft.kind.rawValue), \(draft.move),
                \(draft.from), \(draft.to), \(draft.skipped), \(draft.actor.role), \(draft.actor.kind.rawValue),
                \(draft.actor.id), \(command), \(cause), \(reason),
                \(JSON(text: JSONValue.object(draft.inputs).json)), \(JSON(text: JSONValue.object(draft.changes).json)),
                \(JSON(text: noted)), \(draft.firing?.timer), \(draft.firing?.countedFrom), \(draft.firing?.number),
                \(draft.asOf), \(surroundings.definitionHash))
            """
    }

    private func tasks(of draft: EventDraft, event: UUID, record: UUID) -> [SQL] {
        let name = machine.name.text
        var statements: [SQL] = []
        if draft.from != nil, draft.from != draft.to || !draft.closes.isEmpty {
            // A timer's task closes when its states are left; a move's when a move names it.
            statements.append(
                """
                UPDATE workflow_attention SET closed_by = \(event), closed_at = \(draft.asOf)
                WHERE machine = \(name) AND record_id = \(record) AND closed_at IS NULL
                  AND (task = ANY(\(draft.closes)) OR NOT (\(draft.to) = ANY(while_states)))
                """)
        }
        if !draft.opens.isEmpty {
            let noted = draft.noted.flatMap(\.reasons).map(\.message).joined(separator: " ")
            let because = JSON(text: JSONValue.object(noted.isEmpty ? [:] : ["reasons": .string(noted)]).json)
            statements.append(
                """
                INSERT INTO workflow_attention (id, machine, record_id, task, because, while_states, opened_by, opened_at)
                SELECT t.id, \(name), \(record), t.task, \(because), \(draft.opensWhile), \(event), \(draft.asOf)
                FROM unnest(\(draft.opens.map { _ in UUID.v7() }), \(draft.opens)) AS t (id, task)
                ON CONFLICT DO NOTHING
                """)
        }
        return statements
    }

    private func request(
        _ call: JobCall, position: Int, of draft: EventDraft, event: UUID, record: UUID, now: Date
    ) throws -> JobRequest {
        let with = Dictionary(uniqueKeysWithValues: call.parameters.map { ($0.name.text, $0.value.text) })
        let payload = RecordJob(machine: machine.name.text, record: record, event: event, with: with)
        let key = JobKey(
            machine: machine.name.text, record: record, event: event, seq: draft.seq, firing: draft.firing,
            position: position, now: now)
        return JobRequest(
            kind: call.kind.text, payload: try payload.encoded,
            uniqueKey: key.text(for: call, word: surroundings.vocabulary.job(named: call.kind.text)),
            eventID: event, subject: JobSubject(machine: machine.name.text, recordID: record))
    }
}
