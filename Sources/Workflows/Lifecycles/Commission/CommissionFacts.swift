public import Foundation
public import StateMachines

/// Everything that the guards of a commission look at and its moves change.
public struct CommissionFacts: Sendable {
    /// Who earns it.
    public struct Earner: Sendable {
        /// The rep.
        public var rep: UUID
        /// The rep and everybody of the company with the same e-mail address.
        public var samePerson: Set<UUID>
        /// The rep's zone.
        public var zone: TimeZone?
    }

    /// What it is earned on.
    public struct Reference: Sendable, Hashable {
        /// `order`, `partner`, `deal`, `quota_period`, `credit_note` or `refund`.
        public var type: String
        /// The record.
        public var id: UUID
    }

    /// The payout of a rep for a month.
    public struct Payout: Sendable {
        /// Its id; of one that is about to be made, the id that it will have.
        public var id: UUID
        /// The first day of its month.
        public var period: CalendarDay
        /// Whether it was paid, so that nothing can be added.
        public var isClosed: Bool
    }

    /// The commission.
    public var id: UUID
    /// Who earns it.
    public var earner: Earner
    /// What it is for.
    public var kind: Accrual.Kind
    /// What it is earned on; of a clawback the credit note or refund; nil for an adjustment.
    public var reference: Reference?
    /// The order, of an order's commission and of what takes it back.
    public var order: UUID?
    /// The commission that a clawback takes back.
    public var reversalOf: UUID?
    /// The rep's part of the base, basis points.
    public var shareBP: Int = 10_000
    /// What is earned, cents.
    public var amountCents: Int64
    /// At which rate, basis points.
    public var rateBP: Int
    /// On what, cents.
    public var baseCents: Int64
    /// Why it was made by hand.
    public var reason: String?
    /// Whether what it is earned on is paid.
    public var isSettled: Bool
    /// What has to be paid first, for people.
    public var waitsFor: String?
    /// Since when it can be approved.
    public var approvableAt: Date?
    /// Who approved it.
    public var approvedBy: UUID?
    /// When it was approved.
    public var approvedAt: Date?
    /// When it was reversed; nil: it counts.
    public var reversedAt: Date?
    /// Why it was reversed.
    public var reversalReason: String?
    /// The payout to which it belongs.
    public var payoutID: UUID?
    /// The payout that is named by the move; nil: none is, or it is no month.
    public var named: Payout?
    /// When it was paid.
    public var paidAt: Date?
    /// The first day of the month in which it was earned; nil until it is made.
    public var period: EarningPeriod?
}

/// The days in which something was earned.
public struct EarningPeriod: Sendable, Hashable {
    /// The first day.
    public var start: CalendarDay
    /// The last day.
    public var end: CalendarDay

    /// Makes a period.
    public init(start: CalendarDay, end: CalendarDay) {
        (self.start, self.end) = (start, end)
    }

    /// So many months from the first of a month on.
    ///
    /// - Parameters:
    ///   - day: A day of the first month.
    ///   - months: How many.
    public init(monthOf day: CalendarDay, months: Int = 1) {
        let first = day.adding(days: 1 - day.parts.day)
        // A month has at most 31 days and at least 28, so 31 days after its first is a day of the next one.
        let next = (0..<months).reduce(first) { start, _ in
            let later = start.adding(days: 31)
            return later.adding(days: 1 - later.parts.day)
        }
        self.init(start: first, end: next.adding(days: -1))
    }

    /// The month that a text names, `2026-05`; nil when it names none.
    public init?(_ text: String) {
        guard text.utf8.count == 7, let first = CalendarDay("\(text)-01") else { return nil }
        self.init(monthOf: first)
    }

    /// `2026-05`, of the first month.
    public var text: String { String(start.description.prefix(7)) }
}

extension CommissionFacts: Governed {
    /// `approvable_at`.
    public func value(ofFact name: String) -> FactValue? {
        name == "approvable_at" ? approvableAt.map(FactValue.instant) : nil
    }

    /// The rep's zone.
    public func zone(named name: String) -> TimeZone? { name == "rep" ? earner.zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "sales_rep_id": .orNull(earner.rep), "type": .string(kind.rawValue),
            "reference_type": reference.map { .string($0.type) } ?? .null, "reference_id": .orNull(reference?.id),
            "order_id": .orNull(order), "reversal_of": .orNull(reversalOf), "share_bp": .integer(Int64(shareBP)),
            "amount_cents": .integer(amountCents), "rate_bp": .integer(Int64(rateBP)),
            "base_value_cents": .integer(baseCents), "approvable_at": .optional(approvableAt),
            "approved_by": .orNull(approvedBy), "approved_at": .optional(approvedAt),
            "reversed_at": .optional(reversedAt), "reversal_reason": .orNull(reversalReason),
            "payout_id": .orNull(payoutID), "paid_at": .optional(paidAt),
            "period_start": .optional(period?.start), "period_end": .optional(period?.end),
        ]
    }

    /// Stamps `approved_at` or `paid_at`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        switch column {
        case "approved_at": approvedAt = moment
        case "paid_at": paidAt = moment
        default: break
        }
    }
}
