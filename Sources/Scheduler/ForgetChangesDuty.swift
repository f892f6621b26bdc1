public import Database

/// Drops the changes that live streams no longer resume from.
///
/// Whoever comes back after a longer time than this is told to load anew. Safe on any node at any time.
public struct ForgetChangesDuty: Duty {
    /// The name, for logs.
    public let name = "forget changes"
    /// How long to rest.
    public let interval: Duration
    private let pool: Pool
    private let kept: Duration

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - kept: How long a stream may be cut and still resume.
    ///   - interval: How long to rest.
    public init(pool: Pool, kept: Duration = .seconds(86_400), interval: Duration = .seconds(600)) {
        (self.pool, self.kept, self.interval) = (pool, kept, interval)
    }

    /// Numbers what nobody has listened to, and drops what is old.
    ///
    /// - Returns: False: all of it at once.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        let seconds = Double(kept.components.seconds)
        _ = try await pool.run { session in
            try session.pipeline(["SELECT live_number()", "SELECT live_prune(make_interval(secs => \(seconds)))"])
        }
        return false
    }
}
