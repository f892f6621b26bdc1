public import Database
public import Foundation

/// Makes the changes of price whose time has come (D-49).
public struct PriceChangesDuty: Duty {
    /// The name, for logs.
    public let name = "change prices"
    /// How long to rest.
    public let interval: Duration
    private let pool: Pool
    private let now: @Sendable () -> Date

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - interval: How long to rest.
    ///   - now: The clock.
    public init(pool: Pool, interval: Duration = .seconds(10), now: @escaping @Sendable () -> Date) {
        (self.pool, self.interval, self.now) = (pool, interval, now)
    }

    /// Changes the prices that are due, all of them.
    ///
    /// - Returns: false.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        _ = try await pool.query("SELECT apply_price_changes(\(now()))")
        return false
    }
}
