public import Database
public import Foundation
public import Jobs

/// `operate_on_jobs`: does what an operator wished for everything that a search finds (O-10).
public struct OperateOnJobsHandler: JobHandler {
    /// The database alone.
    public let retry = RetryPolicy.database
    /// A hundred thousand jobs take some minutes.
    public let timeLimit = Duration.seconds(1_800)
    private let pool: Pool
    private let waker: QueueWaker
    private let now: @Sendable () -> Date

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - now: The clock by which jobs are due.
    public init(pool: Pool, waker: QueueWaker, now: @escaping @Sendable () -> Date) {
        (self.pool, self.waker, self.now) = (pool, waker, now)
    }

    /// Does it; run again, it passes over what is done.
    ///
    /// - Parameters:
    ///   - wish: What, and to which jobs.
    ///   - context: The job's context.
    /// - Throws: `DatabaseError`; `CancellationError`.
    public func run(_ wish: BulkWish, in context: JobContext) async throws {
        let note = OperatorNote(name: wish.name, reason: wish.reason)
        let person = JobOperator(pool: pool, waker: waker, note: note, now: now)
        let progress = try await person.carryOut(wish) { progress in
            let seen = progress.done + progress.left
            context.progress(
                Double(seen) / Double(max(1, progress.expected)), "\(seen) of \(max(seen, progress.expected)) jobs")
        }
        context.progress(1, "\(progress.done) done, \(progress.left) left as they were")
        context.remark("\(progress.done) done, \(progress.left) left as they were")
    }
}
