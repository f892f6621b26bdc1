public import Database
public import Foundation
public import Jobs

/// Makes jobs ready whose moment has come.
public struct PromoteDuty: Duty {
    /// The name, for logs.
    public let name = "promote due jobs"
    /// How long to rest when there was nothing more to do.
    public let interval: Duration
    private let pool: Pool
    private let waker: QueueWaker
    private let now: @Sendable () -> Date
    private let portion = 1_000

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - interval: How long to rest when there was nothing more to do.
    ///   - now: The clock that says what is due.
    public init(
        pool: Pool, waker: QueueWaker, interval: Duration = .milliseconds(500), now: @escaping @Sendable () -> Date
    ) {
        self.pool = pool
        self.waker = waker
        self.interval = interval
        self.now = now
    }

    /// Makes a portion of the due jobs ready.
    public func run() async throws -> Bool {
        let rows = try await pool.query(Queue.promote(now: now(), limit: portion))
        return try waker.wakeMoved(rows) >= portion
    }
}

/// Takes back the jobs of workers that are not there.
public struct RescueDuty: Duty {
    /// The name, for logs.
    public let name = "rescue jobs"
    /// How long to rest when there was nothing more to do.
    public let interval: Duration
    private let pool: Pool
    private let waker: QueueWaker
    private let portion = 1_000

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - interval: How long to rest when there was nothing more to do.
    public init(pool: Pool, waker: QueueWaker, interval: Duration = .seconds(2)) {
        self.pool = pool
        self.waker = waker
        self.interval = interval
    }

    /// Takes back a portion of the lost jobs.
    public func run() async throws -> Bool {
        let rows = try await pool.query(Queue.rescue(limit: portion))
        waker.wake(try rows.map { try $0.value("queue", as: String.self) }, after: try QueueFollowUp(rows: rows))
        return rows.count >= portion
    }
}
