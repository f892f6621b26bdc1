internal import Synchronization

/// Counts what happens in this process, for each value of its labels.
public final class Counters: Sendable {
    private let name: String
    private let help: String
    private let labels: [String]
    private let counts: Mutex<[[String]: Int64]>

    /// Begins to count.
    ///
    /// - Parameters:
    ///   - name: The metric's name, which ends with `_total`.
    ///   - help: One sentence for people.
    ///   - labels: The names of the labels; their values have to be few.
    public init(_ name: String, help: String, labels: [String] = []) {
        (self.name, self.help, self.labels) = (name, help, labels)
        // Without labels the only count is there from the beginning, so that the first change of it is seen.
        counts = Mutex(labels.isEmpty ? [[]: 0] : [:])
    }

    /// Counts.
    ///
    /// - Parameters:
    ///   - amount: How many.
    ///   - values: The labels' values, in their order; as many as labels.
    public func add(_ amount: Int = 1, _ values: String...) {
        precondition(values.count == labels.count, "\(name) has the labels \(labels)")
        counts.withLock { $0[values, default: 0] += Int64(amount) }
    }

    /// What was counted so far.
    public var family: MetricFamily {
        let counts = counts.withLock { $0 }
        return MetricFamily(
            name, help: help, kind: .counter,
            samples: counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { values, count in
                .init(labels: Dictionary(uniqueKeysWithValues: zip(labels, values)), value: Double(count))
            })
    }
}
