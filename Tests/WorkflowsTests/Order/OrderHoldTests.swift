import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct OrderHoldTests {
    @Test("room in the credit goes to the oldest held order first; a change of the lines looks again (R-06, R-07)")
    func credit() async throws {
        try await OrderBed.with(creditLimit: 420_000) { bed in
            let product = try await bed.product(1_000)
            let (first, exact, second, third) = (UUID(), UUID(), UUID(), UUID())
            _ = try await bed.place(product, 300, order: first)
            _ = try await bed.place(product, 120, order: exact)
            _ = try await bed.place(product, 200, order: second)
            _ = try await bed.place(product, 150, order: third)
            #expect(try await bed.holds(exact) == [])
            #expect(try await bed.holds(second) == ["credit_limit"])
            #expect(try await bed.holds(third) == ["credit_limit"])
            let confirm = try await bed.perform("confirm", on: second, ["estimated_delivery": "2026-03-09"])
            #expect(confirm.codes == ["over_credit_limit"])

            // 3,000.00 of room: the second takes 2,000.00, which leaves too little for the third.
            _ = try await bed.perform("cancel", on: first, ["reason": "mistake"])
            let system = Actor.system
            #expect(try await bed.perform("recheck_holds", on: third, by: system).receipt != nil)
            #expect(try await bed.holds(third) == ["credit_limit"])
            #expect(try await bed.perform("recheck_holds", on: second, by: system).receipt != nil)
            #expect(try await bed.holds(second) == [])
            #expect(try await bed.text("SELECT held_since FROM orders WHERE id = \(second)") == nil)
            #expect(try await bed.perform("recheck_holds", on: second, by: system).codes == ["order_is_held"])

            _ = try await bed.perform(
                "release_hold", on: third, ["hold": "credit_limit", "reason": "payment is on its way"])
            #expect(try await bed.holds(third) == [])
            #expect(try await bed.perform("confirm", on: third, ["estimated_delivery": "2026-03-09"]).receipt != nil)

            let revise = try await bed.perform("revise", on: second, ["lines": bed.lines(product, 201)])
            #expect(revise.receipt != nil)
            #expect(try await bed.holds(second) == ["credit_limit"])
            #expect(try await bed.number("SELECT total_cents FROM orders WHERE id = \(second)") == 201_000)
            #expect(try await bed.allocated(product) == 120 + 201 + 150)
            #expect(try await bed.moved(product) == 120 + 201 + 150)
        }
    }

    @Test("a prepaid order is invoiced at once, waits for its money, and gives stock back and ends when none comes")
    func prepaid() async throws {
        try await OrderBed.with(terms: "prepaid", creditLimit: 0) { bed in
            let product = try await bed.product(1_000)
            let (paid, unpaid) = (UUID(), UUID())
            _ = try await bed.place(product, 10, order: paid)
            _ = try await bed.place(product, 10, order: unpaid)
            #expect(try await bed.holds(paid) == ["prepaid_unpaid"])
            let day: [String: JSONValue] = ["estimated_delivery": "2026-03-09"]
            #expect(try await bed.perform("confirm", on: paid, day).codes == ["prepaid_unpaid"])
            let text = try await bed.text("SELECT id FROM invoices WHERE order_id = \(paid)")
            let invoice = try #require(text.flatMap(UUID.init(uuidString:)))
            let money: [String: JSONValue] = ["amount": 10_000, "received_on": "2026-03-02", "reference": "C-1"]
            _ = try await bed.perform("record_payment", on: invoice, machine: "invoice", money, by: InvoiceBed.gateway)
            #expect(try await bed.holds(paid) == [])
            #expect(try await bed.text("SELECT payment_status FROM orders WHERE id = \(paid)") == "paid")
            #expect(try await bed.perform("confirm", on: paid, day).receipt != nil)

            try await bed.fireDue(at: InvoiceBed.time("2026-03-05 10:00"))
            #expect(try await bed.holds(unpaid) == ["prepaid_unpaid", "stock"])
            #expect(try await bed.allocated(product) == 10)
            try await bed.fireDue(at: InvoiceBed.time("2026-03-09 10:00"))
            #expect(try await bed.text("SELECT status FROM orders WHERE id = \(unpaid)") == "cancelled")
            #expect(try await bed.moved(product) == 10)

            // Cancelled after it was paid: the money goes back in parts, not more than came.
            _ = try await bed.perform("withdraw", on: paid, by: bed.buyer)
            func refund(_ cents: Int64) async throws -> Outcome {
                try await bed.perform(
                    "refund", on: paid, machine: "order_payment", ["amount": .integer(cents), "reason": "cancelled"])
            }
            #expect(try await refund(10_001).codes == ["refund_not_above_paid"])
            #expect(try await refund(4_000).receipt?.state == "paid")
            #expect(try await refund(6_000).receipt?.state == "refunded")
            #expect(try await bed.number("SELECT refunded_cents FROM orders WHERE id = \(paid)") == 10_000)
            #expect(try await bed.number("SELECT sum(amount_cents) FROM refunds") == 10_000)
        }
    }

    @Test("a consumer's order has no invoice and is settled by payments that name it (D-48)")
    func consumer() async throws {
        try await OrderBed.with { bed in
            let product = try await bed.product(4_800, pack: 12)
            let (order, customer) = (UUID(), UUID())
            _ = try await bed.pool.query(
                """
                INSERT INTO customers (id, email, first_name, last_name, state)
                VALUES (\(customer), 'joe@example.com', 'Joe', 'Marsh', 'CA')
                """)
            let body: [String: JSONValue] = [
                "type": "D2C", "customer": .string(customer.uuidString), "lines": bed.lines(product, 1),
            ]
            #expect(try await bed.perform("create", on: order, body, by: bed.buyer).codes == ["input_invalid"])
            #expect(try await bed.perform("create", on: order, body).receipt?.state == "pending")
            #expect(try await bed.holds(order) == ["prepaid_unpaid"])
            let unpaid = try await bed.perform("settle", on: order, machine: "order_payment")
            #expect(unpaid.codes == ["order_is_paid_in_full"])
            try await bed.pool.transaction { session in
                _ = try session.pipeline([
                    "SET LOCAL ROLE drizzl_engine",
                    """
                    INSERT INTO payments (id, customer_id, order_id, amount_cents, state, recorded_by_kind, recorded_at)
                    VALUES (\(UUID()), \(customer), \(order), 4800, 'succeeded', 'admin', \(OrderBed.now))
                    """,
                ])
            }
            #expect(try await bed.perform("settle", on: order, machine: "order_payment").receipt?.state == "paid")
            #expect(try await bed.holds(order) == [])
            #expect(try await bed.perform("confirm", on: order, ["estimated_delivery": "2026-03-05"]).receipt != nil)
        }
    }

    @Test("a purchase over the buyer's budget waits for somebody else's approval (D-03)")
    func approval() async throws {
        try await OrderBed.with { bed in
            let product = try await bed.product(1_000)
            _ = try await bed.pool.transaction { session in
                try session.pipeline([
                    "SET LOCAL ROLE NONE",
                    """
                    UPDATE partner_users SET spend_limit_cents = 15000, spend_period = 'month' WHERE id = \(bed.user)
                    """,
                ])
            }
            let (within, over) = (UUID(), UUID())
            _ = try await bed.place(product, 10, order: within)
            _ = try await bed.place(product, 6, order: over)
            #expect(try await bed.holds(within) == [])
            #expect(try await bed.holds(over) == ["approval"])
            let codes = try await bed.perform("confirm", on: over, ["estimated_delivery": "2026-03-05"]).codes
            #expect(codes == ["approval_needed"])
            let own = Actor(kind: .partnerUser, id: bed.user, role: "partner_approver")
            #expect(try await bed.perform("approve_purchase", on: over, by: own).codes == ["not_by_creator"])
            let other = Actor(kind: .partnerUser, id: UUID(), role: "partner_approver")
            #expect(try await bed.perform("approve_purchase", on: over, by: other).receipt != nil)
            #expect(try await bed.holds(over) == [])
            #expect(
                try await bed.perform("approve_purchase", on: over, by: other).codes == ["purchase_waits_for_approval"])
        }
    }
}
