import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("how often a move goes to the database") struct RoundTripTests {
    private func trips(_ bed: SketchBed, _ body: () async throws -> Void) async throws -> Int {
        let before = try await bed.pool.run { $0.roundTrips }
        try await body()
        return try await bed.pool.run { $0.roundTrips } - before
    }

    @Test("two, and one more for each level of what follows, however many records a level has")
    func levels() async throws {
        let (b, c) = (
            SketchBed.machine("b", ReactionTests.follower()),
            SketchBed.machine("c", ReactionTests.follower("b does go"))
        )
        try await SketchBed.with(SketchBed.machine("a"), b, c, connections: 1) { bed in
            let lonely = try await bed.make()
            // Nothing is found, but it had to be looked.
            #expect(try await trips(bed) { try await bed.perform("go", on: lonely) } == 3)
            #expect(try await trips(bed) { try await bed.perform("drop", on: lonely) } == 2)
            let (a, b, c) = (try await bed.make(), try await bed.make("b"), try await bed.make("c"))
            try await bed.link(a, to: b)
            try await bed.link(b, to: c, of: "c")
            #expect(try await trips(bed) { try await bed.perform("go", on: a) } == 4)
        }
    }

    @Test("a NET order takes three to place; what it costs to cancel does not grow with what is found")
    func orders() async throws {
        try await OrderBed.with(connections: 1) { bed in
            let product = try await bed.product(1_000)
            let order = UUID()
            let before = try await bed.pool.run { $0.roundTrips }
            _ = try await bed.place(product, 10, order: order)
            let placed = try await bed.pool.run { $0.roundTrips }
            #expect(placed - before == 3)
            _ = try await bed.perform("cancel", on: order, ["reason": "mistake"])
            let cancelled = try await bed.pool.run { $0.roundTrips }
            #expect(cancelled - placed == 3)
        }
    }
}
