/// A share in basis points: 100 are one percent.
///
/// Source: R-01.
public struct BasisPoints: Sendable, Hashable {
    /// How many.
    public var value: Int64

    /// Makes a share.
    public init(_ value: Int64) {
        self.value = value
    }

    /// This share of an amount, in the amount's unit (cents).
    ///
    /// Rounded once, half away from zero. An amount so large that the product overflows stops the program rather than
    /// giving a wrong sum; inputs are refused far below (`Inputs.largestNumber`). Source: R-02.
    public func of(_ amountCents: Int64) -> Int64 {
        let product = amountCents * value
        return product >= 0 ? (product + 5_000) / 10_000 : -((-product + 5_000) / 10_000)
    }
}
