public import Database
public import Foundation
public import Jobs
internal import Synchronization

/// Gives free slots to jobs that wait for them and that nobody has followed up.
public struct AdmitDuty: Duty {
    /// The name, for logs.
    public let name = "give away free slots"
    /// How long to rest when all keys have been looked at.
    public let interval: Duration
    private let pool: Pool
    private let waker: QueueWaker
    private let last = Cursor<String>()
    private let portion = 500

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - interval: How long to rest when all keys have been looked at.
    public init(pool: Pool, waker: QueueWaker, interval: Duration = .seconds(1)) {
        (self.pool, self.waker, self.interval) = (pool, waker, interval)
    }

    /// Looks at a portion of the keys.
    public func run() async throws -> Bool {
        let sweep = Queue.admitSweep(after: last.value, limit: portion)
        let rows = try await pool.run { session in
            try session.pipeline([Queue.plansByIndex, sweep]).last?.rows ?? []
        }
        waker.wake(try rows.compactMap { try $0.optional("queue", as: String.self) })
        last.value = try rows.first?.optional("last_key")
        return last.value != nil
    }
}

/// Lets blocked jobs go whose last dependency nobody has followed up.
public struct UnblockDuty: Duty {
    /// The name, for logs.
    public let name = "let blocked jobs go"
    /// How long to rest when all jobs have been looked at.
    public let interval: Duration
    private let pool: Pool
    private let waker: QueueWaker
    private let last = Cursor<JobID>()
    private let portion = 500

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs, and what follows from it.
    ///   - interval: How long to rest when all jobs have been looked at.
    public init(pool: Pool, waker: QueueWaker, interval: Duration = .seconds(1)) {
        (self.pool, self.waker, self.interval) = (pool, waker, interval)
    }

    /// Looks at a portion of the blocked jobs.
    public func run() async throws -> Bool {
        let sweep = Queue.unblockSweep(after: last.value, limit: portion)
        let rows = try await pool.run { session in
            try session.pipeline([Queue.plansByIndex, sweep]).last?.rows ?? []
        }
        waker.wake(
            try rows.compactMap { try $0.optional("queue", as: String.self) }, after: try QueueFollowUp(rows: rows))
        last.value = try rows.first?.optional("last_job", as: Int64.self).map(JobID.init(rawValue:))
        return last.value != nil
    }
}

/// Moves jobs on that were held by pauses which are over.
public struct LetGoDuty: Duty {
    /// The name, for logs.
    public let name = "let held jobs go"
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
    public init(pool: Pool, waker: QueueWaker, interval: Duration = .seconds(1)) {
        (self.pool, self.waker, self.interval) = (pool, waker, interval)
    }

    /// Moves a portion of them on.
    public func run() async throws -> Bool {
        let rows = try await pool.run { session in
            try session.pipeline([Queue.plansByIndex, Queue.letGo(limit: portion)]).last?.rows ?? []
        }
        return try waker.wakeMoved(rows) >= portion
    }
}

/// Counts what has joined batches and ended in them, and enqueues the callbacks of those that are done.
public struct BatchDuty: Duty {
    /// The name, for logs.
    public let name = "close batches"
    /// How long to rest when there was nothing more to do.
    public let interval: Duration
    private let pool: Pool
    private let waker: QueueWaker
    private let now: @Sendable () -> Date
    private let portion = 5_000

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told what was enqueued.
    ///   - interval: How long to rest when there was nothing more to do.
    ///   - now: The clock for the callbacks.
    public init(
        pool: Pool, waker: QueueWaker, interval: Duration = .milliseconds(500), now: @escaping @Sendable () -> Date
    ) {
        (self.pool, self.waker, self.interval, self.now) = (pool, waker, interval, now)
    }

    /// Counts a portion and closes what is done.
    public func run() async throws -> Bool {
        let fold = Queue.foldBatches(limit: portion)
        let counted = try await pool.query(fold).first?.value("rows", as: Int.self) ?? 0
        let (closed, placed) = try await pool.run { session in
            try Queue.closeBatches(now: now(), limit: 100, in: session)
        }
        waker.wake(placed)
        return counted >= portion || closed >= 100
    }
}

/// Forgets rate limits that lie in the past and say nothing any more.
public struct ForgetRatesDuty: Duty {
    /// The name, for logs.
    public let name = "forget idle rate limits"
    /// How long to rest.
    public let interval: Duration
    private let pool: Pool
    private let now: @Sendable () -> Date

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - interval: How long to rest.
    ///   - now: The clock by which jobs are due.
    public init(pool: Pool, interval: Duration = .seconds(600), now: @escaping @Sendable () -> Date) {
        (self.pool, self.interval, self.now) = (pool, interval, now)
    }

    /// Forgets all that are idle.
    public func run() async throws -> Bool {
        _ = try await pool.query(Queue.forgetRates(now: now()))
        return false
    }
}

extension QueueWaker {
    /// Tells whom it concerns what a promotion or the end of a pause has moved on.
    ///
    /// - Parameter rows: Rows with `queue`, `jobs` and `keys`.
    /// - Returns: How many jobs were moved.
    /// - Throws: `DatabaseError` when the rows are others.
    func wakeMoved(_ rows: [Row]) throws -> Int {
        var followUp = QueueFollowUp()
        for row in rows { followUp.keys.formUnion(try row.value("keys", as: [String].self)) }
        wake(try rows.map { try $0.value("queue", as: String.self) }, after: followUp)
        return try rows.reduce(0) { try $0 + $1.value("jobs", as: Int.self) }
    }
}

/// Where a sweep goes on; `nil` at the beginning.
final class Cursor<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    var value: Value? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
