public import Database
public import Foundation
public import Jobs
public import Logging
internal import Synchronization

/// Which job a handler is doing, and the transaction that ends it.
public struct JobContext: Sendable {
    /// The job's number; keys for the outside world are made from it.
    public let id: JobID
    /// The right to finish the job.
    public let lease: JobLease
    /// Which attempt this is, from 1; may repeat.
    public let attempt: Int
    /// The record the job is about.
    public let subject: JobSubject?
    /// The workflow event that caused the job.
    public let eventID: UUID?
    /// The trace context of the request that caused the job.
    public let traceParent: String?
    /// The clock.
    public let now: @Sendable () -> Date
    /// A logger that names the job with each line.
    public let logger: Logger
    let ending: JobEnding
    private let pool: Pool

    init(job: ClaimedJob, pool: Pool, now: @escaping @Sendable () -> Date, logger: Logger) {
        id = job.id
        lease = job.lease
        attempt = job.attempt
        subject = job.subject
        eventID = job.eventID
        traceParent = job.traceParent
        ending = JobEnding()
        self.now = now
        self.logger = logger
        self.pool = pool
    }

    /// Commits the handler's writes together with the job's success: both, or neither.
    ///
    /// Afterwards the job is finished, whatever the handler does then, so this comes last. When the body throws,
    /// nothing is written and the job is not finished.
    ///
    /// - Parameter body: What to write, on the connection's thread. It may not commit.
    /// - Returns: What the body returns.
    /// - Throws: ``LeaseLost`` when the job belongs to somebody else by now; what the body throws; `DatabaseError`.
    @discardableResult
    public func transaction<Value: Sendable>(
        _ body: @Sendable (Session) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await pool.run { session in
            try session.begin()
            let value = try body(session)
            let results: [StatementResult]
            do {
                results = try session.commit(
                    with: [Queue.plansByIndex, Queue.completeOrAbort(lease, note: ending.note)])
            } catch let error as DatabaseError where error.sqlState == Queue.leaseLostState {
                throw LeaseLost(lease: lease)
            }
            ending.markCommitted(followUp: try? QueueFollowUp(rows: results.last?.rows ?? []))
            return value
        }
    }

    /// Remarks something about the job's success, such as "no longer due".
    ///
    /// The last remark counts.
    ///
    /// - Parameter text: A safe text for operators.
    public func remark(_ text: String) {
        ending.remark(text)
    }
}

/// What a handler did about its job's end.
final class JobEnding: Sendable {
    private struct State {
        var isCommitted = false
        var note: String?
        var followUp = QueueFollowUp()
    }

    private let state = Mutex(State())

    var isCommitted: Bool { state.withLock(\.isCommitted) }
    var note: String? { state.withLock(\.note) }

    /// What follows from the end, for the executor to look at: a hint that the sweeps make up for.
    var followUp: QueueFollowUp { state.withLock(\.followUp) }

    func markCommitted(followUp: QueueFollowUp?) {
        state.withLock { state in
            state.isCommitted = true
            if let followUp { state.followUp = followUp }
        }
    }

    func remark(_ text: String) {
        state.withLock { $0.note = SafeText.cut(text) }
    }
}
