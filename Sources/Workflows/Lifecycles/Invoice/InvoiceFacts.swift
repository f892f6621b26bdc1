public import Foundation
public import StateMachines

/// Everything that the guards of an invoice look at and its moves change.
public struct InvoiceFacts: Sendable {
    /// What is known of the partner who owes it.
    public struct Partner: Sendable {
        /// The partner.
        public var id: UUID
        /// The partner's time zone, an IANA name.
        public var zone: TimeZone
        /// When the partner accepted late fees; nil: never.
        public var lateFeeTermsAcceptedOn: CalendarDay?
        /// What paying late costs in the partner's state.
        public var lateFees = LateFeePolicy()
    }

    /// The invoice.
    public var id: UUID
    /// Its number, `INV-10284`; empty until `take_invoice_number`.
    public var number: String
    /// The next number of the invoices' series; only while one is made.
    public var nextNumber: Int64 = 0
    /// The order it is for.
    public var orderID: UUID
    /// Who owes it.
    public var partner: Partner
    /// The order's net of discount, cents.
    public var subtotalCents: Int64
    /// Tax, cents.
    public var taxCents: Int64
    /// Shipping, cents.
    public var shippingCents: Int64
    /// What was invoiced, cents; never changes.
    public var totalCents: Int64
    /// When it has to be paid.
    public var terms: PaymentTerms
    /// When it was issued, the company's day; nil until `set_due_date`.
    public var issuedOn: CalendarDay?
    /// The last day on which paying it is in time.
    public var dueDate: CalendarDay?
    /// When it was paid.
    public var paidAt: Date?
    /// When it was disputed; nil: it is not.
    public var disputedAt: Date?
    /// Why it was disputed.
    public var disputeReason: String?
    /// The day for which payment is promised.
    public var promiseToPayOn: CalendarDay?
    /// When it was written off; nil: it was not.
    public var writtenOffAt: Date?
    /// Whether somebody has stopped the reminders.
    public var dunningBlock: Bool
    /// The payments that name it, oldest first.
    public var payments: [InvoicePayment]
    /// Its late fees by number.
    public var lateFees: [LateFee]
    /// Its credit notes, oldest first.
    public var creditNotes: [CreditNote]
    /// The next number of the credit notes' series; only while one may be issued.
    public var nextCreditNote: Int64 = 0
    /// Where and when the payment of the given reference was recorded already, if it was.
    public var knownReference: KnownReference?

    /// A payment that is known under the reference that was given.
    public struct KnownReference: Sendable {
        /// The reference.
        public var reference: String
        /// When it was recorded.
        public var recordedAt: Date
    }
}

extension InvoiceFacts {
    /// Principal that was paid, cents.
    public var principalPaidCents: Int64 { payments.reduce(0) { $0 + $1.principalCents } }

    /// Late fees that were not waived, cents.
    public var lateFeeCents: Int64 { lateFees.reduce(0) { $0 + ($1.isWaived ? 0 : $1.amountCents) } }

    /// What was paid on principal and fees, cents.
    public var amountPaidCents: Int64 { principalPaidCents + lateFees.reduce(0) { $0 + $1.paidCents } }

    /// What credit notes took off, cents.
    public var creditedCents: Int64 { creditNotes.reduce(0) { $0 + $1.appliedCents } }

    /// The part of the total that is still open, without fees, cents.
    ///
    /// Source: R-12.
    public var openPrincipalCents: Int64 { totalCents - creditedCents - principalPaidCents }

    /// What is still to be paid, fees included, cents.
    public var amountDueCents: Int64 { totalCents + lateFeeCents - creditedCents - amountPaidCents }
}

extension InvoiceFacts: Governed {
    /// `due_date`, `promise_to_pay_on` or `disputed_at`.
    public func value(ofFact name: String) -> FactValue? {
        switch name {
        case "due_date": dueDate.map(FactValue.day)
        case "promise_to_pay_on": promiseToPayOn.map(FactValue.day)
        case "disputed_at": disputedAt.map(FactValue.instant)
        default: nil
        }
    }

    /// The partner's zone.
    public func zone(named name: String) -> TimeZone? { name == "partner" ? partner.zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "invoice_number": .string(number), "total_cents": .integer(totalCents),
            "amount_paid_cents": .integer(amountPaidCents), "credited_cents": .integer(creditedCents),
            "late_fee_cents": .integer(lateFeeCents), "amount_due_cents": .integer(amountDueCents),
            "issued_on": .optional(issuedOn), "due_date": .optional(dueDate), "paid_at": .optional(paidAt),
            "disputed_at": .optional(disputedAt), "promise_to_pay_on": .optional(promiseToPayOn),
            "written_off_at": .optional(writtenOffAt),
        ]
    }

    /// Stamps `paid_at`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        if column == "paid_at" { paidAt = moment }
    }
}

extension JSONValue {
    /// A day, or null.
    static func optional(_ day: CalendarDay?) -> JSONValue { day.map { .string($0.description) } ?? .null }

    /// A moment, or null.
    static func optional(_ moment: Date?) -> JSONValue { moment.map { .string($0.formatted(.iso8601)) } ?? .null }
}
