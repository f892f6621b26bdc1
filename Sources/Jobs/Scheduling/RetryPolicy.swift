/// How often a job is tried, and how long it rests in between.
///
/// Source: product/jobs.md, retry policies.
public struct RetryPolicy: Sendable, Hashable {
    /// How the rests grow.
    public enum Backoff: Sendable, Hashable {
        /// Before attempt n: `base` · 2^(n−1), at most `cap`.
        case doubling(base: Duration, cap: Duration)
        /// Before the second attempt the first, before the third the second; then the last again.
        case steps([Duration])
    }

    /// The name operators see.
    public let name: String
    /// How often a job is tried at most.
    public let attempts: Int
    /// How the rests grow.
    public let backoff: Backoff

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - name: The name operators see.
    ///   - attempts: How often a job is tried at most; at least once.
    ///   - backoff: How the rests grow.
    public init(name: String, attempts: Int, backoff: Backoff) {
        self.name = name
        self.attempts = max(1, attempts)
        self.backoff = backoff
    }

    /// For work in the database alone: 5 attempts, 1 s · 2^(n−1), at most 1 minute.
    public static let database = RetryPolicy(
        name: "db", attempts: 5, backoff: .doubling(base: .seconds(1), cap: .seconds(60)))
    /// For mail, messages, carriers and integrations: 20 attempts, 10 s · 2^(n−1), at most 1 hour; about half a day.
    public static let network = RetryPolicy(
        name: "net", attempts: 20, backoff: .doubling(base: .seconds(10), cap: .seconds(3_600)))
    /// For PDFs, images and transcription: 6 attempts, 5 s · 2^(n−1), at most 5 minutes.
    public static let document = RetryPolicy(
        name: "doc", attempts: 6, backoff: .doubling(base: .seconds(5), cap: .seconds(300)))
    /// For previews, suggestions and counters: 3 attempts, after 5 s and 30 s.
    public static let bestEffort = RetryPolicy(
        name: "try", attempts: 3, backoff: .steps([.seconds(5), .seconds(30)]))

    /// How long a job rests before its attempt `number`: the policy's delay, up to a fifth more or less.
    ///
    /// Pure but for the generator. The jitter keeps jobs that failed together from coming back together.
    ///
    /// - Parameters:
    ///   - number: Which attempt comes next; the first has no rest.
    ///   - generator: Where chance comes from.
    /// - Returns: The rest.
    public func delay(beforeAttempt number: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        delay(beforeAttempt: number) * Double.random(in: 0.8...1.2, using: &generator)
    }

    /// The delay before attempt `number`, without jitter.
    ///
    /// - Parameter number: Which attempt comes next; the first has no rest.
    /// - Returns: The delay that the policy names.
    public func delay(beforeAttempt number: Int) -> Duration {
        guard number > 1 else { return .zero }
        switch backoff {
        case .steps(let steps):
            return steps.isEmpty ? .zero : steps[min(number - 2, steps.count - 1)]
        case .doubling(let base, let cap):
            // Beyond 2^30 every cap is reached; doubling further would overflow.
            return min(base * (1 << min(number - 1, 30)), cap)
        }
    }
}
