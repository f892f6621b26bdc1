import Database
import Foundation
import StateMachines
import Testing

@testable import Workflows

@Suite struct CommissionEngineTests {
    private func adjustment(_ cents: Int64, in bed: GoodsBed) async throws -> UUID {
        let id = UUID.v7()
        let outcome = try await bed.perform(
            "commission", "create", on: id,
            [
                "type": "adjustment", "sales_rep": .string(bed.rep.uuidString), "amount_cents": .integer(cents),
                "reason": "by hand",
            ], by: bed.admin)
        #expect(outcome.receipt?.state == "pending")
        return id
    }

    @Test func `an adjustment is approved by somebody else and paid by the payout run (R-18)`() async throws {
        try await GoodsBed.with { bed in
            let row = try await adjustment(19_225, in: bed)
            let own = try await bed.perform("commission", "approve", on: row, by: bed.twin)
            #expect(own.codes == ["not_by_earner"])
            #expect(try await bed.perform("commission", "approve", on: row, by: bed.admin).receipt?.state == "approved")
            let nonsense = try await bed.perform(
                "commission", "pay", on: row, ["payout": "May"], by: GoodsBed.payoutRun)
            #expect(nonsense.codes == ["payout_is_open"])
            let paid = try await bed.perform(
                "commission", "pay", on: row, ["payout": "2026-05"], by: GoodsBed.payoutRun)
            #expect(paid.receipt?.state == "paid")
            #expect(try await bed.text("SELECT pay_on FROM payouts") == "2026-06-05")
            // A second adjustment of the same rep is a row of its own.
            _ = try await adjustment(100, in: bed)
        }
    }

    @Test func `what is earned waits for the customer's money, and reversing it leaves nothing`() async throws {
        try await GoodsBed.with { bed in
            let row = try await bed.plantCommission()
            #expect(
                try await bed.perform("commission", "approve", on: row, by: bed.admin).codes == ["not_earned_yet"])
            try await bed.plant(["UPDATE orders SET payment_status = 'paid'"])
            try await bed.perform("commission", "approve", on: row, by: bed.admin)
            let back = try await bed.perform(
                "commission", "send_back", on: row, ["reason": "look again"], by: bed.admin)
            #expect(back.receipt?.state == "pending")
            #expect(try await bed.text("SELECT approved_by FROM commissions") == nil)
            try await bed.perform("commission", "reverse", on: row, ["reason": "mistake"], by: bed.admin)
            #expect(try await bed.number("SELECT amount_cents FROM commissions") == 0)
            let again = try await bed.perform("commission", "reverse", on: row, ["reason": "again"], by: bed.admin)
            #expect(again.codes == ["not_reversed"])
        }
    }

    @Test func `a credit note takes its share back at once, and never more than was earned (R-17)`() async throws {
        try await GoodsBed.with { bed in
            let row = try await bed.plantCommission()
            let invoice = UUID()
            try await bed.plant([
                """
                INSERT INTO invoices (id, invoice_number, partner_id, order_id, subtotal_cents, tax_cents,
                    shipping_cents, total_cents, payment_terms, issued_on, due_date, status, status_seq, status_since)
                VALUES (\(invoice), 'INV-1', \(bed.partner), \(bed.order), 400000, 0, 0, 400000, 'NET30', '2026-03-02',
                    '2026-04-01', 'pending', 1, \(GoodsBed.now))
                """
            ])
            for cents in [100_000, 300_000] as [Int64] {
                let note = try await bed.perform(
                    "invoice", "issue_credit_note", on: invoice,
                    ["amount": .integer(cents), "reason": "short_shipment"], by: bed.admin)
                #expect(note.receipt != nil)
            }
            let rows = try await bed.pool.query(
                "SELECT amount_cents, status FROM commissions WHERE reversal_of = \(row) ORDER BY id")
            #expect(try rows.map { try $0.value("amount_cents", as: Int64.self) } == [-5_000, -15_000])
            #expect(try rows.allSatisfy { try $0.value("status") == "approved" })
            #expect(try await bed.number("SELECT sum(base_value_cents) FROM commissions") == 0)
        }
    }

    @Test func `a payout is never below zero, carries the rest on, and is made once (R-18)`() async throws {
        try await GoodsBed.with { bed in
            for cents in [38_500, -50_000] as [Int64] {
                try await bed.perform("commission", "approve", on: adjustment(cents, in: bed), by: bed.admin)
            }
            let run = PayoutRun(engine: bed.engine, pool: bed.pool)
            let march = try #require(EarningPeriod("2026-03"))
            let nothing = PayoutRun.Result(rep: bed.rep, amountCents: 0, carriedForwardCents: -11_500)
            #expect(try await run.run(march, now: GoodsBed.now) == [nothing])
            let next = try await adjustment(29_000, in: bed)
            try await bed.perform("commission", "approve", on: next, by: bed.admin)
            #expect(try await run.run(march, now: GoodsBed.now) == [nothing])
            let closed = try await bed.perform(
                "commission", "pay", on: next, ["payout": "2026-03"], by: GoodsBed.payoutRun)
            #expect(closed.codes == ["payout_is_open"])
            let april = try #require(EarningPeriod("2026-04"))
            #expect(
                try await run.run(april, now: GoodsBed.now) == [
                    PayoutRun.Result(rep: bed.rep, amountCents: 17_500, carriedForwardCents: 0)
                ])
        }
    }

    @Test func `reaching the quota pays one bonus, however often the month is closed (R-16)`() async throws {
        try await GoodsBed.with { bed in
            _ = try await bed.plantCommission()
            try await bed.plant([
                """
                INSERT INTO quota_periods (id, sales_rep_id, period_kind, period_start, amount_cents)
                VALUES (\(UUID()), \(bed.rep), 'month', '2026-03-01', 400000),
                    (\(UUID()), \(bed.rep), 'quarter', '2026-01-01', 400001)
                """
            ])
            let close = ClosePeriod(engine: bed.engine, pool: bed.pool)
            let march = try #require(EarningPeriod("2026-03"))
            #expect(try await close.run(march, now: GoodsBed.now).count == 1)
            #expect(try await close.run(march, now: GoodsBed.now).isEmpty)
            #expect(
                try await bed.number("SELECT sum(amount_cents) FROM commissions WHERE type = 'quota_bonus'") == 20_000)
        }
    }
}
