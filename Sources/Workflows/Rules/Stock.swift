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
