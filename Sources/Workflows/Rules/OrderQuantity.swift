/// What quantities of a product can be ordered: whole cases, from a minimum on.
///
/// Source: R-09.
public struct OrderQuantity: Sendable, Hashable {
    /// The least, a whole number of cases.
    public var minimum: Int
    /// A case.
    public var step: Int

    /// Works the minimum out: the product's own, brought up to whole cases.
    public init(minOrderQuantity: Int, casePack: Int) {
        step = max(1, casePack)
        minimum = (max(1, minOrderQuantity) + step - 1) / step * step
    }

    /// Whether that many can be ordered.
    public func allows(_ quantity: Int) -> Bool { quantity >= minimum && quantity.isMultiple(of: step) }

    /// The nearest quantities that can be ordered, for one that cannot; no lower one below the minimum.
    public func nearest(to quantity: Int) -> (lower: Int?, higher: Int) {
        guard quantity >= minimum else { return (nil, minimum) }
        let lower = quantity / step * step
        return (lower, lower + step)
    }
}
