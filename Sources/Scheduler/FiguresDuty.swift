public import Database
import Jobs

/// Adds up how much each queue takes in and gives out, and how long runs take (O-21).
///
/// Safe on any node at any time, also on two at once.
public struct FiguresDuty: Duty {
    /// The name, for logs.
    public let name = "add up figures"
    /// How long to rest.
    public let interval: Duration
    private let pool: Pool

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - interval: How long to rest.
    public init(pool: Pool, interval: Duration = .seconds(10)) {
        (self.pool, self.interval) = (pool, interval)
    }

    /// Adds up ten minutes at most.
    ///
    /// - Returns: Whether there is more.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        try await pool.run { session in try Queue.addUpFigures(in: session) }
    }
}
