import Database
public import Foundation
import StateMachines

extension Engine {
    /// Calls off one firing of an armed timer; the next one, if it repeats, stays.
    ///
    /// - Parameters:
    ///   - timer: The timer's name.
    ///   - command: Who asks, of which record, under which id; its input `reason` says why.
    ///   - now: The present, UTC.
    /// - Returns: What became of it: 403 for who is no admin with the permission of one of the record's moves, 404 for
    ///   a timer that is not armed, 422 without a reason.
    /// - Throws: As ``perform(_:now:)``.
    public func callOff(timer: String, _ command: Command, now: Date) async throws -> Outcome {
        let (command, runner) = try prepared(command, as: "call_off", timer)
        return try await settle(command, now: now) { cascade in try runner.callOff(timer, command, in: &cascade) }
    }

    /// Sets a record's state by hand, when nothing else helps: an operator's tool without a door on the web.
    ///
    /// No jobs, nothing follows; timers are derived again. Two people stand for it.
    ///
    /// - Parameters:
    ///   - state: The state it is to be in.
    ///   - command: Who repairs what, under which id; its inputs `reason` and `second` say why and who else agreed.
    ///   - now: The present, UTC.
    /// - Returns: What became of it.
    /// - Throws: As ``perform(_:now:)``.
    public func repair(to state: String, _ command: Command, now: Date) async throws -> Outcome {
        let (command, runner) = try prepared(command, as: "repair", state)
        return try await settle(command, now: now) { cascade in try runner.repair(to: state, command, in: &cascade) }
    }

    /// Closes an open task by hand, with a note.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - machine: The machine of its record.
    ///   - record: Its record.
    ///   - note: What was done about it.
    ///   - now: The present, UTC.
    ///   - entry: What is put down in the audit log with it.
    /// - Returns: Whether there was one.
    /// - Throws: `Refusal` with 422 without a note; `DatabaseError`.
    public func close(
        task: String, of machine: String, record: UUID, note: String, now: Date, noting entry: AuditEntry? = nil
    ) async throws -> Bool {
        _ = try Inputs(["note": .string(note)], for: [Ask(name: "note", type: .text, isRequired: true)])
        return try await pool.transaction { session in
            let isClosed =
                try session.pipeline([
                    "SET LOCAL ROLE drizzl_engine",
                    """
                    UPDATE workflow_attention SET closed_at = \(now), note = \(note)
                    WHERE machine = \(machine) AND record_id = \(record) AND task = \(task) AND closed_at IS NULL
                    RETURNING id
                    """,
                ])[1].rows.count == 1
            if isClosed, let entry { try session.execute(entry.insert) }
            return isClosed
        }
    }

    /// The command under a name that says what is asked, so that its id cannot be used for something else.
    private func prepared(
        _ command: Command, as what: String, _ subject: String
    ) throws -> (Command, any MachineRunner) {
        var command = command
        command.move = "\(what) \(subject)"
        return (command, try runner(command.machine))
    }
}

extension Runner {
    private static var reason: Ask { Ask(name: "reason", type: .text, isRequired: true) }

    func callOff(_ timer: String, _ command: Command, in cascade: inout Cascade) throws -> Receipt {
        let now = cascade.now
        return try operate(command, asks: [Self.reason], in: &cascade) { before, timers in
            let permissions = machine.moves.compactMap(\.permission?.text)
            guard command.actor.role == "admin", permissions.contains(where: command.actor.permissions.contains) else {
                throw Refusal(
                    status: 403, code: "permission",
                    message: "An admin who may change this \(machine.title.lowercased()).")
            }
            guard machine.timer(named: timer) != nil,
                let occurrence = timers.armed.first(where: { $0.timer == timer })
            else {
                throw Refusal(status: 404, code: "not_armed", message: "The timer \"\(timer)\" is not armed.")
            }
            return EventDraft(
                kind: .timerCancelled, seq: before.seq + 1, move: timer, from: before.state, to: before.state,
                actor: command.actor, inputs: command.inputs, firing: occurrence, asOf: now)
        }
    }

    func repair(to state: String, _ command: Command, in cascade: inout Cascade) throws -> Receipt {
        let now = cascade.now
        let second = Ask(name: "second", type: .text, isRequired: true, title: "The second person who agreed")
        return try operate(command, asks: [Self.reason, second], in: &cascade) { before, _ in
            guard machine.state(named: state) != nil else {
                let known = machine.states.map(\.name.text).joined(separator: ", ")
                throw Refusal(
                    status: 422, code: "unknown_state", message: "There is no state \"\(state)\", but: \(known).",
                    field: "state")
            }
            return EventDraft(
                kind: .repair, seq: before.seq + 1, move: "repair", from: before.state, to: state,
                actor: command.actor, inputs: command.inputs, asOf: now)
        }
    }

    /// Writes one event that is no move, with a reason; nothing follows from it.
    private func operate(
        _ command: Command, asks: [Ask], in cascade: inout Cascade,
        _ draft: (RecordStanding, TimerState) throws -> EventDraft
    ) throws -> Receipt {
        _ = try Inputs(command.inputs, for: asks)
        let one: SQL = "SELECT \(command.record)::uuid"
        let reading = lifecycle.load(one, for: nil, locking: true)
        let results = try cascade.trip(reading + TimerState.read(machine, one) + [StoredCommand.find(command.id)])
        if let answer = try StoredCommand.answer(in: results[results.count - 1].rows, hash: command.requestHash) {
            try cascade.session.rollback()
            return answer
        }
        guard let before = try lifecycle.loaded(Array(results.prefix(reading.count))).first else { throw notFound }
        let timers =
            try TimerState.states(results.dropFirst(reading.count), of: machine)[command.record] ?? TimerState()
        let event = try draft(before.standing, timers)
        var after = before.standing
        after.seq += 1
        if event.to != after.state {
            (after.previous, after.state, after.since) = (after.state, event.to, event.asOf)
        }
        let change = Change(facts: before.facts, standing: after, events: [event])
        try settle(change, lifecycle.update(change, before: before), timers, cause: nil, depth: 0, in: &cascade)
        return try finish(after, in: &cascade)
    }
}
