import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("what follows from a move in transactions of its own") struct LaterReactionTests {
    private func file(_ refused: String, do move: String = "go", when: String = "a does go") -> String {
        SketchBed.machine(
            "b", ReactionTests.follower(when, do: move, refused: refused, "    run: later"))
    }

    @Test("is a job of its cause, and is done once though it runs twice, in the finder's order")
    func once() async throws {
        try await SketchBed.with(SketchBed.machine("a"), file("note")) { bed in
            let (a, second, first) = (try await bed.make(), try await bed.make("b"), try await bed.make("b"))
            for b in [first, second] { try await bed.link(a, to: b) }
            let receipt = try #require(try await bed.perform("go", on: a).receipt)
            #expect(receipt.caused.isEmpty)
            #expect(bed.wakes.count == 1)
            let later = try await bed.later()
            #expect(later.map(\.event) == receipt.events)
            for _ in 0..<2 { try await bed.engine.run(later[0], now: SketchBed.start) }
            for b in [first, second] {
                #expect(try await bed.history(b, of: "b").map(\.move) == ["create", "go"])
                #expect(try await bed.history(b, of: "b").last?.causedBy == receipt.events.first)
            }
            let at = try await [bed.history(first, of: "b"), bed.history(second, of: "b")].compactMap(\.last?.at)
            #expect(at[0] < at[1])
        }
    }

    @Test("a refusal of one record does not keep the others waiting", arguments: ["note", "park", "fail"])
    func refused(_ refused: String) async throws {
        try await SketchBed.with(SketchBed.machine("a"), file(refused)) { bed in
            let (a, bad) = (try await bed.make(), try await bed.make("b", ["not_ready": true]))
            let good = try await bed.make("b")
            for b in [bad, good] { try await bed.link(a, to: b) }
            let event = try await bed.perform("go", on: a).receipt?.events.first
            let later = try #require(try await bed.later().first)
            if refused == "fail" {
                await #expect(throws: Refusal.self) { try await bed.engine.run(later, now: SketchBed.start) }
            } else {
                try await bed.engine.run(later, now: SketchBed.start)
            }
            #expect(try await bed.state(bad, of: "b") == "open")
            #expect(try await bed.state(good, of: "b") == "busy")
            #expect(try await bed.number("SELECT count(*) FROM workflow_refusals WHERE record_id = \(bad)") == 1)
            let tasks = try await bed.pool.query("SELECT record_id, opened_by FROM workflow_attention")
            #expect(try tasks.map { try $0.value("record_id", as: UUID.self) } == (refused == "park" ? [bad] : []))
            #expect(try tasks.allSatisfy { try $0.value("opened_by", as: UUID.self) == event })
        }
    }

    @Test("a correction that follows later carries its cause's reason")
    func reason() async throws {
        try await SketchBed.with(SketchBed.machine("a"), file("fail", do: "undo", when: "a does undo")) { bed in
            let (a, b) = (try await bed.make(), try await bed.make("b"))
            try await bed.perform("drop", on: a)
            try await bed.perform("drop", of: "b", on: b)
            try await bed.link(a, to: b)
            try await bed.perform("undo", on: a, ["reason": "a typo"])
            try await bed.engine.run(#require(try await bed.later().first), now: SketchBed.start)
            #expect(try await bed.history(b, of: "b").last?.reason == "a typo")
        }
    }
}
