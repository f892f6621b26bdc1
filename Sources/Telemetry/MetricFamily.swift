/// All that is measured under one name at one moment.
public struct MetricFamily: Sendable, Hashable {
    /// How its numbers are to be read.
    public enum Kind: String, Sendable {
        /// Only grows, until the process ends.
        case counter
        /// Goes up and down.
        case gauge
        /// How many were at most so large, in steps.
        case histogram
    }

    /// One number.
    public struct Sample: Sendable, Hashable {
        /// What follows the family's name: empty, or a histogram's `_bucket`, `_sum` or `_count`.
        public let suffix: String
        /// What it is about.
        public let labels: [String: String]
        /// The number.
        public let value: Double

        /// Makes a sample.
        ///
        /// - Parameters:
        ///   - suffix: What follows the family's name.
        ///   - labels: What it is about.
        ///   - value: The number.
        public init(suffix: String = "", labels: [String: String] = [:], value: Double) {
            (self.suffix, self.labels, self.value) = (suffix, labels, value)
        }
    }

    /// The name: letters, digits and underscores, with its unit, and `_total` at the end of a counter.
    public let name: String
    /// One sentence for people.
    public let help: String
    /// How its numbers are to be read.
    public let kind: Kind
    /// The numbers.
    public let samples: [Sample]

    /// Makes a family.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - help: One sentence for people.
    ///   - kind: How its numbers are to be read.
    ///   - samples: The numbers.
    public init(_ name: String, help: String, kind: Kind, samples: [Sample]) {
        (self.name, self.help, self.kind, self.samples) = (name, help, kind, samples)
    }

    /// A gauge of one number.
    public static func gauge(_ name: String, help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name, help: help, kind: .gauge, samples: [Sample(value: value)])
    }

    /// A gauge of one number for each of its labels' values.
    public static func gauge(_ name: String, help: String, _ samples: [Sample]) -> MetricFamily {
        MetricFamily(name, help: help, kind: .gauge, samples: samples)
    }
}
