/// How many jobs that share a key run at the same time.
///
/// Of all jobs with the key, whatever their kinds and queues, at most ``limit`` are ready or running. The others wait
/// off the path of the claims, the most urgent and oldest first. While a job rests after a failure it counts as not
/// running.
public struct ConcurrencyLimit: Sendable, Hashable, Codable {
    /// What the jobs share, such as `carrier:ups`.
    public let key: String
    /// How many run at the same time, at least one.
    ///
    /// It is each job's own: when jobs of one key disagree, each keeps to its own number.
    public let limit: Int

    /// Limits the jobs of a key.
    ///
    /// - Parameters:
    ///   - key: What the jobs share.
    ///   - limit: How many of them run at the same time.
    public init(key: String, limit: Int = 1) {
        self.key = key
        self.limit = limit
    }
}
