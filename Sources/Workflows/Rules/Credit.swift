public import StateMachines

/// How much of a partner's credit limit is used, never stored.
///
/// Source: R-06.
public struct CreditStanding: Sendable, Hashable {
    /// The limit, cents.
    public var limitCents: Int64
    /// What is due on open invoices, cents.
    public var openInvoicesCents: Int64
    /// The total of NET orders that are placed and not invoiced, held ones included, cents.
    public var uninvoicedCents: Int64
    /// Payments and credits that are not applied, cents.
    public var creditsCents: Int64

    /// Makes a standing of its parts.
    public init(limitCents: Int64, openInvoicesCents: Int64, uninvoicedCents: Int64, creditsCents: Int64) {
        (self.limitCents, self.openInvoicesCents) = (limitCents, openInvoicesCents)
        (self.uninvoicedCents, self.creditsCents) = (uninvoicedCents, creditsCents)
    }

    /// What the partner owes or will owe, cents.
    public var exposureCents: Int64 { openInvoicesCents + uninvoicedCents - creditsCents }

    /// What is left of the limit, cents; negative is shown as "over limit by".
    public var availableCents: Int64 { limitCents - exposureCents }

    /// Whether an order of that total fits.
    public func covers(_ totalCents: Int64) -> Bool { totalCents <= availableCents }
}

/// A buyer's budget.
///
/// Source: D-03.
public struct SpendLimit: Sendable, Hashable {
    /// The time over which purchases add up.
    public enum Period: String, Sendable, CaseIterable {
        /// Each order by itself.
        case order
        /// From Monday on.
        case week
        /// A month of the calendar.
        case month
        /// A quarter of the calendar.
        case quarter
        /// A year of the calendar.
        case year
    }

    /// What may be spent, cents.
    public var limitCents: Int64
    /// Over which time.
    public var period: Period

    /// Makes a budget.
    public init(limitCents: Int64, period: Period) {
        (self.limitCents, self.period) = (limitCents, period)
    }

    /// Whether another purchase is within it.
    ///
    /// - Parameters:
    ///   - totalCents: The purchase.
    ///   - spent: The buyer's other purchases by day.
    ///   - day: The day of the purchase.
    /// - Returns: Whether all of the period together are not above the limit.
    public func covers(_ totalCents: Int64, spent: [CalendarDay: Int64], on day: CalendarDay) -> Bool {
        guard let start = period.start(of: day) else { return totalCents <= limitCents }
        let before = spent.reduce(0) { sum, purchase in
            purchase.key >= start && purchase.key <= day ? sum + purchase.value : sum
        }
        return before + totalCents <= limitCents
    }
}

extension SpendLimit.Period {
    /// The first day of the period in which `day` lies; nil: purchases do not add up.
    func start(of day: CalendarDay) -> CalendarDay? {
        let (year, month, _) = day.parts
        // 1970-01-01 was a Thursday, the fourth day of its week.
        let sinceMonday = ((day.daysSince1970 + 3) % 7 + 7) % 7
        return switch self {
        case .order: nil
        case .week: day.adding(days: -sinceMonday)
        case .month: CalendarDay(year: year, month: month, day: 1)
        case .quarter: CalendarDay(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)
        case .year: CalendarDay(year: year, month: 1, day: 1)
        }
    }
}
