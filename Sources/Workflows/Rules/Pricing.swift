public import StateMachines

/// What a partner is: it decides the price.
public enum PartnerTier: String, Sendable, CaseIterable {
    /// 25 % off the MSRP.
    case starter
    /// 35 % off the MSRP.
    case growth
    /// 40 % off the MSRP.
    case enterprise

    /// What is taken off the MSRP.
    ///
    /// Source: R-03.
    public var discount: BasisPoints {
        switch self {
        case .starter: BasisPoints(2_500)
        case .growth: BasisPoints(3_500)
        case .enterprise: BasisPoints(4_000)
        }
    }
}

/// A price of a price list for one product.
public struct ListPrice: Sendable, Hashable {
    /// The price of a unit, cents.
    public var unitCents: Int64
    /// From how many units on it is given.
    public var minQuantity: Int
    /// Lists of higher priority come first.
    public var priority: Int
    /// The first day on which it is valid.
    public var startsOn: CalendarDay
    /// The last day; nil: until further notice.
    public var endsOn: CalendarDay?
    /// Whether an admin allowed it under the floor.
    public var isApproved: Bool

    /// Makes a price of its parts.
    public init(
        unitCents: Int64, minQuantity: Int = 1, priority: Int = 0, startsOn: CalendarDay, endsOn: CalendarDay? = nil,
        isApproved: Bool = false
    ) {
        (self.unitCents, self.minQuantity, self.priority) = (unitCents, minQuantity, priority)
        (self.startsOn, self.endsOn, self.isApproved) = (startsOn, endsOn, isApproved)
    }

    func isValid(on day: CalendarDay, quantity: Int) -> Bool {
        startsOn <= day && endsOn.map { day <= $0 } ?? true && quantity >= minQuantity
    }
}

/// The price of a unit.
///
/// Source: R-03.
public struct UnitPrice: Sendable, Hashable {
    /// Cents.
    public var cents: Int64
    /// Whether an admin allowed it under the floor.
    public var isApproved: Bool

    /// Makes a price.
    public init(cents: Int64, isApproved: Bool = false) {
        (self.cents, self.isApproved) = (cents, isApproved)
    }

    /// A discount off the MSRP.
    public static func of(msrpCents: Int64, discount: BasisPoints) -> UnitPrice {
        UnitPrice(cents: BasisPoints(10_000 - discount.value).of(msrpCents))
    }

    /// The price that a partner pays: a list's, else what its discount leaves.
    ///
    /// - Parameters:
    ///   - msrpCents: The product's MSRP.
    ///   - quantity: How many units are ordered.
    ///   - lists: The prices of the partner's lists for the product.
    ///   - discount: The partner's discount: its tier's, unless another was agreed.
    ///   - day: The day of the order.
    /// - Returns: The price of one unit.
    public static func forPartner(
        msrpCents: Int64, quantity: Int, lists: [ListPrice], discount: BasisPoints, on day: CalendarDay
    ) -> UnitPrice {
        let valid = lists.filter { $0.isValid(on: day, quantity: quantity) }
        // Within a list the largest break that the quantity reaches.
        if let best = valid.max(by: { ($0.priority, $0.minQuantity) < ($1.priority, $1.minQuantity) }) {
            return UnitPrice(cents: best.unitCents, isApproved: best.isApproved)
        }
        return of(msrpCents: msrpCents, discount: discount)
    }

    /// Whether it may be charged: it is not under cost plus the smallest margin, or an admin allowed it.
    public func isAboveFloor(costCents: Int64, minMargin: BasisPoints) -> Bool {
        isApproved || cents >= BasisPoints(10_000 + minMargin.value).of(costCents)
    }
}
