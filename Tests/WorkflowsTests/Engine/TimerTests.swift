import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("what happens by itself") struct TimerTests {
    static let reminder = """
        timers:
          remind:
            title: Reminder
            while: [open, busy]
            when: 3 days after due
            if_missed: fire
            jobs:
              - send_email: { template: reminder, to: them }
        """

    private func timer(_ lines: String, states: String = "open") -> String {
        "timers:\n  remind:\n    title: Reminder\n    while: [\(states)]\n"
            + lines.split(separator: ";").map { "    " + $0.trimmingCharacters(in: .whitespaces) + "\n" }.joined()
    }

    @Test("it is armed anew when its date changes, in a move or by an edit outside of one")
    func rearm() async throws {
        try await SketchBed.with(SketchBed.machine("a", Self.reminder)) { bed in
            let a = try await bed.make("a", ["due": "2026-03-09"])
            #expect(try await bed.armed(a) == ["remind": InvoiceBed.time("2026-03-12 00:00")])
            try await bed.perform("plan", on: a, ["due": "2026-03-16"])
            #expect(try await bed.armed(a)["remind"] == InvoiceBed.time("2026-03-19 00:00"))
            try await bed.edit(a, ["due": "2026-03-23"])
            #expect(try await bed.armed(a)["*"] != nil)
            // People see the timer, not the note to derive it again.
            #expect(try await bed.explain(a).next.map(\.timer) == ["remind"])
            try await bed.fireDue(at: SketchBed.start)
            #expect(try await bed.armed(a) == ["remind": InvoiceBed.time("2026-03-26 00:00")])
            #expect(try await bed.history(a).map(\.move) == ["create", "plan"])
            try await bed.edit(a, ["due": .null])
            try await bed.fireDue(at: SketchBed.start)
            #expect(try await bed.armed(a).isEmpty)
        }
    }

    @Test("at firing it is compared with the facts once more")
    func compared() async throws {
        try await SketchBed.with(SketchBed.machine("a", Self.reminder)) { bed in
            let a = try await bed.make("a", ["due": "2026-03-09"])
            let row = try #require(try await bed.pool.query(bed.engine.due(at: .distantFuture, limit: 1)).first)
            let due = try DueTimer(row)
            try await bed.edit(a, ["due": "2026-03-23"])
            _ = try await bed.owner.query("DELETE FROM workflow_timers WHERE timer = '*'")
            try await bed.engine.fire(due, now: InvoiceBed.time("2026-03-12 00:00"))
            #expect(try await bed.history(a).map(\.move) == ["create"])
            #expect(try await bed.armed(a) == ["remind": InvoiceBed.time("2026-03-26 00:00")])
        }
    }

    @Test("an occurrence that has fired for a date never fires for it again, though the state is left and entered anew")
    func once() async throws {
        try await SketchBed.with(SketchBed.machine("a", Self.reminder)) { bed in
            let a = try await bed.make("a", ["due": "2026-03-02"])
            try await bed.fireDue(at: InvoiceBed.time("2026-03-05 00:00"))
            try await bed.perform("drop", on: a)
            try await bed.perform("undo", on: a, ["reason": "not yet"], at: SketchBed.start)
            #expect(try await bed.armed(a).isEmpty)
            #expect(try await bed.history(a).map(\.move) == ["create", "remind", "drop", "undo"])
        }
    }

    @Test("a move whose consequence must not be refused is noted and not made")
    func refusedConsequence() async throws {
        let a = SketchBed.machine(
            "a", timer("when: 1 days after due; if_missed: fire; fires: go; if_refused: park"))
        let b = SketchBed.machine("b", ReactionTests.follower(refused: "fail"))
        try await SketchBed.with(a, b) { bed in
            let a = try await bed.make("a", ["due": "2026-03-03"])
            let b = try await bed.make("b", ["not_willing": true])
            try await bed.link(a, to: b)
            try await bed.fireDue(at: InvoiceBed.time("2026-03-04 00:00"))
            #expect(try await bed.state(a) == "open")
            #expect(try await bed.armed(a).isEmpty)
            let last = try #require(try await bed.history(a).last)
            #expect(last.kind == "timer")
            #expect(last.noted.text.contains("unwilling"))
            #expect(try await bed.history(b, of: "b").count == 1)
            // Parked: somebody is told which move was refused, and why.
            let task = try await bed.pool.query("SELECT record_id, because::text AS because FROM workflow_attention")
                .first
            #expect(try task?.value("record_id") == a)
            #expect(try task?.value("because", as: String.self).contains("unwilling") == true)
        }
    }

    @Test("a moment before the state was entered is not made up for, unless the file says so")
    func late() async throws {
        let never = SketchBed.machine("a", timer("when: 5 days before due; if_missed: fire; opens: [look_at_it]"))
        let now = SketchBed.machine(
            "b", timer("when: 5 days before due; if_missed: fire; if_late: now; opens: [look_at_it]"))
        try await SketchBed.with(never, now) { bed in
            let a = try await bed.make("a", ["due": "2026-03-04"])
            let b = try await bed.make("b", ["due": "2026-03-04"])
            #expect(try await bed.armed(a).isEmpty)
            #expect(try await bed.armed(b) == ["remind": SketchBed.start])
            try await bed.fireDue(at: SketchBed.start)
            #expect(try await bed.explain(b, of: "b").tasks.map(\.task) == ["look_at_it"])
            // A timer's task ends when its states are left.
            try await bed.perform("go", of: "b", on: b)
            #expect(try await bed.explain(b, of: "b").tasks.isEmpty)
        }
    }

    @Test("business days pass over a weekend and a holiday")
    func businessDays() async throws {
        let file = SketchBed.machine(
            "a", timer("when: 3 business days after due; at: 9am; if_missed: fire; opens: [look]"))
        let holiday = try #require(CalendarDay("2026-03-09"))
        try await SketchBed.with(file, holidays: [holiday]) { bed in
            // Thursday: Friday, then Tuesday and Wednesday, for Monday is the holiday.
            let a = try await bed.make("a", ["due": "2026-03-05"])
            #expect(try await bed.armed(a)["remind"] == InvoiceBed.time("2026-03-11 09:00"))
        }
    }

    @Test(
        "9am stays 9am when the clocks change, twice a year",
        arguments: [
            ("2026-03-07", "2026-03-07T17:00:00Z", "2026-03-08T16:00:00Z"),
            ("2026-10-31", "2026-10-31T16:00:00Z", "2026-11-01T17:00:00Z"),
        ])
    func daylight(_ due: String, _ first: String, _ second: String) async throws {
        let file = SketchBed.machine(
            "a", timer("when: due; at: 9am; repeat: { every: 1 days, at_most: 3 }; if_missed: each; opens: [look]"))
        try await SketchBed.with(file) { bed in
            let a = try await bed.make("a", ["due": .string(due)])
            let moments = try [first, second].map { try Date($0, strategy: .iso8601) }
            for moment in moments {
                #expect(try await bed.armed(a)["remind"] == moment)
                try await bed.fireDue(at: moment)
            }
            #expect(try await bed.history(a).filter { $0.kind == "timer" }.map(\.asOf) == moments)
        }
    }

    @Test("after an outage each timer is made up for as its file says", arguments: ["fire", "each", "skip"])
    func outage(_ missed: String) async throws {
        let lines = "when: due; repeat: { every: 1 days, at_most: 5 }; if_missed: \(missed); fires: count"
        let move = "  count: { title: Count, from: [open], to: same, who: [system], apply: [count] }"
        try await SketchBed.with(SketchBed.machine("a", moves: move, timer(lines))) { bed in
            let a = try await bed.make("a", ["due": "2026-03-03"])
            // Down on the 3rd, 4th and 5th.
            try await bed.fireDue(at: InvoiceBed.time("2026-03-05 12:00"))
            let firings = try await bed.history(a).filter { $0.kind == "timer" }.map(\.asOf)
            let days = ["2026-03-03 00:00", "2026-03-04 00:00", "2026-03-05 00:00"].map(InvoiceBed.time)
            #expect(firings == (missed == "each" ? days : [days[2]]))
            #expect(try await bed.fact("count", a) == ["fire": "1", "each": "3"][missed])
            if missed == "skip" { #expect(try await bed.history(a).last?.noted.text.contains("missed") == true) }
            #expect(try await bed.armed(a)["remind"] == InvoiceBed.time("2026-03-06 00:00"))
        }
    }

    @Test("many that fire one timer at once fire it once")
    func race() async throws {
        try await SketchBed.with(SketchBed.machine("a", Self.reminder), connections: 8) { bed in
            let a = try await bed.make("a", ["due": "2026-03-02"])
            let row = try #require(try await bed.pool.query(bed.engine.due(at: .distantFuture, limit: 1)).first)
            let due = try DueTimer(row)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await bed.engine.fire(due, now: InvoiceBed.time("2026-03-05 00:00")) }
                }
                try await group.waitForAll()
            }
            #expect(try await bed.history(a).map(\.move) == ["create", "remind"])
            #expect(try await bed.number("SELECT count(*) FROM queue.jobs") == 1)
        }
    }
}
