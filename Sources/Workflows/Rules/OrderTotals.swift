/// The amounts of one line of an order.
///
/// Source: R-04.
public struct LineAmounts: Sendable, Hashable {
    /// How many units.
    public var quantity: Int
    /// MSRP of a unit, cents.
    public var msrpCents: Int64
    /// What a unit costs the buyer, cents.
    public var unitCents: Int64

    /// Makes a line.
    public init(quantity: Int, msrpCents: Int64, unitCents: Int64) {
        (self.quantity, self.msrpCents, self.unitCents) = (quantity, msrpCents, unitCents)
    }

    /// At MSRP, cents.
    public var grossCents: Int64 { msrpCents * Int64(quantity) }
    /// What is off, cents: it follows from the unit price, so it can be cents off the exact percentage.
    public var discountCents: Int64 { (msrpCents - unitCents) * Int64(quantity) }
    /// What is paid, cents.
    public var netCents: Int64 { unitCents * Int64(quantity) }
}

/// The amounts of an order.
///
/// Source: R-04.
public struct OrderTotals: Sendable, Hashable {
    /// The sum of MSRP times quantity, cents.
    public var subtotalCents: Int64 = 0
    /// What is off, cents.
    public var discountCents: Int64 = 0
    /// Tax, cents.
    public var taxCents: Int64 = 0
    /// Shipping, cents.
    public var shippingCents: Int64 = 0

    /// Nothing.
    public init() {}

    /// Adds lines, tax and shipping up.
    public init(lines: [LineAmounts], taxCents: Int64 = 0, shippingCents: Int64 = 0) {
        self.subtotalCents = lines.reduce(0) { $0 + $1.grossCents }
        self.discountCents = lines.reduce(0) { $0 + $1.discountCents }
        (self.taxCents, self.shippingCents) = (taxCents, shippingCents)
    }

    /// Net of discount, without tax and shipping, cents.
    public var netCents: Int64 { subtotalCents - discountCents }
    /// What is to be paid, cents.
    public var totalCents: Int64 { netCents + taxCents + shippingCents }

    /// Whether the admins are told of an order of this total.
    ///
    /// Source: R-28.
    public func isLarge(aboveCents: Int64) -> Bool { totalCents > aboveCents }
}
