import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("What is offered, on a real database")
struct OfferStoryTests {
    private let now = "2026-03-02 10:00"

    /// A price list with one break of the product.
    private func list(_ bed: SalesBed, _ units: Int, _ cents: Int, until: String? = nil) async throws {
        let id = UUID.v7()
        _ = try await bed.pool.query(
            """
            INSERT INTO price_lists (id, name, starts_on, ends_on)
            VALUES (\(id), 'Volume', '2026-01-01', \(until.flatMap { CalendarDay($0) }))
            """)
        _ = try await bed.pool.query(
            """
            INSERT INTO price_list_items (id, price_list_id, product_id, unit_price_cents, min_quantity)
            VALUES (gen_random_uuid(), \(id), \(bed.product), \(cents), \(units))
            """)
    }

    private func breaks(_ bed: SalesBed, of proposal: UUID) async throws -> String? {
        try await bed.pool.query(
            "SELECT quantity_breaks::text AS text FROM proposal_items WHERE proposal_id = \(proposal)"
        ).first?.optional("text")
    }

    @Test("the quantity breaks that were sent stay what they were, whatever becomes of the price lists (S-54)")
    func frozenBreaks() async throws {
        try await SalesBed.with { bed in
            let lead = try await bed.lead()
            _ = try await bed.perform("lead.qualify", on: lead, at: now)
            // Valid until the day on which it is sent, in the evening: that is the next day in UTC.
            try await list(bed, 500, 499, until: "2026-03-02")
            let first = try await bed.proposal(lead, at: now)
            #expect(try await breaks(bed, of: first) == nil)
            _ = try await bed.perform(
                "proposal.send", on: first, ["valid_until": "2026-03-20"], at: "2026-03-02 20:00")
            let sent = #"[{"min_quantity": 500, "unit_price_cents": 499}]"#
            #expect(try await breaks(bed, of: first) == sent)
            try await list(bed, 300, 550)
            _ = try await bed.perform(
                "proposal.accept", on: first, ["signed_name": "Jo"], by: SalesBed.contact, at: "2026-03-03 09:00")
            #expect(try await breaks(bed, of: first) == sent)
        }
    }

    @Test("a proposal without a break is sent without one")
    func noBreaks() async throws {
        try await SalesBed.with { bed in
            let lead = try await bed.lead()
            _ = try await bed.perform("lead.qualify", on: lead, at: now)
            let proposal = try await bed.proposal(lead, at: now)
            _ = try await bed.perform("proposal.send", on: proposal, ["valid_until": "2026-03-20"], at: now)
            #expect(try await breaks(bed, of: proposal) == "[]")
        }
    }

    @Test("the smallest margin is a setting, which proposals obey at once (R-03)")
    func margin() async throws {
        try await SalesBed.with { bed in
            let lead = try await bed.lead()
            _ = try await bed.perform("lead.qualify", on: lead, at: now)
            let proposal = try await bed.proposal(lead, at: now)
            // Starter: 5.99 for what costs 3.00.
            _ = try await bed.pool.query("UPDATE settings SET value = '10000' WHERE key = 'price.min_margin_bp'")
            let until: [String: JSONValue] = ["valid_until": "2026-03-20"]
            #expect(
                try await bed.perform("proposal.send", on: proposal, until, at: now).codes == ["below_margin_floor"])
            _ = try await bed.pool.query("UPDATE settings SET value = '9900' WHERE key = 'price.min_margin_bp'")
            #expect(try await bed.perform("proposal.send", on: proposal, until, at: now).receipt != nil)
        }
    }

    @Test("each stage of a lead and of a deal has the probability of the table, beside a manual one (R-31)")
    func probabilities() async throws {
        try await SalesBed.with { bed in
            let table = try await bed.pool.query(
                """
                SELECT machine || ' ' || stage || ' ' || probability AS text FROM stage_probabilities
                WHERE sample_size = 0 ORDER BY machine DESC, probability, stage
                """)
            #expect(
                try table.map { try $0.value("text", as: String.self) } == [
                    "lead closed_lost 0", "lead new 10", "lead contacted 20", "lead qualified 35",
                    "lead demo_scheduled 50", "lead demo_completed 60", "lead proposal_sent 70", "lead negotiation 80",
                    "lead closed_won 100", "deal closed_lost 0", "deal qualification 20", "deal needs_analysis 35",
                    "deal proposal 50", "deal negotiation 80", "deal closed_won 100",
                ])
            let lead = try await bed.lead()
            _ = try await bed.pool.query("UPDATE leads SET probability_manual = 75 WHERE id = \(lead)")
            var shown: [[Int?]] = []
            for move in [nil, "lead.qualify"] {
                if let move { _ = try await bed.perform(move, on: lead, at: now) }
                let rows = try await bed.pool.query(
                    """
                    SELECT l.probability, l.probability_manual, d.probability AS of_deal
                    FROM leads l LEFT JOIN deals d ON d.lead_id = l.id WHERE l.id = \(lead)
                    """)
                let row = try #require(rows.first)
                shown.append([
                    try row.value("probability"), try row.value("probability_manual"), try row.optional("of_deal"),
                ])
            }
            #expect(shown == [[10, 75, nil], [35, 75, 20]])
        }
    }
}
