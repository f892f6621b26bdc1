public import Database

/// Something that holds of the queue, and the query that finds where it does not.
public struct QueueRule: Sendable {
    /// The promise, as a sentence that is true.
    public let promise: String
    /// A query that gives one row with a text column `example` for each place where the promise is broken.
    ///
    /// Reads whole tables: for tests, and for looking into trouble.
    public let counterexamples: SQL

    /// States a rule.
    ///
    /// - Parameters:
    ///   - promise: The promise, as a sentence that is true.
    ///   - counterexamples: A query with a text column `example`.
    public init(_ promise: String, _ counterexamples: SQL) {
        self.promise = promise
        self.counterexamples = counterexamples
    }
}
