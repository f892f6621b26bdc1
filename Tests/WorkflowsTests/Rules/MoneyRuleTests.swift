import Foundation
import StateMachines
import Testing
import Workflows

/// The rules of invoices, payments and late fees, each with the vectors of its table.
@Suite struct MoneyRuleTests {
    @Test(
        "an invoice is overdue from the midnight after its due date, which no weekend moves (R-08)",
        arguments: [
            ("2024-11-01", PaymentTerms.net30, "2024-12-01", "2024-12-02"),
            ("2024-11-01", .net60, "2024-12-31", "2025-01-01"),
            ("2025-01-31", .net30, "2025-03-02", "2025-03-03"),
            // A leap year.
            ("2024-01-31", .net30, "2024-03-01", "2024-03-02"),
            ("2024-11-01", .prepaid, "2024-11-01", "2024-11-02"),
        ])
    func overdue(_ issued: String, _ terms: PaymentTerms, _ due: String, _ overdue: String) throws {
        let day = try #require(CalendarDay(issued))
        #expect(terms.dueDate(issuedOn: day).description == due)
        #expect(terms.overdueFrom(issuedOn: day).description == overdue)
    }

    @Test(
        "the late fee is 1.50 % of the open principal, from day 15 on (R-12)",
        arguments: [
            (384_500, 15, 0, 5_768), (100_000, 15, 0, 1_500), (100_000, 45, 1, 1_500), (999, 15, 0, nil),
            (100_000, 14, 0, nil), (1_000, 15, 0, 15), (100_000, 16, 1, nil), (100_000, 75, 2, 1_500),
            (100_000, 345, 11, 1_500), (100_000, 375, 12, nil),
        ] as [(Int64, Int, Int, Int64?)])
    func lateFee(_ principal: Int64, _ day: Int, _ charged: Int, _ fee: Int64?) {
        #expect(LateFeePolicy().fee(onDay: day, principalCents: principal, charged: charged) == fee)
    }

    @Test("there is no fee on a fee: 1,000.00 with 15.00 unpaid costs 15.00 more on day 45 (R-12)")
    func noFeeOnFee() {
        let open = PaymentSpread.Open(
            invoice: UUID(), dueDate: CalendarDay(daysSince1970: 0), principalCents: 100_000, feeCents: 1_500)
        #expect(LateFeePolicy().fee(onDay: 45, principalCents: open.principalCents, charged: 1) == 1_500)
    }

    @Test("a state may have daily interest with a flat fee in its place (R-12)")
    func dailyInterest() {
        // 10 % a year of 3,650.00 is 1.00 a day.
        let daily = LateFeePolicy(.daily, rate: BasisPoints(1_000), flatCents: 500)
        #expect(daily.fee(onDay: 15, principalCents: 365_000) == 2_000)
        #expect(daily.fee(onDay: 45, principalCents: 365_000, charged: 1) == 3_500)
        #expect(daily.fee(onDay: 14, principalCents: 365_000) == nil)
        // Half a cent is rounded up, once: 0.27397 × 15 = 4.1096; 1,825 × 10 % ÷ 365 = 0.5.
        #expect(LateFeePolicy(.daily, rate: BasisPoints(1_000)).amount(onPrincipalCents: 1_000, charged: 0) == 4)
        let oneDay = LateFeePolicy(.daily, rate: BasisPoints(1_000), firstDay: 1)
        #expect(oneDay.amount(onPrincipalCents: 1_825, charged: 0) == 1)
        #expect(oneDay.amount(onPrincipalCents: 1_824, charged: 0) == 0)
    }

    @Test("the setting says what is different, the rest is as usual (R-12)")
    func policySetting() throws {
        func read(_ text: String) throws -> LateFeePolicy {
            try JSONDecoder().decode(LateFeePolicy.self, from: Data(text.utf8))
        }
        #expect(try read("{}") == LateFeePolicy())
        #expect(try read(#"{"rate_bp": 100, "minimum_cents": 5000}"#).amount(onPrincipalCents: 5_000, charged: 0) == 50)
        #expect(try read(#"{"kind": "daily", "rate_bp": 1000, "flat_cents": 500}"#).flatCents == 500)
        #expect(throws: DecodingError.self) { try read(#"{"kind": "weekly"}"#) }
    }

    @Test("a payment that names no invoice pays the oldest due first (R-14)")
    func oldestFirst() throws {
        let first = PaymentSpread.Open(
            invoice: UUID(), dueDate: try #require(CalendarDay("2024-11-01")), principalCents: 50_000)
        let second = PaymentSpread.Open(
            invoice: UUID(), dueDate: try #require(CalendarDay("2024-11-09")), principalCents: 30_000)
        let spread = PaymentSpread.of(60_000, over: [second, first])
        #expect(
            spread.parts == [
                PaymentSpread.Part(invoice: first.invoice, principalCents: 50_000),
                PaymentSpread.Part(invoice: second.invoice, principalCents: 10_000),
            ])
        #expect(spread.creditCents == 0)
        // B is due 200 afterwards.
        #expect(second.principalCents - spread.parts[1].principalCents == 20_000)
        let named = PaymentSpread.of(10_000, over: [first, second], named: second.invoice)
        #expect(named.parts.map(\.invoice) == [second.invoice])
    }

    @Test(
        "principal is paid before fees, and what is too much becomes credit (R-14)",
        arguments: [(10_000, 150, 10_050, 10_000, 50, 0), (10_000, 0, 13_000, 10_000, 0, 3_000)]
            as [(Int64, Int64, Int64, Int64, Int64, Int64)])
    func principalFirst(
        _ principal: Int64, _ fee: Int64, _ paid: Int64, _ onPrincipal: Int64, _ onFee: Int64, _ credit: Int64
    ) {
        let open = PaymentSpread.Open(
            invoice: UUID(), dueDate: CalendarDay(daysSince1970: 20_000), principalCents: principal, feeCents: fee)
        let spread = PaymentSpread.of(paid, over: [open])
        #expect(
            spread.parts == [
                PaymentSpread.Part(invoice: open.invoice, principalCents: onPrincipal, feeCents: onFee)
            ])
        #expect(spread.creditCents == credit)
    }

    @Test("a sum of a million lines equals the sum of its parts (R-01)")
    func aMillionLines() {
        let line = LineAmounts(quantity: 7, msrpCents: 799, unitCents: 519)
        let whole = OrderTotals(lines: Array(repeating: line, count: 1_000_000))
        #expect(whole.subtotalCents == 1_000_000 * 7 * 799)
        #expect(whole.netCents == 1_000_000 * line.netCents)
        #expect(whole.subtotalCents - whole.discountCents == whole.netCents)
    }
}
