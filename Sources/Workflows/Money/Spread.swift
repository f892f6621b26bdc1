/// An amount of a whole document, divided over its lines.
///
/// Source: R-02.
public enum Spread {
    /// Divides an amount in proportion to weights by largest remainder; ties go to the lower line.
    ///
    /// - Parameters:
    ///   - amountCents: The amount; may be negative.
    ///   - weights: One per line, none negative.
    /// - Returns: One part per line; they add up exactly. All weights zero: everything is on the first line.
    public static func of(_ amountCents: Int64, over weights: [Int64]) -> [Int64] {
        precondition(weights.allSatisfy { $0 >= 0 }, "a weight is never negative")
        guard !weights.isEmpty else { return [] }
        let total = weights.reduce(0, +)
        guard total > 0 else { return [amountCents] + Array(repeating: 0, count: weights.count - 1) }
        let size = amountCents.magnitude
        // The product may need more than 64 bits; the quotient is never above the amount.
        let shares = weights.map { weight in
            total.magnitude.dividingFullWidth(size.multipliedFullWidth(by: weight.magnitude))
        }
        var parts = shares.map { Int64($0.quotient) }
        let left = Int(Int64(size) - parts.reduce(0, +))
        let order = shares.indices.sorted { one, other in
            (shares[other].remainder, one) < (shares[one].remainder, other)
        }
        for index in order.prefix(left) { parts[index] += 1 }
        return amountCents < 0 ? parts.map { -$0 } : parts
    }
}
