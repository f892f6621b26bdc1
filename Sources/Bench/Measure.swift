import Foundation

/// One case: what the product gave and what the limit gave, round by round.
package struct Measure: Codable, Sendable {
    /// What was measured, such as `drain`.
    package var name: String
    /// What a unit is, such as `jobs/s`.
    var unit: String
    /// The product's figures, a round each.
    var product: [Double] = []
    /// The limit's, in the same rounds; none where the figure stands by itself.
    var limit: [Double] = []
    /// Bytes of WAL for each unit of work, by round.
    var wal: [Double] = []
    /// Microseconds of the server's processors for each unit of work, by round.
    var serverMicroseconds: [Double] = []

    init(_ name: String, _ unit: String) { (self.name, self.unit) = (name, unit) }

    /// The median of the product's rounds over the median of the limit's; without a limit the product's median.
    var ratio: Double { limit.isEmpty ? Self.median(product) : Self.median(product) / Self.median(limit) }

    /// The case on a line, for people.
    package var line: String {
        var parts = ["\(name): \(Self.text(product)) \(unit)"]
        if !limit.isEmpty {
            parts.append("limit \(Self.text(limit))")
            parts.append("ratio \(ratio.formatted(.number.precision(.fractionLength(2))))")
        }
        if !wal.isEmpty { parts.append("WAL \(Int(Self.median(wal))) B") }
        if !serverMicroseconds.isEmpty { parts.append("server \(Int(Self.median(serverMicroseconds))) µs") }
        return parts.joined(separator: ", ")
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// The median, and from the lowest to the highest.
    private static func text(_ values: [Double]) -> String {
        func short(_ value: Double) -> String {
            value.formatted(.number.precision(.fractionLength(value < 100 ? 2 : 0)).grouping(.automatic))
        }
        return "\(short(median(values))) (\(short(values.min() ?? .nan))–\(short(values.max() ?? .nan)))"
    }
}
