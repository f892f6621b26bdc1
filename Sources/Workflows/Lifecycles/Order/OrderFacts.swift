public import Foundation
public import StateMachines

/// Everything that the guards of an order look at and its moves change.
public struct OrderFacts: Sendable {
    /// Who an order is from and for.
    public enum Kind: String, Sendable {
        /// From a partner.
        case partner = "B2B"
        /// From a consumer, recorded by an admin.
        case consumer = "D2C"
    }

    /// The order.
    public var id: UUID
    /// Its number, `ORD-10145`; empty until `take_order_number`.
    public var number = ""
    /// The next number of the orders' series; only while one is made.
    public var nextNumber: Int64 = 0
    /// Whose it is.
    public var kind: Kind
    /// The partner; nil for a consumer's order.
    public var partner: OrderPartner?
    /// The consumer; nil for a partner's order.
    public var customerID: UUID?
    /// Who placed it.
    public var placedBy: Actor
    /// The budget of the partner's user who placed it; nil: there is none.
    public var budget: BuyerBudget?
    /// The command that placed it.
    public var idempotencyKey: String?
    /// The rep, as it was at placement.
    public var salesRepID: UUID?
    /// Whether it is a sample: free, and at most a case of each product.
    public var isSample = false
    /// Whether what is short may be delivered later.
    public var allowsBackorder = false
    /// Where it goes to; nil: the partner's own address.
    public var shippingAddressID: UUID?
    /// The state it goes to, two letters; nil: unknown.
    public var shipToState: String?
    /// The buyer's own number.
    public var poNumber: String?
    /// What the buyer wants to be minded.
    public var specialInstructions: String?
    /// When it has to be paid.
    public var terms: PaymentTerms
    /// The company's day of placing it; nil until `freeze_prices`.
    public var placedOn: CalendarDay?
    /// Its lines.
    public var lines: [OrderLine] = []
    /// Its amounts.
    public var totals = OrderTotals()
    /// The tax rates that were used.
    public var taxes: [OrderTax] = []
    /// Its holds, open and released, oldest first.
    public var holds: [OrderHold] = []
    /// Since when it has been held without a break.
    public var heldSince: Date?
    /// The day on which it is expected to arrive.
    public var estimatedDelivery: CalendarDay?
    /// When it had arrived.
    public var actualDelivery: Date?
    /// When it was cancelled.
    public var cancelledAt: Date?
    /// Why it was cancelled.
    public var cancelledReason: String?
    /// When the goods were let out of the building.
    public var releasedAt: Date?
    /// The day on which its production was finished.
    public var actualProductionDate: CalendarDay?
    /// What went back to the buyer, cents; the payment's lifecycle writes it.
    public var refundedCents: Int64 = 0
    /// The state of its payment; nil until that begins.
    public var paymentStatus: String?
    /// What was invoiced; nil: nothing yet.
    public var invoice: InvoiceState?
    /// Its parcels.
    public var parcels: [Parcel] = []
    /// The products of its lines, and of those that are asked for, as they are now.
    public var products: [UUID: OrderProduct] = [:]
    /// What credit is left without this order; nil when no credit is used.
    public var credit: CreditStanding?
    /// The partner's oldest overdue invoice; nil: none is open past its due date.
    public var oldestOpenInvoice: OpenInvoice?
    /// What the lines, taxes and shipping are worked out from; only while it is placed or changed.
    public var asked: AskedOrder?
    /// What is set for all orders.
    public var settings = OrderSettings()

    /// Facts of an order that is about to be placed or was read.
    init(id: UUID, kind: Kind, placedBy: Actor, terms: PaymentTerms) {
        (self.id, self.kind, self.placedBy, self.terms) = (id, kind, placedBy, terms)
    }
}

extension OrderFacts {
    /// The holds that are not released.
    public var openHolds: [OrderHold] { holds.filter { $0.releasedAt == nil } }

    /// Whether it is to be paid before it moves.
    public var isPrepaid: Bool { terms == .prepaid && totals.totalCents > 0 }

    /// Whether it waits for a prepayment.
    public var waitsForPayment: Bool { isPrepaid && paymentStatus != "paid" }

    /// Whether stock is set aside for every line.
    public var isStockAllocated: Bool { lines.allSatisfy { $0.reserved >= $0.quantity } }

    /// Whether anything keeps it from being confirmed.
    public var isHeld: Bool { !openHolds.isEmpty || !isStockAllocated || waitsForPayment }

    /// The open hold of that reason.
    public func hold(_ reason: OrderHold.Reason) -> OrderHold? { openHolds.first { $0.reason == reason } }
}

extension OrderFacts: Governed {
    /// `held_since` or `estimated_delivery`.
    public func value(ofFact name: String) -> FactValue? {
        switch name {
        case "held_since": heldSince.map(FactValue.instant)
        case "estimated_delivery": estimatedDelivery.map(FactValue.day)
        default: nil
        }
    }

    /// The partner's zone.
    public func zone(named name: String) -> TimeZone? { name == "partner" ? partner?.zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "order_number": .string(number), "subtotal_cents": .integer(totals.subtotalCents),
            "discount_cents": .integer(totals.discountCents), "tax_cents": .integer(totals.taxCents),
            "shipping_cents": .integer(totals.shippingCents), "total_cents": .integer(totals.totalCents),
            "holds": .array(openHolds.map { .string($0.reason.rawValue) }.sorted { $0.json < $1.json }),
            "held_since": .optional(heldSince), "estimated_delivery": .optional(estimatedDelivery),
            "actual_delivery": .optional(actualDelivery), "released_at": .optional(releasedAt),
            "actual_production_date": .optional(actualProductionDate), "cancelled_at": .optional(cancelledAt),
            "cancelled_reason": cancelledReason.map(JSONValue.string) ?? .null,
            "lines": .array(
                lines.map { .object(["sku": .string($0.sku), "quantity": .integer(Int64($0.quantity))]) }),
            "stock_allocated": .boolean(isStockAllocated),
        ]
    }

    /// Stamps `actual_delivery` or `cancelled_at`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        switch column {
        case "actual_delivery": actualDelivery = moment
        case "cancelled_at": cancelledAt = moment
        default: break
        }
    }
}
