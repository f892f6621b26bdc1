import Foundation
import StateMachines

/// The products of a play: what the short forms of an order mean.
struct Goods {
    /// Units of each product where the scenario does not say how many there are.
    static let plenty: Int64 = 1_000_000

    /// Sold by the unit, with as many as `stock` says.
    let plain = UUID()
    /// Sold by the dozen.
    let dozen = UUID()
    /// Costs more than anybody pays for it.
    let dear = UUID()
}

/// What an order of a scenario is asked to be: one line, without tax and shipping.
struct OrderShape {
    var totalCents: Int64
    var quantity: Int64
    var isIllegal: Bool
    var isBelowFloor: Bool
    var isWithoutRate: Bool
    var isOverBudget: Bool

    /// The keys that say it.
    static let keys: Set<String> = [
        "total_cents", "quantity", "illegal_quantity", "below_floor", "no_rate", "over_budget",
    ]

    /// Reads the short form; nil where it does not stand.
    init?(_ pairs: [ScenarioPair]) {
        guard pairs.contains(where: { Self.keys.contains($0.key.text) }) else { return nil }
        totalCents = pairs["total_cents"]?.integer ?? 0
        quantity = pairs["quantity"]?.integer ?? 1
        isIllegal = pairs["illegal_quantity"]?.isTrue ?? false
        isBelowFloor = pairs["below_floor"]?.isTrue ?? false
        isWithoutRate = pairs["no_rate"]?.isTrue ?? false
        isOverBudget = pairs["over_budget"]?.isTrue ?? false
    }

    /// The price of a unit, cents.
    var unitCents: Int64 { quantity > 0 ? totalCents / quantity : totalCents }
    /// What the units' prices leave over, cents.
    var restCents: Int64 { quantity > 0 ? totalCents - unitCents * quantity : 0 }
}
