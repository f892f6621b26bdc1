import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("what operators and many records at once can do") struct OperatorTests {
    static let daily = """
        timers:
          remind:
            title: Reminder
            while: [open]
            when: due
            repeat: { every: 1 days, at_most: 3 }
            if_missed: each
            opens: [look]
        """

    private func command(
        _ record: UUID, _ inputs: [String: JSONValue], by actor: Actor = SketchBed.admin, id: UUID = UUID()
    ) -> Command {
        Command(id: id, machine: "a", record: record, move: "", inputs: inputs, actor: actor)
    }

    @Test("one firing of a timer is called off, with a reason, by who may change the record; the next one stays")
    func callOff() async throws {
        try await SketchBed.with(SketchBed.machine("a", Self.daily)) { bed in
            let a = try await bed.make("a", ["due": "2026-03-03"])
            let (engine, now) = (bed.engine, SketchBed.start)
            let stranger = Actor(kind: .admin, id: UUID(), role: "admin", permissions: ["orders.manage"])
            let rep = Actor(kind: .salesRep, id: UUID(), role: "rep", permissions: ["sketch.manage"])
            let why: [String: JSONValue] = ["reason": "they called"]
            for actor in [stranger, rep] {
                #expect(
                    try await engine.callOff(timer: "remind", command(a, why, by: actor), now: now).codes == [
                        "permission"
                    ])
            }
            #expect(try await engine.callOff(timer: "remind", command(a, [:]), now: now).codes == ["input_missing"])
            #expect(
                try await engine.callOff(timer: "remind", command(a, ["reason": "  "]), now: now).codes == [
                    "input_invalid"
                ])
            #expect(try await engine.callOff(timer: "nap", command(a, why), now: now).codes == ["not_armed"])
            #expect(try await bed.number("SELECT count(*) FROM workflow_refusals") == 5)
            let id = UUID()
            for _ in 0..<2 {
                let receipt = try await engine.callOff(timer: "remind", command(a, why, id: id), now: now).receipt
                #expect(receipt?.next.map(\.at) == [InvoiceBed.time("2026-03-04 00:00")])
            }
            #expect(
                try await engine.callOff(timer: "nap", command(a, why, id: id), now: now).codes == ["command_reused"])
            let last = try #require(try await bed.history(a).last)
            #expect((last.kind, last.move, last.reason) == ("timer_cancelled", "remind", "they called"))
            try await bed.fireDue(at: InvoiceBed.time("2026-03-04 00:00"))
            #expect(
                try await bed.history(a).filter { $0.kind == "timer" }.map(\.asOf) == [
                    InvoiceBed.time("2026-03-04 00:00")
                ])
        }
    }

    @Test("a repair takes a reason and a second person; no jobs, nothing follows, timers are derived again")
    func repair() async throws {
        let b = SketchBed.machine("b", ReactionTests.follower("a enters busy"))
        let a = SketchBed.machine("a", Self.daily.replacing("while: [open]", with: "while: [busy]"))
        try await SketchBed.with(a, b) { bed in
            let (a, b) = (try await bed.make("a", ["due": "2026-03-03"]), try await bed.make("b"))
            try await bed.link(a, to: b)
            let now = SketchBed.start
            func repair(_ inputs: [String: JSONValue], to state: String = "busy") async throws -> Outcome {
                try await bed.engine.repair(to: state, command(a, inputs), now: now)
            }
            let written = try await bed.written()
            #expect(try await repair(["reason": "lost"]).codes == ["input_missing"])
            #expect(try await repair(["second": "Olivia"]).codes == ["input_missing"])
            #expect(try await repair(["reason": "lost", "second": "Olivia"], to: "gone").codes == ["unknown_state"])
            #expect(try await bed.written() == written)
            let receipt = try #require(try await repair(["reason": "lost", "second": "Olivia"]).receipt)
            #expect(receipt.state == "busy")
            #expect(receipt.jobs.isEmpty && receipt.caused.isEmpty)
            #expect(receipt.next.map(\.timer) == ["remind"])
            #expect(try await bed.history(a).map(\.kind) == ["create", "repair"])
            #expect(try await bed.state(b, of: "b") == "open")
            // Out of a final state too, and back into one, where nothing is armed.
            _ = try await repair(["reason": "lost", "second": "Olivia"], to: "done")
            #expect(try await bed.armed(a).isEmpty)
        }
    }

    @Test("a task is closed by hand, with a note, once")
    func close() async throws {
        try await SketchBed.with(SketchBed.machine("a", Self.daily)) { bed in
            let a = try await bed.make("a", ["due": "2026-03-03"])
            let now = InvoiceBed.time("2026-03-03 00:00")
            try await bed.fireDue(at: now)
            func close(_ note: String) async throws -> Bool {
                try await bed.engine.close(task: "look", of: "a", record: a, note: note, now: now)
            }
            await #expect(throws: Refusal.self) { try await close(" ") }
            #expect(try await bed.explain(a).tasks.map(\.task) == ["look"])
            #expect(try await close("I did"))
            #expect(try await close("I did") == false)
            #expect(try await bed.explain(a).tasks.isEmpty)
        }
    }

    @Test("a bulk is a command for each record, shown before, resumable, and at most five hundred")
    func bulk() async throws {
        try await SketchBed.with(SketchBed.machine("a"), SketchBed.machine("b", ReactionTests.follower())) { bed in
            var records: [UUID] = []
            for facts: [String: JSONValue] in [[:], ["not_ready": true], [:]] {
                records.append(try await bed.make("a", facts))
            }
            let b = try await bed.make("b")
            try await bed.link(records[0], to: b)
            func bulk(_ records: [UUID], id: UUID, dryRun: Bool = false) -> BulkCommand {
                BulkCommand(
                    id: id, machine: "a", records: records, move: "go", actor: SketchBed.admin, isDryRun: dryRun)
            }
            let id = UUID.v7()
            let written = try await bed.written()
            let shown = try await bed.engine.perform(bulk(records, id: id, dryRun: true), now: SketchBed.start)
            #expect(shown.map(\.outcome.codes) == [[], ["ready"], []])
            #expect(try await bed.written() == written)
            // Cut off after the first, sent again: goes on where it stopped.
            let first = try await bed.engine.perform(bulk([records[0]], id: id), now: SketchBed.start)
            let all = try await bed.engine.perform(bulk(records + [records[0]], id: id), now: SketchBed.start)
            #expect(all.map(\.record) == records)
            #expect(all[0].outcome == first[0].outcome)
            #expect(all.map(\.outcome.codes) == [[], ["ready"], []])
            #expect(try await bed.number("SELECT count(*) FROM workflow_events WHERE bulk_id = \(id)") == 3)
            #expect(try await bed.history(b, of: "b").map(\.move) == ["create", "go"])
            let many = (0...BulkCommand.most).map { _ in UUID() }
            let refusal = await #expect(throws: Refusal.self) {
                try await bed.engine.perform(bulk(many, id: UUID()), now: SketchBed.start)
            }
            #expect(refusal?.codes == ["too_many"])
        }
    }

    @Test("many records are explained in one round trip, as each by itself")
    func explain() async throws {
        try await SketchBed.with(SketchBed.machine("a", Self.daily), connections: 1) { bed in
            var records: [UUID] = []
            for number in 0..<40 {
                let facts: [String: JSONValue] = number.isMultiple(of: 3) ? ["not_ready": true] : ["due": "2026-03-03"]
                records.append(try await bed.make("a", facts))
                if number.isMultiple(of: 5) { try await bed.perform("drop", on: records[number]) }
            }
            try await bed.fireDue(at: InvoiceBed.time("2026-03-03 00:00"))
            let (before, now) = (try await bed.pool.run { $0.roundTrips }, SketchBed.start)
            let all = try await bed.engine.explain(
                machine: "a", records: records + [UUID()], actor: SketchBed.admin, now: now)
            #expect(try await bed.pool.run { $0.roundTrips } - before == 1)
            #expect(all.count == records.count)
            for record in records {
                let one = try await bed.explain(record)
                let same = try #require(all[record])
                #expect(same.standing == one.standing)
                #expect(same.next == one.next)
                #expect(same.tasks == one.tasks)
                #expect(same.moves.map(\.blockedBy) == one.moves.map(\.blockedBy))
            }
        }
    }

    @Test("who may not make a move is told who may, and nothing else about the record")
    func stranger() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make("a", ["not_ready": true])
            let rep = Actor(kind: .salesRep, id: UUID(), role: "rep")
            let go = try #require(try await bed.explain(a, by: rep).moves.first { $0.move.name == "go" })
            #expect(go.blockedBy.map(\.code) == ["role", "ready"])
            #expect(go.told.map(\.code) == ["role"])
            #expect(go.told.first?.message.contains("An admin") == true)
            let own = try #require(try await bed.explain(a).moves.first { $0.move.name == "go" })
            #expect(own.told.map(\.code) == ["ready"])
        }
    }
}
