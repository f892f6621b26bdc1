internal import Synchronization

/// Measures how large things in this process are, in steps, for each value of its labels.
public final class Histograms: Sendable {
    /// From a millisecond to an hour, for jobs.
    public static let seconds: [Double] = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600]

    private struct Measured {
        /// How many fell into each step alone; the last one is what was larger than all.
        var counts: [Int64]
        var sum = 0.0
    }

    private let name: String
    private let help: String
    private let labels: [String]
    private let bounds: [Double]
    private let measured = Mutex<[[String]: Measured]>([:])

    /// Begins to measure.
    ///
    /// - Parameters:
    ///   - name: The metric's name, which ends with the unit.
    ///   - help: One sentence for people.
    ///   - labels: The names of the labels; their values have to be few.
    ///   - bounds: The upper bound of each step, rising.
    public init(_ name: String, help: String, labels: [String] = [], bounds: [Double] = Histograms.seconds) {
        (self.name, self.help, self.labels, self.bounds) = (name, help, labels, bounds)
    }

    /// Takes one measurement.
    ///
    /// - Parameters:
    ///   - value: How large.
    ///   - values: The labels' values, in their order; as many as labels.
    public func observe(_ value: Double, _ values: String...) {
        precondition(values.count == labels.count, "\(name) has the labels \(labels)")
        let step = bounds.firstIndex { value <= $0 } ?? bounds.count
        let none = Measured(counts: Array(repeating: 0, count: bounds.count + 1))
        measured.withLock { all in
            all[values, default: none].counts[step] += 1
            all[values, default: none].sum += value
        }
    }

    /// What was measured so far.
    public var family: MetricFamily {
        let all = measured.withLock { $0 }
        let samples = all.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap { values, measured in
            steps(measured, Dictionary(uniqueKeysWithValues: zip(labels, values)))
        }
        return MetricFamily(name, help: help, kind: .histogram, samples: samples)
    }

    /// Each step counts what the steps below it do, too.
    private func steps(_ measured: Measured, _ labels: [String: String]) -> [MetricFamily.Sample] {
        var total: Int64 = 0
        var samples: [MetricFamily.Sample] = []
        for (bound, count) in zip(bounds + [.infinity], measured.counts) {
            total += count
            samples.append(
                .init(
                    suffix: "_bucket", labels: labels.merging(["le": PrometheusText.number(bound)]) { $1 },
                    value: Double(total)))
        }
        samples.append(.init(suffix: "_sum", labels: labels, value: measured.sum))
        samples.append(.init(suffix: "_count", labels: labels, value: Double(total)))
        return samples
    }
}
