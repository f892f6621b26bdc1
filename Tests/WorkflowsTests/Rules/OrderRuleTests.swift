import StateMachines
import Testing
import Workflows

@Suite struct OrderRuleTests {
    private let day = CalendarDay(daysSince1970: 20_000)

    @Test(
        "a document's amount is divided over its lines to the cent (R-02)",
        arguments: [
            (100, [1, 1, 1], [34, 33, 33]), (5, [2, 2], [3, 2]), (-5, [2, 2], [-3, -2]), (7, [0, 0], [7, 0]),
            (10, [1, 0, 3], [3, 0, 7]), (1_000_000_000_000, [999_999_999_999, 1], [999_999_999_999, 1]),
        ] as [(Int64, [Int64], [Int64])])
    func spread(_ amount: Int64, _ weights: [Int64], _ parts: [Int64]) {
        #expect(Spread.of(amount, over: weights) == parts)
    }

    @Test(
        "each tier pays its share of the MSRP (R-03)",
        arguments: [
            (799, [599, 519, 479]), (849, [637, 552, 509]), (650, [488, 423, 390]), (1_299, [974, 844, 779]),
        ] as [(Int64, [Int64])])
    func tierPrice(_ msrp: Int64, _ prices: [Int64]) {
        #expect(PartnerTier.allCases.map { UnitPrice.of(msrpCents: msrp, discount: $0.discount).cents } == prices)
    }

    @Test("a price list goes before the partner's discount, and both before the tier (R-03)")
    func precedence() {
        func price(_ lists: [ListPrice], _ discount: Int64, quantity: Int = 10) -> Int64 {
            UnitPrice.forPartner(
                msrpCents: 799, quantity: quantity, lists: lists, discount: BasisPoints(discount), on: day
            ).cents
        }
        let list = ListPrice(unitCents: 500, startsOn: day, endsOn: day)
        #expect(price([], 3_000) == 559)
        #expect(price([list], 3_000) == 500)
        #expect(price([ListPrice(unitCents: 500, startsOn: day.adding(days: 1))], 3_000) == 559)
        #expect(price([ListPrice(unitCents: 500, startsOn: day, endsOn: day.adding(days: -1))], 3_000) == 559)
        #expect(price([list, ListPrice(unitCents: 550, priority: 1, startsOn: day)], 2_500) == 550)
        let breaks = [list, ListPrice(unitCents: 450, minQuantity: 11, startsOn: day)]
        #expect(price(breaks, 2_500) == 500)
        #expect(price(breaks, 2_500, quantity: 11) == 450)
    }

    @Test("a price under cost plus ten percent needs an approval (R-03)")
    func floor() {
        let margin = BasisPoints(1_000)
        #expect(UnitPrice(cents: 440).isAboveFloor(costCents: 400, minMargin: margin))
        #expect(!UnitPrice(cents: 439).isAboveFloor(costCents: 400, minMargin: margin))
        #expect(UnitPrice(cents: 439, isApproved: true).isAboveFloor(costCents: 400, minMargin: margin))
    }

    @Test("the unit price rules, and the discount follows from it (R-04)")
    func totals() {
        let two = OrderTotals(lines: [
            LineAmounts(quantity: 108, msrpCents: 799, unitCents: 519),
            LineAmounts(quantity: 240, msrpCents: 849, unitCents: 552),
        ])
        // 108 × 7.99 + 240 × 8.49 = 862.92 + 2,037.60.
        #expect(two.subtotalCents == 290_052)
        #expect(two.discountCents == 101_520)
        #expect(two.netCents == 188_532)
        let one = OrderTotals(lines: [LineAmounts(quantity: 12, msrpCents: 650, unitCents: 423)])
        #expect([one.subtotalCents, one.discountCents, one.netCents] == [7_800, 2_724, 5_076])
        let whole = OrderTotals(
            lines: [LineAmounts(quantity: 1, msrpCents: 100, unitCents: 90)], taxCents: 7, shippingCents: 5)
        #expect(whole.totalCents == 102)
    }

    @Test("a resale certificate exempts orders to its state while it is valid (R-05)")
    func certificate() {
        let valid = ResaleCertificate(state: "CA", validFrom: day.adding(days: -30), validUntil: day, isChecked: true)
        #expect(valid.exempts("CA", on: day))
        #expect(!valid.exempts("NV", on: day))
        #expect(!valid.exempts("CA", on: day.adding(days: 1)))
        #expect(!ResaleCertificate(state: "CA", validFrom: day, isChecked: false).exempts("CA", on: day))
    }

    @Test("tax is rounded once per jurisdiction (R-05)")
    func tax() {
        func rate(_ name: String, _ basisPoints: Int64, shipping: Bool = false) -> TaxRate {
            TaxRate(
                jurisdiction: name, taxClass: "food", rate: BasisPoints(basisPoints), taxesShipping: shipping,
                startsOn: day)
        }
        func tax(_ net: Int64, _ rates: [TaxRate], exempt: Bool = false, on day: CalendarDay? = nil) -> [Int64] {
            SalesTax.of(
                netByClass: ["food": net], shippingCents: 14_500, rates: rates, isExempt: exempt, on: day ?? self.day
            ).map(\.taxCents)
        }
        #expect(tax(188_532, [rate("NV", 685)]) == [12_914])
        #expect(tax(10_030, [rate("State", 600), rate("City", 125)]) == [125, 602])
        #expect(tax(10_030, [rate("State", 600)], exempt: true) == [])
        #expect(tax(10_030, [rate("State", 600)], on: day.adding(days: -1)) == [])
        #expect(tax(10_000, [rate("State", 1_000, shipping: true)]) == [2_450])
    }

    @Test(
        "shipping goes by cases and zone, and is free above the threshold (R-36)",
        arguments: [
            (29, 185_500, 14_500), (20, 500_000, 9_500), (21, 500_001, 0), (51, 1, 19_500), (50, 1, 14_500),
        ] as [(Int, Int64, Int64)])
    func shipping(_ cases: Int, _ net: Int64, _ charge: Int64) {
        let zone = [
            ShippingRate(fromCases: 1, toCases: 20, amountCents: 9_500),
            ShippingRate(fromCases: 21, toCases: 50, amountCents: 14_500),
            ShippingRate(fromCases: 51, amountCents: 19_500),
        ]
        #expect(ShippingCharge.of(cases: cases, netCents: net, rates: zone, freeAboveCents: 500_000) == charge)
        #expect(ShippingCharge.of(cases: cases, netCents: net, rates: [], freeAboveCents: 500_000) == nil)
    }

    @Test(
        "quantities are whole cases from the minimum on, and the nearest are named (R-09)",
        arguments: [
            (100, 12, 108, true, nil, nil), (100, 12, 110, false, 108, 120), (100, 12, 100, false, nil, 108),
            (100, 20, 100, true, nil, nil), (1, 12, 12, true, nil, nil),
        ] as [(Int, Int, Int, Bool, Int?, Int?)])
    func quantity(_ minimum: Int, _ pack: Int, _ asked: Int, _ legal: Bool, _ lower: Int?, _ higher: Int?) {
        let rule = OrderQuantity(minOrderQuantity: minimum, casePack: pack)
        #expect(rule.allows(asked) == legal)
        guard !legal else { return }
        #expect(rule.nearest(to: asked).lower == lower)
        #expect(rule.nearest(to: asked).higher == higher)
    }

    @Test("a backorder reaches beyond the shelf as far as the product allows (R-10)")
    func stock() {
        let level = StockLevel(onHand: 100, allocated: 40, backorderLimit: 20)
        #expect(level.available == 60)
        #expect(level.covers(60, backorder: false))
        #expect(!level.covers(61, backorder: false))
        #expect(level.covers(80, backorder: true))
        #expect(!level.covers(81, backorder: true))
    }

    @Test("an order is large strictly above the limit (R-28)")
    func large() {
        let line = LineAmounts(quantity: 1, msrpCents: 1_000_000, unitCents: 1_000_000)
        #expect(!OrderTotals(lines: [line]).isLarge(aboveCents: 1_000_000))
        #expect(OrderTotals(lines: [line], taxCents: 1).isLarge(aboveCents: 1_000_000))
    }

    @Test("credit is the limit less what is owed and ordered, plus what was paid too much (R-06)")
    func credit() {
        let standing = CreditStanding(
            limitCents: 1_000_000, openInvoicesCents: 384_500, uninvoicedCents: 200_000, creditsCents: 4_500)
        #expect(standing.availableCents == 420_000)
        #expect(standing.covers(420_000))
        #expect(!standing.covers(420_001))
    }

    @Test(
        "terms count calendar days (R-08)",
        arguments: [
            ("2024-11-01", PaymentTerms.net30, "2024-12-01"), ("2024-11-01", .net60, "2024-12-31"),
            ("2025-01-31", .net30, "2025-03-02"), ("2024-01-31", .net30, "2024-03-01"),
        ])
    func terms(_ issued: String, _ terms: PaymentTerms, _ due: String) {
        #expect(CalendarDay(issued).map { terms.dueDate(issuedOn: $0).description } == due)
    }

    @Test(
        "a budget counts the purchases of its period (D-03)",
        arguments: [
            (SpendLimit.Period.order, true), (.week, true), (.month, false), (.quarter, false), (.year, false),
        ])
    func budget(_ period: SpendLimit.Period, _ fits: Bool) throws {
        // A Monday; the other purchase was on the Sunday before.
        let monday = try #require(CalendarDay("2026-03-09"))
        let limit = SpendLimit(limitCents: 1_000, period: period)
        #expect(limit.covers(600, spent: [monday.adding(days: -1): 500], on: monday) == fits)
        #expect(!limit.covers(1_001, spent: [:], on: monday))
    }
}
