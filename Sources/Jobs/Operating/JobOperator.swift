public import Database
public import Foundation

/// A person who does things to jobs by hand; everything is recorded with who and why.
///
/// Each wish is fenced by the table that the job stands in: of two operators at once one wins, and the other is told
/// where the job is by then.
public struct JobOperator: Sendable {
    let pool: Pool
    let waker: QueueWaker
    let note: OperatorNote
    let now: @Sendable () -> Date

    /// Lets somebody work.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - note: Who, and why.
    ///   - now: The clock by which jobs are due.
    public init(pool: Pool, waker: QueueWaker, note: OperatorNote, now: @escaping @Sendable () -> Date) {
        (self.pool, self.waker, self.note, self.now) = (pool, waker, note, now)
    }

    /// Lets dead, scheduled, held and cancelled jobs run at once.
    ///
    /// They have all their attempts before them, but for those that were called off, whose attempts count on; what was
    /// discarded or replaced stays so.     /// One that is held by the pause of its kind passes it alone; the pause of a key or a queue lets nobody pass.
    ///
    /// - Parameter jobs: The jobs.
    /// - Returns: What became of each, in the order in which they were asked for.
    /// - Throws: `DatabaseError`.
    public func retry(_ jobs: [JobID]) async throws -> [OperatedJob] {
        try await operate(
            jobs,
            [
                Queue.raise(jobs, by: note, now: now()), Queue.hasten(jobs, as: .retry, by: note, now: now()),
                Queue.letThrough(jobs, by: note, now: now()), Queue.takeUp(jobs, by: note, now: now()),
            ], after: [Queue.lockCancelled(jobs)])
    }

    /// Lets scheduled jobs run at once; their attempts count on.
    ///
    /// - Parameter jobs: The jobs.
    /// - Returns: What became of each, in the order in which they were asked for.
    /// - Throws: `DatabaseError`.
    public func runNow(_ jobs: [JobID]) async throws -> [OperatedJob] {
        try await operate(jobs, [Queue.hasten(jobs, as: .runNow, by: note, now: now())])
    }

    /// Gives dead letters up for good; what waits for them is cancelled.
    ///
    /// - Parameter jobs: The jobs.
    /// - Returns: What became of each, in the order in which they were asked for.
    /// - Throws: `DatabaseError`.
    public func discard(_ jobs: [JobID]) async throws -> [OperatedJob] {
        try await operate(jobs, [Queue.discard(jobs, by: note)])
    }

    /// Replaces a dead letter by a new job with another payload.
    ///
    /// - Parameters:
    ///   - job: The dead letter.
    ///   - payload: What the handler gets instead, in the clear.
    ///   - seal: What seals it, if the old payload was sealed.
    /// - Returns: What became of it, with the new job's number.
    /// - Throws: `DatabaseError`; ``PayloadSealError`` when it was sealed, and there is nothing to seal it with.
    public func replace(_ job: JobID, payload: JSON, seal: PayloadSeal?) async throws -> OperatedJob {
        var payload = payload
        if let old = try await pool.run({ session in try JobDetails(of: job, in: session) }),
            SealedPayload(old.payload) != nil
        {
            guard let seal else { throw PayloadSealError.noKey(kind: old.summary.kind) }
            payload = try seal.seal(payload, kind: old.summary.kind)
        }
        let rows = try await carryOut([Queue.replace(job, payload: payload, by: note, now: now())])
        let replacement = try rows.first.map { JobID(rawValue: try $0.value("job_id")) }
        let standing = try await pool.query(Queue.standing([job])).first
        return try OperatedJob(job, isDone: replacement != nil, standing: standing, replacement: replacement)
    }

    /// Runs statements in one transaction, follows them up, and says what became of the jobs.
    func operate(
        _ jobs: [JobID], _ statements: [SQL], after first: [SQL] = []
    ) async throws -> [OperatedJob] {
        let done = try Set(await carryOut(statements, after: first).map { JobID(rawValue: try $0.value("job_id")) })
        return try await outcomes(of: jobs, done: done)
    }

    /// Where jobs are after what was done: seen in a transaction of its own, and so with what others did meanwhile.
    func outcomes(of jobs: [JobID], done: Set<JobID>) async throws -> [OperatedJob] {
        let standing = try await pool.query(Queue.standing(jobs))
        let byJob = Dictionary(try standing.map { (JobID(rawValue: try $0.value("job_id")), $0) }) { first, _ in first }
        return try jobs.map { try OperatedJob($0, isDone: done.contains($0), standing: byJob[$0]) }
    }

    /// Runs statements in one transaction, and follows up what they set free or put in line.
    ///
    /// - Parameters:
    ///   - statements: The statements.
    ///   - first: What comes before them, whose rows do not matter.
    /// - Returns: The rows of all of the statements.
    /// - Throws: `DatabaseError`.
    func carryOut(_ statements: [SQL], after first: [SQL] = []) async throws -> [Row] {
        let (rows, queues) = try await pool.run { session in
            try session.begin(with: [Queue.plansByIndex] + first)
            let rows = try session.pipeline(statements).flatMap(\.rows)
            try session.commit()
            var queues = try Set(rows.compactMap { try $0.optional("queue", as: String.self) })
            queues.formUnion(try Queue.follow(try QueueFollowUp(rows: rows), in: session))
            return (rows, queues)
        }
        waker.wake(queues)
        return rows
    }
}
