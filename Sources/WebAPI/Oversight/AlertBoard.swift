public import Database
public import Foundation

/// What is wrong with the works, read once for all who look at the same time.
///
/// However many pages count alerts in their menus, the database is asked every other second by each process.
public actor AlertBoard {
    private let pool: Pool
    private let now: @Sendable () -> Date
    private let life: Duration
    private var last: (alerts: [SystemAlert], readAt: ContinuousClock.Instant)?
    private var reading: Task<[SystemAlert], any Error>?

    /// Begins to look; nothing is read yet.
    ///
    /// - Parameters:
    ///   - pool: The database, with the program's rights.
    ///   - now: The clock.
    ///   - life: How long what was read is shown.
    public init(pool: Pool, now: @escaping @Sendable () -> Date, life: Duration = .seconds(2)) {
        (self.pool, self.now, self.life) = (pool, now, life)
    }

    /// What is wrong, no older than ``init(pool:now:life:)`` says; only for who may see it.
    ///
    /// - Throws: `DatabaseError`.
    public func look() async throws -> [SystemAlert] {
        if let last, last.readAt.duration(to: .now) < life { return last.alerts }
        // Who asks meanwhile waits for the same answer.
        let task =
            reading
            ?? Task { [pool, now] in
                try await pool.transaction { try AlertReader.alerts(now: now(), in: $0) }
            }
        reading = task
        defer { if reading == task { reading = nil } }
        let began = ContinuousClock().now
        let alerts = try await task.value
        if reading == task { last = (alerts, began) }
        return alerts
    }

    /// Forgets what was read, for somebody has changed something.
    public func forget() { (last, reading) = (nil, nil) }
}
