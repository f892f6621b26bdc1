internal import Foundation

/// What was done to the queue, and what held.
public struct ChaosReport: Sendable, Codable {
    /// A promise, and where it was broken.
    public struct Promise: Sendable, Codable {
        /// The promise, as a sentence that is true when it held.
        public let promise: String
        /// Where it was broken, the first few.
        public let counterexamples: [String]

        /// Whether it held.
        public var isKept: Bool { counterexamples.isEmpty }
    }

    /// How much chaos it was.
    public let settings: ChaosSettings
    /// What was done, by the disasters' names.
    public let disasters: [String: Int]
    /// What came of it: jobs, runs, lost leases and the like, by name.
    public let figures: [String: Int]
    /// How long it took at most until a job of a process that was lost ran again, in milliseconds.
    public let longestRecoveryMilliseconds: Int
    /// The promises.
    public let promises: [Promise]

    /// Whether every promise was kept.
    public var isGood: Bool { promises.allSatisfy(\.isKept) }

    /// As JSON, for programs.
    ///
    /// - Returns: One object.
    /// - Throws: Never in practice; numbers and texts can be written.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// For people.
    public var text: String {
        let done = Disaster.allCases.map { "\(disasters[$0.rawValue, default: 0]) \($0.noun)" }
        let counted = figures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let lines = promises.flatMap { promise in
            promise.isKept
                ? ["  ✓ \(promise.promise)"]
                : ["  ✗ \(promise.promise)"] + promise.counterexamples.map { "      \($0)" }
        }
        let broken = promises.count { !$0.isKept }
        let verdict =
            broken == 0
            ? "Every promise was kept."
            : "\(broken) of \(promises.count) promises were broken. The same chaos again: --seed \(settings.seed)"
        return """
            What was done: \(done.joined(separator: ", "))
            What it met:   \(counted.joined(separator: ", "))
            The longest that a lost process's job waited until it ran again: \
            \(String(format: "%.1f", Double(longestRecoveryMilliseconds) / 1_000)) s

            \(lines.joined(separator: "\n"))

            \(verdict)
            """
    }
}
