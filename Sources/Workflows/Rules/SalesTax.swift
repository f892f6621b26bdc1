public import StateMachines

/// A rate of one jurisdiction for one class of products.
public struct TaxRate: Sendable, Hashable {
    /// Whose tax it is.
    public var jurisdiction: String
    /// The class of products that it is on.
    public var taxClass: String
    /// The rate.
    public var rate: BasisPoints
    /// Whether shipping is taxed, too.
    public var taxesShipping: Bool
    /// The first day of the rate.
    public var startsOn: CalendarDay
    /// The last day; nil: until further notice.
    public var endsOn: CalendarDay?

    /// Makes a rate of its parts.
    public init(
        jurisdiction: String, taxClass: String, rate: BasisPoints, taxesShipping: Bool = false, startsOn: CalendarDay,
        endsOn: CalendarDay? = nil
    ) {
        (self.jurisdiction, self.taxClass, self.rate) = (jurisdiction, taxClass, rate)
        (self.taxesShipping, self.startsOn, self.endsOn) = (taxesShipping, startsOn, endsOn)
    }

    func isValid(on day: CalendarDay) -> Bool { startsOn <= day && endsOn.map { day <= $0 } ?? true }
}

/// A partner's proof that it buys for resale in a state.
public struct ResaleCertificate: Sendable, Hashable {
    /// The state, two letters.
    public var state: String
    /// The first day on which it is valid.
    public var validFrom: CalendarDay
    /// The last day; nil: until further notice.
    public var validUntil: CalendarDay?
    /// Whether an admin has checked it.
    public var isChecked: Bool

    /// Makes a certificate of its parts.
    public init(state: String, validFrom: CalendarDay, validUntil: CalendarDay? = nil, isChecked: Bool) {
        (self.state, self.validFrom, self.validUntil, self.isChecked) = (state, validFrom, validUntil, isChecked)
    }

    /// Whether it exempts an order of that day to that state.
    public func exempts(_ state: String, on day: CalendarDay) -> Bool {
        isChecked && self.state == state && validFrom <= day && validUntil.map { day <= $0 } ?? true
    }
}

/// The tax of one jurisdiction on an order.
public struct OrderTax: Sendable, Hashable {
    /// Whose tax it is.
    public var jurisdiction: String
    /// The rate that was used.
    public var rate: BasisPoints
    /// What it is on, cents.
    public var baseCents: Int64
    /// The tax, cents.
    public var taxCents: Int64
}

/// The tax on an order.
///
/// Source: R-05.
public enum SalesTax {
    /// Works out the tax by jurisdiction, each rounded once.
    ///
    /// - Parameters:
    ///   - netByClass: The net of the lines by tax class, cents.
    ///   - shippingCents: What shipping costs.
    ///   - rates: The rates of the state that the goods go to.
    ///   - isExempt: Whether a resale certificate exempts the order.
    ///   - day: The day of the order.
    /// - Returns: One row per jurisdiction and rate, by name; none when the order is exempt or the state has no rates.
    public static func of(
        netByClass: [String: Int64], shippingCents: Int64, rates: [TaxRate], isExempt: Bool, on day: CalendarDay
    ) -> [OrderTax] {
        guard !isExempt else { return [] }
        var bases: [Key: Int64] = [:]
        var shippingTaxed: Set<String> = []
        // By name and rate, so that shipping is taxed once per jurisdiction, at its highest rate.
        let valid = rates.filter { $0.isValid(on: day) && netByClass[$0.taxClass] != nil }
            .sorted { ($0.jurisdiction, $1.rate.value) < ($1.jurisdiction, $0.rate.value) }
        for rate in valid {
            var base = netByClass[rate.taxClass] ?? 0
            if rate.taxesShipping, shippingTaxed.insert(rate.jurisdiction).inserted { base += shippingCents }
            bases[Key(jurisdiction: rate.jurisdiction, rate: rate.rate), default: 0] += base
        }
        return bases.sorted { ($0.key.jurisdiction, $1.key.rate.value) < ($1.key.jurisdiction, $0.key.rate.value) }
            .map { key, base in
                OrderTax(jurisdiction: key.jurisdiction, rate: key.rate, baseCents: base, taxCents: key.rate.of(base))
            }
    }

    private struct Key: Hashable {
        let jurisdiction: String
        let rate: BasisPoints
    }
}
