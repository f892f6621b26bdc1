import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct OrderPlacingTests {
    @Test("an order is priced, numbered, and its stock set aside")
    func places() async throws {
        try await OrderBed.with { bed in
            let product = try await bed.product(1_000)
            let order = UUID()
            let outcome = try await bed.place(product, 40, order: order)
            #expect(outcome.receipt?.state == "pending")
            #expect(try await bed.text("SELECT order_number FROM orders WHERE id = \(order)") == "ORD-10001")
            #expect(try await bed.number("SELECT total_cents FROM orders WHERE id = \(order)") == 40_000)
            #expect(try await bed.text("SELECT payment_status FROM orders WHERE id = \(order)") == "pending")
            #expect(try await bed.allocated(product) == 40)
            #expect(try await bed.moved(product) == 40)
            #expect(try await bed.holds(order) == [])
        }
    }

    @Test("an order that cannot be filled is refused with its reason, and takes neither number nor stock")
    func refuses() async throws {
        try await OrderBed.with { bed in
            let cases = try await bed.product(1_000, minimum: 100, pack: 12)
            let dear = try await bed.product(1_000, cost: 950)
            let few = try await bed.product(1_000, stock: 5)
            let finance = Actor(kind: .partnerUser, id: bed.user, role: "partner_finance")
            #expect(try await bed.place(cases, 110).codes == ["illegal_quantity"])
            #expect(try await bed.place(dear, 1).codes == ["below_margin_floor"])
            #expect(try await bed.place(few, 6).codes == ["short_stock"])
            #expect(try await bed.place(few, 1, by: finance).codes == ["role"])
            #expect(try await bed.place(few, 1, with: ["lines": .array([])]).codes == ["order_has_lines"])
            #expect(try await bed.place(UUID(), 1).codes == ["unknown_product"])
            #expect(try await bed.place(few, 0).codes == ["input_invalid"])
            _ = try await bed.pool.query("DELETE FROM shipping_zones WHERE state = 'CA'")
            #expect(try await bed.place(few, 1).codes == ["no_shipping_rate"])
            #expect(try await bed.number("SELECT count(*) FROM orders") == 0)
            #expect(try await bed.number("SELECT next FROM number_series WHERE series = 'ORD'") == 10_001)
            #expect(try await bed.allocated(few) == 0)
        }
    }

    @Test("of fifty orders of 108 at once against 1,080 exactly ten succeed (R-10)")
    func concurrentStock() async throws {
        try await OrderBed.with(connections: 12, creditLimit: 900_000_000) { bed in
            let product = try await bed.product(100, stock: 1_080, minimum: 100, pack: 12)
            let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
                for _ in 0..<50 { group.addTask { try await bed.place(product, 108) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0.receipt != nil }.count == 10)
            #expect(outcomes.filter { $0.codes == ["short_stock"] }.count == 40)
            #expect(try await bed.allocated(product) == 1_080)
            #expect(try await bed.moved(product) == 1_080)
            // Refused orders leave no gap.
            #expect(try await bed.text("SELECT max(order_number) FROM orders") == "ORD-10010")
        }
    }

    @Test("of two orders of 3,000 at once with 4,200 of credit one is held (R-07)")
    func concurrentCredit() async throws {
        try await OrderBed.with(creditLimit: 420_000) { bed in
            let one = try await bed.product(300_000)
            let other = try await bed.product(300_000)
            async let first = bed.place(one, 1)
            async let second = bed.place(other, 1)
            _ = try await (first, second)
            #expect(try await bed.number("SELECT count(*) FROM orders") == 2)
            #expect(try await bed.number("SELECT count(*) FROM order_holds WHERE reason = 'credit_limit'") == 1)
        }
    }

    @Test("the tax of the state is charged unless the partner may resell there (R-05)")
    func tax() async throws {
        try await OrderBed.with { bed in
            let product = try await bed.product(10_000)
            _ = try await bed.pool.query(
                """
                INSERT INTO tax_rates (id, state, jurisdiction, tax_class, rate_bp, starts_on)
                VALUES (\(UUID()), 'CA', 'California', 'food', 725, '2020-01-01')
                """)
            let taxed = UUID()
            _ = try await bed.place(product, 1, order: taxed)
            #expect(try await bed.number("SELECT tax_cents FROM orders WHERE id = \(taxed)") == 725)
            #expect(try await bed.number("SELECT tax_cents FROM order_taxes WHERE order_id = \(taxed)") == 725)
            _ = try await bed.pool.query(
                """
                INSERT INTO resale_certificates (id, partner_id, state, number, valid_from, checked_by, checked_at)
                SELECT \(UUID()), \(bed.partner), 'CA', 'R-1', '2020-01-01', id, now() FROM admins
                """)
            let exempt = UUID()
            _ = try await bed.place(product, 1, order: exempt)
            #expect(try await bed.number("SELECT tax_cents FROM orders WHERE id = \(exempt)") == 0)
        }
    }

    @Test(
        "a backorder needs a partner that takes one; a crossing into low stock is counted; cancelling gives back (R-10, R-29)"
    )
    func backorder() async throws {
        try await OrderBed.with { bed in
            let product = try await bed.product(100, stock: 10, backorder: 5)
            #expect(try await bed.place(product, 12, with: ["allow_backorder": true]).codes == ["short_stock"])
            let order = UUID()
            #expect(try await bed.place(product, 10, order: order).receipt != nil)
            #expect(try await bed.number("SELECT low_stock_crossing FROM products WHERE id = \(product)") == 1)
            _ = try await bed.perform("cancel", on: order, ["reason": "mistake"])
            #expect(try await bed.allocated(product) == 0)
            #expect(try await bed.moved(product) == 0)
        }
    }

    @Test("a partner that takes backorders may order beyond the shelf, as far as the product allows (R-10)")
    func backorderIsTaken() async throws {
        try await OrderBed.with { bed in
            let product = try await bed.product(100, stock: 10, backorder: 5)
            _ = try await bed.pool.query("UPDATE partners SET backorder_allowed = true WHERE id = \(bed.partner)")
            #expect(try await bed.place(product, 12).codes == ["short_stock"])
            #expect(try await bed.place(product, 16, with: ["allow_backorder": true]).codes == ["short_stock"])
            let order = UUID()
            #expect(try await bed.place(product, 15, with: ["allow_backorder": true], order: order).receipt != nil)
            #expect(try await bed.allocated(product) == 15)
            #expect(try await bed.moved(product) == 15)
            #expect(try await bed.holds(order) == [])
        }
    }

    @Test("a later price never alters an order (D-13)")
    func frozenPrices() async throws {
        try await OrderBed.with { bed in
            let product = try await bed.product(1_000)
            let order = UUID()
            _ = try await bed.place(product, 3, order: order)
            _ = try await bed.pool.query(
                "UPDATE products SET msrp_cents = 2000, name = 'Dear Detox' WHERE id = \(product)")
            let line: SQL = "FROM order_items WHERE order_id = \(order)"
            #expect(try await bed.number("SELECT msrp_cents \(line)") == 1_000)
            #expect(try await bed.number("SELECT subtotal_cents \(line)") == 3_000)
            #expect(try await bed.text("SELECT description \(line)") == "Green Detox")
            #expect(try await bed.number("SELECT total_cents FROM orders WHERE id = \(order)") == 3_000)
        }
    }
}
