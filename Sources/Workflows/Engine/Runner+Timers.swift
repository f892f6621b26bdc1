import Accounts
import Database
import Foundation
import StateMachines

extension Runner {
    func fire(_ timer: DueTimer, refused: Refusal?, in cascade: inout Cascade) throws -> Receipt {
        let one: SQL = "SELECT \(timer.record)::uuid"
        let key = RecordKey(machine: name, record: timer.record)
        let reading = lifecycle.load(one, for: nil, locking: true)
        let results = try cascade.trip(reading + TimerState.read(machine, one))
        let timers = try TimerState.states(results.dropFirst(reading.count), of: machine)[timer.record] ?? TimerState()
        guard var before = try lifecycle.loaded(Array(results.prefix(reading.count))).first else {
            // The record is gone; its timers with it.
            try cascade.session.commit(with: TimerState.write([], replacing: timers.armed, key))
            let nowhere = RecordStanding(id: timer.record, state: "", seq: 0, since: cascade.now)
            return answer(.nothing, nowhere, next: [], in: cascade)
        }
        try demandKnown(before.standing)
        before.standing.previous = timers.previousState
        // No row: another node was quicker.
        guard timers.armed.contains(timer.occurrence),
            let change = try decider.fire(
                timer.occurrence, on: before.standing, facts: before.facts, fired: timers.fired, now: cascade.now,
                refused: refused)
        else {
            // Or its anchor was edited: the rows are derived from the facts as they are.
            let armed = decider.armed(before.standing, facts: before.facts, fired: timers.fired)
            let takesOver = timer.occurrence.timer == DefinitionVersion.mark(of: definition)
            let old = takesOver ? timers.armed : own(timers.armed, of: before.standing)
            try cascade.session.commit(with: TimerState.write(armed, replacing: old, key))
            return answer(.nothing, before.standing, next: armed, in: cascade)
        }
        try settle(change, lifecycle.update(change, before: before), timers, cause: nil, depth: 0, in: &cascade)
        return try finish(change.standing, in: &cascade)
    }

    /// The rows that a change of the record may replace.
    ///
    /// A timer that this file does not know belongs to another version of the program that runs beside this one, and is
    /// left to it until this definition takes the record over. A final state has no timers by any version.
    func own(_ armed: [TimerOccurrence], of standing: RecordStanding) -> [TimerOccurrence] {
        guard !machine.isFinal(standing.state) else { return armed }
        return armed.filter { $0.timer == TimerState.again || machine.timer(named: $0.timer) != nil }
    }

    /// Refuses to touch a record in a state that only another version of the program knows.
    ///
    /// - Throws: ``EngineError/otherVersion(machine:state:)``.
    func demandKnown(_ standing: RecordStanding) throws {
        guard machine.state(named: standing.state) == nil else { return }
        throw EngineError.otherVersion(machine: name, state: standing.state)
    }

    func explain(
        _ records: [UUID], actor: Actor, visitor: Visitor?, now: Date, in session: Session
    ) throws -> [UUID: Explanation] {
        let all: SQL = "SELECT unnest(\(records))"
        let reading = lifecycle.load(all, for: nil, locking: false)
        // Last, for the role of visitors stays until the trip ends.
        let asking = visitor.map {
            [$0.enterAgain, Credential.asVisitor, Scoping.seen(records, of: name, by: $0.kind)]
        }
        let looking = reading + TimerState.read(machine, all) + [OpenTask.of(name, records)]
        let results = try session.pipeline(looking + (asking ?? []))
        let seen = try visitor.map { _ in
            Set(try results[results.count - 1].rows.map { try $0.value("id", as: UUID.self) })
        }
        let timers = try TimerState.states(results[reading.count..<looking.count], of: machine)
        var tasks: [UUID: [OpenTask]] = [:]
        // What the company has to do is not the partners' to see.
        for row in results[looking.count - 1].rows where visitor?.kind != .partnerUser {
            tasks[try row.value("record_id"), default: []].append(try OpenTask(row))
        }
        var explanations: [UUID: Explanation] = [:]
        for loaded in try lifecycle.loaded(Array(results.prefix(reading.count))) {
            let id = loaded.standing.id
            if let seen, !seen.contains(id) { continue }
            explanations[id] = Explanation(
                standing: loaded.standing,
                moves: try decider.explain(loaded.standing, facts: loaded.facts, actor: actor, now: now),
                next: next(timers[id]?.armed ?? []), tasks: tasks[id] ?? [])
        }
        return explanations
    }
}
