public import Database
public import Foundation
public import Jobs
public import Logging

/// Fires the schedules whose moment has come.
///
/// Exactly once, also while two processes do it: whoever moves a schedule on enqueues its job in the same transaction.
public struct ScheduleDuty: Duty {
    /// The name, for logs.
    public let name = "fire schedules"
    /// How long to rest when there was nothing more to do.
    public let interval: Duration
    private let pool: Pool
    private let waker: QueueWaker
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - interval: How long to rest when there was nothing more to do.
    ///   - now: The clock that says what is due.
    ///   - logger: Where to say which schedule cannot be fired.
    public init(
        pool: Pool, waker: QueueWaker, interval: Duration = .seconds(1), now: @escaping @Sendable () -> Date,
        logger: Logger
    ) {
        (self.pool, self.waker, self.interval, self.now, self.logger) = (pool, waker, interval, now, logger)
    }

    /// Fires all that are due; of one that is far behind, a portion.
    ///
    /// - Returns: Whether something was fired: what is behind may be due again.
    /// - Throws: `DatabaseError` when the database cannot be reached.
    public func run() async throws -> Bool {
        let now = now()
        var hasFired = false
        for due in try await pool.query(Queue.dueSchedules(at: now)).map(StoredSchedule.init) {
            try Task.checkCancellation()
            do {
                let placed = try await pool.transaction { session in try Queue.fire(due, now: now, in: session) }
                guard let placed else { continue }
                hasFired = true
                waker.wake(placed)
            } catch let error as DatabaseError where error.kind == .connection || error.kind == .cancelled {
                throw error
            } catch {
                // The others fire nevertheless; this one is tried again, and says so each time, until somebody acts.
                logger.error(
                    "a schedule could not be fired",
                    metadata: ["schedule": "\(due.name)", "reason": "\(SafeText.of(error))"])
            }
        }
        return hasFired
    }
}
