import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("commands that meet each other") struct RaceTests {
    @Test("the victim of a deadlock with somebody else's transaction is tried again, and the command is done once")
    func victim() async throws {
        let b = SketchBed.machine("b", ReactionTests.follower(refused: "fail"))
        try await SketchBed.with(SketchBed.machine("a"), b, connections: 4) { bed in
            let (a, b) = (try await bed.make(), try await bed.make("b"))
            try await bed.link(a, to: b)
            // Holds b, waits until the command waits for it, and then asks for a: a circle that the server breaks.
            async let rival: Void = bed.owner.transaction { session in
                _ = try session.pipeline([
                    "SET LOCAL deadlock_timeout = '30s'",
                    "SET LOCAL lock_timeout = '60s'",
                    "SELECT id FROM sketch_b WHERE id = \(b) FOR UPDATE",
                ])
                while true {
                    let rows = try session.query(
                        "SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
                    if try rows[0].value("waiting", as: Int.self) > 0 { break }
                }
                _ = try session.query("SELECT id FROM sketch_a WHERE id = \(a) FOR UPDATE")
            }
            let outcome = try await bed.perform("go", on: a)
            try await rival
            #expect(outcome.receipt?.result == .done)
            #expect(try await bed.number("SELECT count(*) FROM workflow_commands") == 3)
            #expect(try await bed.history(a).map(\.move) == ["create", "go"])
            #expect(try await bed.history(b, of: "b").map(\.move) == ["create", "go"])
        }
    }

    @Test("one record made by two commands at once is made by one, and another under another id makes nothing")
    func sameRecord() async throws {
        try await SketchBed.with(SketchBed.machine("a"), connections: 4) { bed in
            let record = UUID.v7()
            let id = UUID()
            let answers = try await withThrowingTaskGroup(of: Outcome.self) { group in
                for _ in 0..<8 { group.addTask { try await bed.perform("create", on: record, id: id) } }
                return try await group.reduce(into: Set<Outcome>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
            #expect(try await bed.history(record).count == 1)
            await #expect(throws: DatabaseError.self) { try await bed.perform("create", on: record) }
            #expect(try await bed.history(record).count == 1)
        }
    }
}
