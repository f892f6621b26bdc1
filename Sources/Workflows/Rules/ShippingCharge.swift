/// A row of the table of shipping rates for one zone.
public struct ShippingRate: Sendable, Hashable {
    /// From how many cases.
    public var fromCases: Int
    /// Up to how many cases; nil: and more.
    public var toCases: Int?
    /// What it costs, cents.
    public var amountCents: Int64

    /// Makes a rate of its parts.
    public init(fromCases: Int, toCases: Int? = nil, amountCents: Int64) {
        (self.fromCases, self.toCases, self.amountCents) = (fromCases, toCases, amountCents)
    }
}

/// What shipping costs.
///
/// Source: R-36.
public enum ShippingCharge {
    /// Looks the charge up; free when the net is above the threshold.
    ///
    /// - Parameters:
    ///   - cases: How many cases; a begun case counts.
    ///   - netCents: The order's net of discount.
    ///   - rates: The rates of the zone of the ship-to state; none: the state has no zone.
    ///   - freeAboveCents: The threshold.
    /// - Returns: The charge, cents; nil: there is no rate, a quote has to be asked for.
    public static func of(cases: Int, netCents: Int64, rates: [ShippingRate], freeAboveCents: Int64) -> Int64? {
        let fits = rates.first { $0.fromCases <= cases && $0.toCases.map { cases <= $0 } ?? true }
        guard let fits else { return nil }
        return netCents > freeAboveCents ? 0 : fits.amountCents
    }
}
