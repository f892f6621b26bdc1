import Foundation
import StateMachines
import Testing

@testable import Workflows

/// Each guard of an order once true and once false, over facts alone.
@Suite struct OrderGuardTests {
    private static let now = InvoiceBed.time("2026-03-02 10:00")
    private let product = OrderProduct(
        id: UUID(), sku: "GD", name: "Green Detox", isActive: true, msrpCents: 1_000, costCents: 100, taxClass: "food",
        casePack: 12, minOrderQuantity: 100, leadTimeDays: 5, stock: StockLevel(onHand: 200, allocated: 0))

    /// An order of 108 units that nothing holds.
    private func facts(quantity: Int = 108) -> OrderFacts {
        var facts = OrderFacts(id: UUID(), kind: .partner, placedBy: .system, terms: .net30)
        facts.partner = OrderPartner(
            id: UUID(), name: "Bluebird Cafe", status: "active", zone: .gmt, discount: BasisPoints(2_500),
            allowsBackorder: false)
        facts.products = [product.id: product]
        facts.shipToState = "CA"
        facts.asked = AskedOrder(
            lines: [AskedLine(productID: product.id, quantity: quantity)],
            shippingRates: [ShippingRate(fromCases: 1, amountCents: 9_500)])
        facts.lines = facts.quote(on: InvoiceBed.calendar.day(of: Self.now)).lines
        facts.allocateStock()
        facts.totals = OrderTotals(lines: facts.lines.map(\.amounts))
        facts.parcels = [Parcel(status: "delivered", collectedAt: Self.now)]
        return facts
    }

    private func holds(_ guardName: String, _ facts: OrderFacts) -> Bool {
        let context = MoveContext(actor: .system, now: Self.now, calendar: InvoiceBed.calendar)
        guard case .yes? = OrderGuards.all[guardName]?.answer(facts, context) else { return false }
        return true
    }

    private func expect(_ name: String, holds facts: OrderFacts, not change: (inout OrderFacts) -> Void) {
        #expect(holds(name, facts), "\(name)")
        var changed = facts
        change(&changed)
        #expect(!holds(name, changed), "not \(name)")
    }

    @Test("what is asked of a new order holds and fails by its own cause")
    func asking() {
        expect("partner_is_active", holds: facts()) { $0.partner?.status = "suspended" }
        expect("order_has_lines", holds: facts()) { $0.asked?.lines = [] }
        expect("quantities_are_legal", holds: facts()) { $0.asked?.lines[0].quantity = 110 }
        expect("prices_are_above_floor", holds: facts()) { $0.products[product.id]?.costCents = 700 }
        expect("shipping_rate_exists", holds: facts()) { $0.asked?.shippingRates = [] }
        expect("stock_covers_order", holds: facts()) { $0.asked?.lines[0].quantity = 204 }
        expect("no_invoice_yet", holds: facts()) {
            $0.invoice = InvoiceState(number: "INV-1", status: "pending", dueCents: 1)
        }
    }

    @Test("a sample is free and at most a case; a consumer buys by the unit")
    func samples() {
        var sample = facts(quantity: 12)
        sample.isSample = true
        expect("quantities_are_legal", holds: sample) { $0.asked?.lines[0].quantity = 13 }
        #expect(sample.quote(on: CalendarDay(daysSince1970: 0)).totals.totalCents == 0)
        var consumers = facts(quantity: 1)
        (consumers.kind, consumers.partner) = (.consumer, nil)
        #expect(holds("quantities_are_legal", consumers))
        #expect(consumers.quote(on: CalendarDay(daysSince1970: 0)).lines.first?.amounts.unitCents == 1_000)
    }

    @Test("what holds an order holds and fails by its own cause")
    func holding() {
        func held(_ reason: OrderHold.Reason) -> (inout OrderFacts) -> Void {
            { $0.holds.append(OrderHold(reason: reason, placedAt: Self.now)) }
        }
        expect("order_is_not_held", holds: facts(), not: held(.approval))
        expect("no_approval_hold", holds: facts(), not: held(.approval))
        expect("no_overdue_hold", holds: facts(), not: held(.overdueInvoice))
        expect("no_credit_hold", holds: facts(), not: held(.creditLimit))
        expect("stock_is_allocated", holds: facts()) { $0.lines[0].reserved = 0 }
        expect("prepayment_is_settled", holds: facts()) { $0.terms = .prepaid }
        var waiting = facts()
        held(.approval)(&waiting)
        expect("purchase_waits_for_approval", holds: waiting) { $0.holds = [] }
        expect("order_is_held", holds: waiting) { $0.holds = [] }
        var large = facts()
        large.totals.shippingCents = 1_000_001
        expect("order_is_large", holds: large) { $0.totals.shippingCents = 0 }
    }

    @Test("what moves goods holds and fails by its own cause")
    func moving() {
        expect("goods_are_on_hand", holds: facts()) { $0.products[product.id]?.reservedBefore = 100 }
        expect("goods_are_not_released", holds: facts()) { $0.releasedAt = Self.now }
        expect("a_parcel_was_collected", holds: facts()) { $0.parcels[0].collectedAt = nil }
        expect("all_shipments_are_done", holds: facts()) { $0.parcels.append(Parcel(status: "exception")) }
        var lost = facts()
        lost.parcels = [Parcel(status: "exception", resolution: "written_off")]
        #expect(!holds("all_shipments_are_done", lost))
        expect("every_parcel_is_lost_or_returned", holds: lost) { $0.parcels[0].resolution = nil }
        expect("a_shipment_is_not_delivered", holds: lost) { $0.parcels[0].status = "delivered" }
        lost.parcels.append(Parcel(status: "delivered"))
        #expect(holds("all_shipments_are_done", lost))
    }

    @Test("holds are placed with their sums, and lifted when their causes are gone")
    func placing() {
        let context = MoveContext(actor: .system, now: Self.now, calendar: InvoiceBed.calendar)
        var order = facts()
        order.credit = CreditStanding(limitCents: 10_000, openInvoicesCents: 0, uninvoicedCents: 0, creditsCents: 0)
        let today = InvoiceBed.calendar.day(of: Self.now)
        order.oldestOpenInvoice = OpenInvoice(number: "INV-7", dueDate: today.adding(days: -31))
        order.placeHolds(context)
        #expect(order.openHolds.map(\.reason) == [.overdueInvoice, .creditLimit])
        #expect(order.hold(.creditLimit)?.words["short"] == "$710.00")
        #expect(order.hold(.overdueInvoice)?.words == ["invoice": "INV-7", "days": "31"])
        #expect(order.heldSince == Self.now)
        // Thirty days overdue is not yet too long.
        order.oldestOpenInvoice?.dueDate = today.adding(days: -30)
        order.liftSettledHolds(context)
        #expect(order.openHolds.map(\.reason) == [.creditLimit])
        order.credit?.limitCents = 81_000
        order.liftSettledHolds(context)
        #expect(order.openHolds.isEmpty)
        #expect(order.heldSince == nil)
    }
}
