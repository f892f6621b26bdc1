/// What of a product is there and what is set aside.
///
/// Source: R-10.
public struct StockLevel: Sendable, Hashable {
    /// What is on hand.
    public var onHand: Int
    /// What of it, or beyond it as a backorder, is set aside.
    public var allocated: Int
    /// How much may be set aside beyond what is on hand.
    public var backorderLimit: Int

    /// Makes a level of its parts.
    public init(onHand: Int, allocated: Int, backorderLimit: Int = 0) {
        (self.onHand, self.allocated, self.backorderLimit) = (onHand, allocated, backorderLimit)
    }

    /// What can be promised from the shelf; negative while backorders wait.
    public var available: Int { onHand - allocated }

    /// Whether that many can be set aside.
    ///
    /// - Parameters:
    ///   - quantity: How many.
    ///   - backorder: Whether the partner and the order allow a backorder.
    /// - Returns: Whether the product's limits allow it, too.
    public func covers(_ quantity: Int, backorder: Bool) -> Bool {
        quantity <= available + (backorder ? backorderLimit : 0)
    }
}

/// Notices once when what is available falls to the reorder point; 110 % of it arms the notice again.
///
/// The database keeps the same two columns by the same rule (`count_low_stock`). Source: R-29.
public struct LowStock: Sendable, Hashable {
    /// Whether the next fall is noticed.
    public var isArmed: Bool
    /// How many falls were noticed.
    public var crossings: Int

    /// Begins armed, without a crossing.
    public init(isArmed: Bool = true, crossings: Int = 0) {
        (self.isArmed, self.crossings) = (isArmed, crossings)
    }

    /// Notes that what is available has changed.
    ///
    /// - Returns: Whether this is a crossing, of which somebody is told.
    public mutating func note(from before: Int, to after: Int, reorderPoint: Int) -> Bool {
        if isArmed, before > reorderPoint, after <= reorderPoint {
            isArmed = false
            crossings += 1
            return true
        }
        if after * 100 >= reorderPoint * 110, after > reorderPoint { isArmed = true }
        return false
    }
}
