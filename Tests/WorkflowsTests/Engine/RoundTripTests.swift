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

    @Test("two, and one more for each level of what follows")
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

    @Test("what follows side by side is read once, unless one looks at what another wrote")
    func siblings() async throws {
        try await OrderBed.with(connections: 1, terms: "prepaid", creditLimit: 0) { bed in
            let product = try await bed.product(1_000)
            func trips(_ body: () async throws -> Outcome) async throws -> Int {
                let before = try await bed.pool.run { $0.roundTrips }
                let outcome = try await body()
                #expect(outcome.receipt != nil, "\(outcome)")
                return try await bed.pool.run { $0.roundTrips } - before
            }
            let (order, other) = (UUID(), UUID())
            // The payment that begins looks at the order that its invoice was just made for.
            #expect(try await trips { try await bed.place(product, 10, order: order) } == 4)
            _ = try await bed.place(product, 10, order: other)
            // The invoice is void; whether money has to be refunded is not asked of invoices, so it was known before.
            #expect(try await trips { try await bed.perform("cancel", on: order, ["reason": "mistake"]) } == 3)
            #expect(try await bed.text("SELECT status FROM invoices WHERE order_id = \(order)") == "cancelled")
            // Two levels follow: the order's payment is settled, so the order is held no more; and whether it was cancelled
            // before the money came is looked at after that.
            let invoice = try await bed.text("SELECT id FROM invoices WHERE order_id = \(other)")
            let paid: [String: JSONValue] = ["amount": 10_000, "received_on": "2026-03-02", "reference": "C-1"]
            let record = try #require(invoice.flatMap(UUID.init(uuidString:)))
            #expect(
                try await trips {
                    try await bed.perform(
                        "record_payment", on: record, machine: "invoice", paid, by: InvoiceBed.gateway)
                } == 5)
        }
    }
}
