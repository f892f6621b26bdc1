import StateMachines
import Testing
import Workflows

@Suite struct CommissionRulesTests {
    @Test(
        arguments: [
            (770_000, 500, 38_500), (580_000, 500, 29_000), (900_000, 500, 45_000),
            (8_500_000, 100, 85_000), (6_200_000, 100, 62_000), (4_200_000, 100, 42_000),
        ] as [(Int64, Int64, Int64)])
    func `a row is the rate of its base, rounded once (R-15)`(_ base: Int64, _ rate: Int64, _ amount: Int64) {
        #expect(BasisPoints(rate).of(base) == amount)
    }

    @Test func `the standard rates are those of R-15`() {
        #expect(Accrual.Rates.standard.newPartner == BasisPoints(100))
        #expect(Accrual.Rates.standard.upsell == BasisPoints(100))
        #expect(Accrual.Rates.standard.renewal == BasisPoints(50))
    }

    @Test func `samples and consumers' orders earn nothing (R-15)`() {
        #expect(Accrual.base(ofOrderNet: 5_000, isSample: false, isConsumers: false) == 5_000)
        #expect(Accrual.base(ofOrderNet: 0, isSample: true, isConsumers: false) == nil)
        #expect(Accrual.base(ofOrderNet: 5_000, isSample: false, isConsumers: true) == nil)
    }

    @Test(
        arguments: [
            (100, [1, 1, 1], [34, 33, 33]), (5, [2, 2], [3, 2]), (10, [0, 0], [10, 0]), (0, [7, 3], [0, 0]),
            (384_500, [6_000, 4_000], [230_700, 153_800]),
            // The products need more than 64 bits.
            (1_000_000_000_000, [1_000_000_000_000, 2_000_000_000_000], [333_333_333_333, 666_666_666_667]),
        ] as [(Int64, [Int64], [Int64])])
    func `shares among reps add up to the whole (R-02, R-15)`(_ amount: Int64, _ weights: [Int64], _ parts: [Int64]) {
        #expect(Accrual.parts(of: amount, by: weights) == parts)
    }

    @Test(
        arguments: [(4_999_999, 0, 0), (5_000_000, 250_000, 0), (6_200_000, 310_000, 60_000)]
            as [(Int64, Int64, Int64)])
    func `reaching the quota pays from the first dollar, or above it (R-16)`(
        _ credited: Int64, _ firstDollar: Int64, _ marginal: Int64
    ) {
        #expect(
            QuotaBonus.amount(creditedCents: credited, quotaCents: 5_000_000, mode: .firstDollar) == firstDollar)
        #expect(QuotaBonus.amount(creditedCents: credited, quotaCents: 5_000_000, mode: .marginal) == marginal)
    }

    @Test func `without a quota there is no bonus`() {
        #expect(QuotaBonus.amount(creditedCents: 100, quotaCents: 0, mode: .firstDollar) == 0)
    }

    @Test(
        arguments: [
            (770_000, 38_500, [192_500], [-9_625]),
            (10_000, 500, [3_333, 3_333, 3_334], [-167, -167, -166]),
            // More than the base: what is left, and then nothing.
            (10_000, 500, [9_999, 500, 1], [-500, 0, 0]),
        ] as [(Int64, Int64, [Int64], [Int64])])
    func `credits take commission back, never more than was earned, the last the rest (R-17)`(
        _ base: Int64, _ amount: Int64, _ credits: [Int64], _ rows: [Int64]
    ) {
        var earned = Clawback.Earned(baseCents: base, amountCents: amount)
        let taken = credits.map { credit in
            let row = Clawback.rows(for: credit, of: [earned])[0]
            earned.takenBaseCents += row.baseCents
            earned.takenCents += row.amountCents
            return row.amountCents
        }
        #expect(taken == rows)
        #expect(earned.amountCents + earned.takenCents >= 0)
        #expect(earned.baseCents + earned.takenBaseCents >= 0)
    }

    @Test func `a credit takes from each rep's part (R-17)`() {
        let earned = [
            Clawback.Earned(baseCents: 6_000, amountCents: 300), Clawback.Earned(baseCents: 4_000, amountCents: 400),
        ]
        #expect(
            Clawback.rows(for: 1_000, of: earned) == [
                Clawback.Row(baseCents: -600, amountCents: -30), Clawback.Row(baseCents: -400, amountCents: -40),
            ])
        #expect(Clawback.rows(for: 500, of: []).isEmpty)
    }

    @Test func `a refund that pays out a credit note is not counted again (R-17)`() {
        let note = Clawback.Return.creditNote(amountCents: 500, unappliedCents: 300)
        let refund = Clawback.Return.refund(amountCents: 400)
        #expect(Clawback.countedCents(of: [note, refund]) == [500, 100])
        #expect(Clawback.countedCents(of: [refund, note]) == [400, 500])
        #expect(Clawback.countedCents(of: [note, refund, refund]) == [500, 100, 400])
        #expect(Clawback.countedCents(of: []).isEmpty)
    }

    @Test func `a payout is never below zero, and the rest carries forward (R-18)`() {
        let first = PayoutSum(rows: [38_500, -50_000])
        #expect(first.amountCents == 0)
        #expect(first.carriedForwardCents == -11_500)
        let second = PayoutSum(rows: [29_000], carriedInCents: first.carriedForwardCents)
        #expect(second.amountCents == 17_500)
        #expect(second.carriedForwardCents == 0)
    }

    @Test(
        arguments: [
            ("2026-02", 1, "2026-02-01", "2026-02-28"), ("2024-02", 1, "2024-02-01", "2024-02-29"),
            ("2026-12", 1, "2026-12-01", "2026-12-31"), ("2026-10", 3, "2026-10-01", "2026-12-31"),
        ])
    func `a month ends on its last day`(_ text: String, _ months: Int, _ start: String, _ end: String) throws {
        let month = try #require(EarningPeriod(text))
        let period = EarningPeriod(monthOf: month.start.adding(days: 13), months: months)
        #expect(period.start == CalendarDay(start))
        #expect(period.end == CalendarDay(end))
        #expect(period.text == text)
    }

    @Test(arguments: ["", "2026", "2026-13", "2026-5", "May 2026", "2026-05-01"])
    func `what is no month is no period`(_ text: String) {
        #expect(EarningPeriod(text) == nil)
    }
}
