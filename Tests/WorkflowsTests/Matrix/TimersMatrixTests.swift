import Database
import Foundation
import StateMachines
import Testing
import Workflows

/// Generated from the shipped files: every timer.
@Suite("every timer of every machine", .serialized)
struct TimersMatrixTests {
    @Test(
        "fires in each state it waits in, does what its file says, and is dropped when the state is left",
        arguments: MatrixBed.machines)
    func fires(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for timer in file.timers {
                for state in timer.states.map(\.text) { try await fire(timer, in: state, of: file, bed) }
            }
        }
    }

    private func fire(_ timer: TimerRule, in state: String, of file: Machine, _ bed: MatrixBed) async throws {
        let machine = file.name.text
        let comment: Comment = "\(machine).\(timer.name) in \(state)"
        let record = try await armed(timer, in: state, of: file, bed)
        let due = try #require(try await row(timer, of: record, bed), comment)
        try await bed.engine.fire(due, now: due.occurrence.moment)
        let events = try await bed.pool.query(HistoryEntry.of(machine, record)).map(HistoryEntry.init)
        let firing = try #require(events.first { $0.kind == "timer" && $0.move == timer.name.text }, comment)
        #expect(firing.asOf == due.occurrence.moment, comment)
        if let move = timer.fires.flatMap({ file.move(named: $0.text) }) {
            #expect(events.last?.move == move.name.text, comment)
            #expect(events.last?.causedBy == firing.id, comment)
        }
        // Again: the row is gone or is another, so nothing happens.
        try await bed.engine.fire(due, now: due.occurrence.moment)
        #expect(try await bed.pool.query(HistoryEntry.of(machine, record)).count == events.count, comment)

        let other = try await armed(timer, in: state, of: file, bed)
        let elsewhere = file.states.map(\.name.text).first { name in !timer.states.contains { $0 == name } }
        guard let elsewhere else { return }
        try await bed.repair(machine, other, to: elsewhere, at: MatrixBed.start)
        #expect(try await row(timer, of: other, bed) == nil, comment)
    }

    @Test("that is not wanted any more is noted and does nothing", arguments: MatrixBed.machines)
    func onlyIf(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for timer in file.timers where !timer.onlyIf.isEmpty {
                let record = try await armed(timer, in: timer.states[0].text, of: file, bed)
                let due = try #require(try await row(timer, of: record, bed))
                try await bed.switches.with {
                    $0.falseGuards = [timer.onlyIf[0].text]
                } _: {
                    try await bed.engine.fire(due, now: due.occurrence.moment)
                }
                let events = try await bed.pool.query(HistoryEntry.of(machine, record)).map(HistoryEntry.init)
                #expect(events.last?.move == timer.name.text)
                let code = try #require(bed.files.vocabulary.guard(named: timer.onlyIf[0].text)?.code)
                #expect(events.last?.noted.text.contains(code) == true)
            }
        }
    }

    @Test("makes up for an outage as its file says", arguments: MatrixBed.machines)
    func missed(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for timer in file.timers {
                let comment: Comment = "\(machine).\(timer.name)"
                let record = try await armed(timer, in: timer.states[0].text, of: file, bed)
                let due = try #require(try await row(timer, of: record, bed), comment)
                let late = due.occurrence.moment.addingTimeInterval(100 * 86_400)
                try await bed.engine.fire(due, now: late)
                let events = try await bed.pool.query(HistoryEntry.of(machine, record)).map(HistoryEntry.init)
                let firing = try #require(events.first { $0.kind == "timer" && $0.move == timer.name.text }, comment)
                switch timer.ifMissed {
                case .skip: #expect(firing.noted.text.contains("missed"), comment)
                case .each: #expect(firing.asOf == due.occurrence.moment, comment)
                case .fire:
                    #expect(!firing.noted.text.contains("\"missed\""), comment)
                    // Once for all that were missed: the next one lies ahead, unless the move has set its fact anew.
                    if let next = try await row(timer, of: record, bed),
                        next.occurrence.countedFrom == due.occurrence.countedFrom
                    {
                        #expect(next.occurrence.moment > late, comment)
                    }
                }
            }
        }
    }

    /// A record in whose state the timer is armed, with every fact set.
    private func armed(_ timer: TimerRule, in state: String, of file: Machine, _ bed: MatrixBed) async throws -> UUID {
        let machine = file.name.text
        let record = try await bed.record(of: machine, in: state)
        // Facts that only moves set are set by hand, and the timers derived again, as after an edit.
        let facts = Dictionary(
            uniqueKeysWithValues: file.facts.map { fact -> (String, JSONValue) in
                let ahead = MatrixBed.start.addingTimeInterval(10 * 86_400)
                let day = MatrixBed.calendar.day(of: ahead).description
                return (fact.name.text, .string(fact.kind == .date ? day : "\(ahead.timeIntervalSince1970)"))
            })
        let table: SQL = "\(unsafeUnescaped: file.entity.text)"
        _ = try await bed.pool.query(
            "UPDATE \(table) SET facts = \(JSON(text: JSONValue.object(facts).json)) WHERE id = \(record)")
        let again = DueTimer(
            machine: machine, record: record,
            occurrence: TimerOccurrence(timer: "*", countedFrom: .distantPast, number: 1, moment: .distantPast))
        try await bed.engine.fire(again, now: MatrixBed.start)
        return record
    }

    private func row(_ timer: TimerRule, of record: UUID, _ bed: MatrixBed) async throws -> DueTimer? {
        try await bed.pool.query(
            """
            SELECT machine, record_id, timer, counted_from, occurrence, moment FROM workflow_timers
            WHERE record_id = \(record) AND timer = \(timer.name.text)
            """
        ).first.map(DueTimer.init)
    }
}
