public import Foundation
public import StateMachines

/// Everything that the guards of an order's payment look at and its moves change.
public struct OrderPaymentFacts: Sendable {
    /// Money that came in for the order.
    public struct Receipt: Sendable, Hashable {
        /// The payment.
        public var payment: UUID
        /// What of it is for this order and not sent back, cents.
        public var leftCents: Int64

        /// Makes a receipt.
        public init(payment: UUID, leftCents: Int64) {
            (self.payment, self.leftCents) = (payment, leftCents)
        }
    }

    /// Money that goes back, out of one payment.
    public struct Refund: Sendable, Hashable {
        /// The payment.
        public var payment: UUID
        /// What goes back, cents.
        public var amountCents: Int64
        /// Why.
        public var reason: String
    }

    /// The order.
    public var id: UUID
    /// The order's number.
    public var orderNumber: String
    /// Whether a consumer ordered, who gets no invoice.
    public var isConsumers: Bool
    /// The partner's zone; nil for a consumer.
    public var zone: TimeZone?
    /// The order's total, cents.
    public var totalCents: Int64
    /// The state of the order's invoice; nil: there is none.
    public var invoiceStatus: String?
    /// What is due on the invoice, cents; nil: there is none.
    public var invoiceDueCents: Int64?
    /// The payments that came for it, oldest first.
    public var receipts: [Receipt]
    /// What went back before, cents.
    public var refundedCents: Int64
    /// What goes back by this move.
    public var newRefunds: [Refund] = []
    /// When it was paid in full.
    public var paidAt: Date?

    /// Makes facts of their parts.
    public init(
        id: UUID, orderNumber: String, isConsumers: Bool, zone: TimeZone?, totalCents: Int64, invoiceStatus: String?,
        invoiceDueCents: Int64?, receipts: [Receipt], refundedCents: Int64, paidAt: Date? = nil
    ) {
        (self.id, self.orderNumber, self.isConsumers, self.zone) = (id, orderNumber, isConsumers, zone)
        (self.totalCents, self.invoiceStatus, self.invoiceDueCents) = (totalCents, invoiceStatus, invoiceDueCents)
        (self.receipts, self.refundedCents, self.paidAt) = (receipts, refundedCents, paidAt)
    }
}

extension OrderPaymentFacts {
    /// What was received and is still kept, cents.
    public var keptCents: Int64 { receipts.reduce(0) { $0 + $1.leftCents } }

    /// What is still to be paid, cents.
    public var dueCents: Int64 { invoiceDueCents ?? max(0, totalCents - keptCents - refundedCents) }

    /// Whether everything was paid: the invoice says so, or a consumer's payments add up.
    public var isPaidInFull: Bool { isConsumers ? dueCents == 0 : invoiceStatus == "paid" }
}

extension OrderPaymentFacts: Governed {
    /// No timer counts from a fact.
    public func value(ofFact name: String) -> FactValue? { nil }

    /// The partner's zone; the company's for a consumer is chosen by the engine.
    public func zone(named name: String) -> TimeZone? { name == "partner" ? zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        ["paid_at": .optional(paidAt), "refunded_cents": .integer(refundedCents)]
    }

    /// Stamps `paid_at`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        if column == "paid_at" { paidAt = moment }
    }
}
