/// How many jobs that share a key begin in a stretch of time.
///
/// Exact by GCRA: in any stretch of length t at most ``burst`` + t / ``interval`` jobs of the key become ready. Those
/// that must wait get a moment of their own and cost nothing until then. A retry or a snooze counts again.
///
/// Jobs become ready in steps of about half a second, so a ``burst`` that is less than what half a second allows slows
/// the jobs down further.
public struct RateLimit: Sendable, Hashable, Codable {
    /// What the jobs share, such as `mailbox:gmail.com`.
    public let key: String
    /// From one job to the next in the long run, to the microsecond.
    public let interval: Duration
    /// How many may begin at once after a rest.
    public let burst: Int

    /// Allows `count` jobs in each stretch of time.
    ///
    /// - Parameters:
    ///   - key: What the jobs share.
    ///   - count: How many jobs.
    ///   - stretch: In how long a time.
    ///   - burst: How many may begin at once after a rest; `nil` is as many as `count`.
    public init(key: String, _ count: Int, per stretch: Duration, burst: Int? = nil) {
        self.key = key
        let whole = stretch.components
        let microseconds = whole.seconds * 1_000_000 + whole.attoseconds / 1_000_000_000_000
        let jobs = Int64(max(1, count))
        // Rounded up: rather a little too slow than too fast.
        interval = .microseconds(max(1, (microseconds + jobs - 1) / jobs))
        self.burst = burst ?? max(1, count)
    }

    var microseconds: Int64 {
        interval.components.seconds * 1_000_000 + interval.components.attoseconds / 1_000_000_000_000
    }
}
