import Database
import Foundation
import StateMachines
import TestSupport
import Testing
import Workflows

@Suite("a new version of a file") struct VersionTests {
    /// `open` is now called `waiting`, and the reminder `nudge`.
    static let second = SketchBed.machine(
        "a", version: 2,
        TimerTests.reminder + "\n" + """
            was: { states: { open: waiting }, timers: { remind: nudge } }
            """
    )
    .replacing("open: Open", with: "waiting: Waiting").replacing("initial: open", with: "initial: waiting")
    .replacing("[open", with: "[waiting").replacing("  remind:", with: "  nudge:")

    private func started(_ file: String, _ bed: SketchBed) async throws -> Engine {
        try await SketchBed.start(SketchBed.files([file]), on: bed.pool)
    }

    @Test("renamed states are rewritten in batches, each record with an event, and moves go on from there")
    func renamed() async throws {
        try await SketchBed.with(SketchBed.machine("a", TimerTests.reminder)) { bed in
            let (a, dropped) = (try await bed.make("a", ["due": "2026-03-09"]), try await bed.make())
            try await bed.perform("drop", on: dropped)
            try await copy(a, times: 600, in: bed)
            let engine = try await started(Self.second, bed)
            #expect(try await bed.number("SELECT count(*) FROM sketch_a WHERE state = 'open'") == 0)
            #expect(try await bed.number("SELECT count(*) FROM workflow_events WHERE kind = 'migration'") == 601)
            #expect(
                try await bed.number(
                    "SELECT count(DISTINCT command_id) FROM workflow_events WHERE kind = 'migration'") == 2)
            let last = try #require(try await bed.history(a).last)
            #expect((last.from, last.to, last.seq) == ("open", "waiting", 2))
            // What is undone leads to the state by its new name.
            func perform(_ move: String, on record: UUID) async throws -> Outcome {
                try await engine.perform(
                    Command(
                        id: UUID(), machine: "a", record: record, move: move, inputs: ["reason": "so"],
                        actor: SketchBed.admin),
                    now: SketchBed.start)
            }
            #expect(try await perform("undo", on: dropped).receipt?.state == "waiting")
            #expect(try await perform("drop", on: a).receipt?.state == "dropped")
            #expect(try await perform("undo", on: a).receipt?.state == "waiting")
            // Started again, it has nothing to do.
            let written = try await bed.written()
            _ = try await started(Self.second, bed)
            #expect(try await bed.written() == written)
        }
    }

    private func copy(_ record: UUID, times: Int, in bed: SketchBed) async throws {
        try await bed.owner.transaction { session in
            _ = try session.pipeline([
                "SET LOCAL session_replication_role = replica",
                """
                INSERT INTO sketch_a (id, state, state_seq, state_since, facts)
                SELECT gen_random_uuid(), state, state_seq, state_since, facts - 'due'
                FROM sketch_a, generate_series(1, \(times)::integer) WHERE id = \(record)
                """,
            ])
        }
    }

    @Test("a renamed timer that has fired does not fire again; one that has not is armed under its new name")
    func timers() async throws {
        try await SketchBed.with(SketchBed.machine("a", TimerTests.reminder)) { bed in
            let (fired, armed) = (
                try await bed.make("a", ["due": "2026-03-02"]), try await bed.make("a", ["due": "2026-03-09"])
            )
            let later = InvoiceBed.time("2026-03-05 00:00")
            try await bed.fireDue(at: later)
            let engine = try await started(Self.second, bed)
            try await bed.fireDue(at: later, engine)
            #expect(try await bed.armed(fired).isEmpty)
            #expect(try await bed.armed(armed) == ["nudge": InvoiceBed.time("2026-03-12 00:00")])
        }
    }

    @Test("new timers are armed for live records, those that are gone are taken away")
    func newTimers() async throws {
        let other = TimerTests.reminder.replacing("  remind:", with: "  watch:")
        try await SketchBed.with(SketchBed.machine("a", TimerTests.reminder)) { bed in
            let (a, done) = (
                try await bed.make("a", ["due": "2026-03-09"]), try await bed.make("a", ["due": "2026-03-09"])
            )
            try await bed.perform("drop", on: done)
            let engine = try await started(SketchBed.machine("a", version: 2, other), bed)
            try await bed.fireDue(at: SketchBed.start, engine)
            #expect(try await bed.armed(a).keys.sorted() == ["watch"])
            #expect(try await bed.armed(done).isEmpty)
        }
    }

    @Test("beside a newer version an older one leaves alone what it does not know")
    func sideBySide() async throws {
        let more = TimerTests.reminder + "\n" + TimerTests.reminder.replacing("timers:\n  remind:", with: "  watch:")
        try await SketchBed.with(SketchBed.machine("a", TimerTests.reminder)) { bed in
            let a = try await bed.make("a", ["due": "2026-03-09"])
            let newer = try await started(SketchBed.machine("a", version: 2, more), bed)
            // The order to derive the new timers is the newer version's alone.
            try await bed.fireDue(at: SketchBed.start)
            #expect(try await bed.armed(a).count == 2)
            try await bed.fireDue(at: SketchBed.start, newer)
            #expect(try await bed.armed(a).keys.sorted() == ["remind", "watch"])
            // A move by the older one keeps the newer one's timer; its scheduler does not touch it.
            try await bed.perform("go", on: a)
            try await bed.fireDue(at: InvoiceBed.time("2026-03-12 00:00"))
            #expect(try await bed.armed(a).keys.sorted() == ["watch"])
            try await bed.fireDue(at: InvoiceBed.time("2026-03-12 00:00"), newer)
            #expect(try await bed.history(a).map(\.move) == ["create", "go", "remind", "watch"])
        }
    }

    @Test("a record in a state that only another version knows is left to it")
    func unknownState() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make()
            _ = try await started(Self.second, bed)
            let written = try await bed.written()
            let error = await #expect(throws: EngineError.self) { try await bed.perform("go", on: a) }
            guard case .otherVersion(machine: "a", state: "waiting")? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try await bed.written() == written)
        }
    }

    @Test("the program does not start while live records are in a state that no file knows: machine, state and count")
    func refusesToStart() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            for _ in 0..<3 { _ = try await bed.make() }
            let file = Self.second.replacing("states: { open: waiting }, ", with: "")
            let written = try await bed.written()
            let error = await #expect(throws: EngineError.self) { _ = try await started(file, bed) }
            let text = error?.description ?? ""
            for part in ["a: 3 records", "open"] { #expect(text.contains(part), "\(text)") }
            #expect(try await bed.written() == written)
        }
    }
}
