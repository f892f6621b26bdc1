import Database
import Foundation
import Testing
import Workers
import Workflows

/// What is kept of a partner for speed (J-25, D-03).
@Suite struct FigureTests {
    /// An order as it is after its moves; when it was placed stands in its history.
    private func order(
        _ bed: LetterBed, _ cents: Int, refunded: Int = 0, status: String = "delivered", sample: Bool = false
    ) async throws -> UUID {
        let id = UUID.v7()
        try await bed.plant([
            """
            INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents,
                shipping_cents, total_cents, refunded_cents, payment_terms, placed_on, is_sample, status, status_seq,
                status_since)
            VALUES (\(id), \(id.uuidString), 'B2B', \(bed.partner), 'partner_user', \(cents), 0, 0, \(cents),
                \(refunded), 'NET30', '2030-03-15', \(sample), \(status), 2, \(bed.now))
            """
        ])
        _ = try await bed.event("order", id, seq: 1, "create")
        return id
    }

    @Test func `a partner's figures count what was delivered, less what was refunded`() async throws {
        try await LetterBed.with { bed in
            let last = try await order(bed, 10_001)
            _ = try await order(bed, 12_000, refunded: 2_000)
            _ = try await order(bed, 500, status: "shipped")
            _ = try await order(bed, 0, sample: true)
            for _ in 0..<2 {
                #expect(try await bed.doing("refresh_partner_figures", "order", last).ending == "finished: ")
                let row = try #require(
                    try await bed.owner.query(
                        """
                        SELECT lifetime_value_cents, total_orders, avg_order_value_cents, last_order_at FROM partners
                        WHERE id = \(bed.partner)
                        """
                    ).first)
                #expect(try row.value("lifetime_value_cents") == 20_001)
                #expect(try row.value("total_orders") == 2)
                // Halves go up.
                #expect(try row.value("avg_order_value_cents") == 10_001)
                #expect(try row.value("last_order_at", as: Date.self) == bed.now)
            }
        }
    }
}
