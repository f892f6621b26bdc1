/// The lowest price at which a product may be offered without an approval.
///
/// Source: R-03.
enum PriceFloor {
    /// Cost and the smallest margin on it.
    static let shareOfCost = BasisPoints(11_000)

    /// Whether a unit price keeps the margin.
    static func allows(_ unitPriceCents: Int64, costCents: Int64) -> Bool {
        unitPriceCents >= shareOfCost.of(costCents)
    }
}
