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
    public var logger: Logger { namedLogger() }
    let ending: JobEnding
    let reporter: JobReporter
    private let namedLogger: @Sendable () -> Logger
    private let pool: Pool
    private let seal: PayloadSeal?
    /// Where a test ends the process, as it were; elsewhere nothing.
    private let passing: @Sendable (CrashPoint) throws -> Void

    init(
        job: ClaimedJob, pool: Pool, reporter: JobReporter, seal: PayloadSeal?, now: @escaping @Sendable () -> Date,
        logger: @autoclosure @escaping @Sendable () -> Logger,
        passing: @escaping @Sendable (CrashPoint) throws -> Void = { _ in }
    ) {
        id = job.id
        lease = job.lease
        attempt = job.attempt
        subject = job.subject
        eventID = job.eventID
        traceParent = job.traceParent
        ending = JobEnding()
        self.now = now
        namedLogger = logger
        self.pool = pool
        self.reporter = reporter
        self.seal = seal
        self.passing = passing
    }

    /// Commits the handler's writes together with the job's success: both, or neither.
    ///
    /// Afterwards the job is finished, whatever the handler does then, so this comes last. When the body throws,
    /// nothing is written and the job is not finished. What the job has told of itself and is not written yet goes
    /// with it.
    ///
    /// - Parameter body: What to write, on the connection's thread. It may not commit.
    /// - Returns: What the body returns.
    /// - Throws: ``LeaseLost`` when the job belongs to somebody else by now; what the body throws; `DatabaseError`.
    @discardableResult
    public func transaction<Value: Sendable>(
        _ body: @Sendable (Session) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        // A report that is on its way would find the lease gone.
        await reporter.hold()
        defer { reporter.release() }
        ending.forgetPlaced()
        let value = try await pool.run { session in
            try session.begin()
            let value = try body(session)
            try passing(.inTransaction)
            let report = reporter.take()
            var last = [Queue.plansByIndex, Queue.completeOrAbort(lease, note: ending.note)]
            if !report.isEmpty { last.insert(Queue.report(report, of: lease), at: 1) }
            let results: [StatementResult]
            do throws(DatabaseError) {
                results = try session.commit(with: last)
            } catch {
                reporter.putBack(report)
                guard error.sqlState == Queue.leaseLostState else { throw error }
                throw LeaseLost(lease: lease)
            }
            ending.markCommitted(followUp: try? QueueFollowUp(rows: results.last?.rows ?? []))
            return value
        }
        try passing(.afterCommit)
        return value
    }

    /// Remarks something about the job's success, such as "no longer due".
    ///
    /// The last remark counts.
    ///
    /// - Parameter text: A safe text for operators.
    public func remark(_ text: String) {
        ending.remark(text)
    }

    /// Asks for jobs from within this one, in ``transaction(_:)``: all of it, or nothing.
    ///
    /// They follow from the same event and the same request as this one.
    ///
    /// - Parameters:
    ///   - jobs: What is to be done.
    ///   - runAt: When; nil is at once.
    ///   - session: The transaction's session.
    /// - Returns: What became of each, in their order.
    /// - Throws: `PayloadSealError.noKey`; `EncodingError`; `DatabaseError`.
    @discardableResult
    public func enqueue(
        _ jobs: any JobPayload..., runAt: Date? = nil, in session: Session
    ) throws -> [JobPlacement] {
        let requests = try jobs.map { job in
            var request = try job.request(runAt: runAt, sealedWith: seal)
            (request.eventID, request.traceParent) = (eventID, traceParent)
            return request
        }
        return try enqueue(requests, in: session)
    }

    /// Asks for jobs from within this one, of which some wait for others or belong to a batch.
    ///
    /// - Parameters:
    ///   - requests: What is to be done, as it is.
    ///   - session: The session of ``transaction(_:)``.
    /// - Returns: What became of each, in their order.
    /// - Throws: `DatabaseError`.
    @discardableResult
    public func enqueue(_ requests: [JobRequest], in session: Session) throws(DatabaseError) -> [JobPlacement] {
        let placed = try session.enqueue(requests, now: now())
        ending.note(placed)
        return placed
    }
}

/// Where a process may die, in a test.
package enum CrashPoint: String, Sendable, CaseIterable {
    /// The job was claimed and nothing of it done.
    case beforeRun
    /// In the handler's transaction, before its commit.
    case inTransaction
    /// The handler's transaction is committed, and the process does not know yet.
    case afterCommit
    /// The handler has ended, and its job's success is not recorded.
    case afterRun
}

/// What a handler did about its job's end.
final class JobEnding: Sendable {
    private struct State {
        var isCommitted = false
        var note: String?
        var placed: [JobPlacement] = []
        var followUp = QueueFollowUp()
    }

    private let state = Mutex(State())

    var isCommitted: Bool { state.withLock(\.isCommitted) }
    var note: String? { state.withLock(\.note) }

    /// What was enqueued through the context, and counts once its transaction is committed.
    var placed: [JobPlacement] { state.withLock { $0.isCommitted ? $0.placed : [] } }
    /// What follows from the end, for the executor to look at: a hint that the sweeps make up for.
    var followUp: QueueFollowUp { state.withLock(\.followUp) }

    func note(_ placed: [JobPlacement]) { state.withLock { $0.placed += placed } }

    func forgetPlaced() { state.withLock { $0.placed = [] } }

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
