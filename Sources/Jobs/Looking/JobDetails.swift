public import Database
public import Foundation

/// All that is known about one job.
public struct JobDetails: Sendable {
    /// What it is and how it stands.
    public let summary: JobSummary
    /// What the handler gets; of a sealed payload nothing but the key's id.
    public let payload: JSON
    /// From 0, the most urgent, to 3.
    public let priority: Int16
    /// What makes two requests of its kind the same.
    public let uniqueKey: String?
    /// The trace context of the request that caused it.
    public let traceParent: String?
    /// The key of which only so many run at once, and how many.
    public let concurrency: ConcurrencyLimit?
    /// The key whose rate admits it.
    public let rateKey: String?
    /// Whose job it is.
    public let tenant: String?
    /// The batch it belongs to.
    public let batch: BatchID?
    /// The dead letter in whose place it was made.
    public let replaces: JobID?
    /// Why it is dead: `attempts`, `discarded`, `worker_lost` or `undecodable`.
    public let death: String?
    /// The jobs that it waits for.
    public let waitsFor: [JobID]
    /// The worker that has it.
    public let workerID: WorkerID?
    /// Since when that worker has it.
    public let claimedAt: Date?
    /// When it is taken back from that worker, unless the worker is heard of before.
    public let leaseExpiresAt: Date?
    /// Since when it is to be cancelled, while a worker has it.
    public let cancelRequestedAt: Date?
    /// What happened so far, the first first.
    public let attempts: [JobAttempt]
    /// What operators did to it, the first first.
    public let operations: [JobOperation]

    /// Reads a job and its story.
    ///
    /// `nil` when there is no such job, or no longer.
    ///
    /// - Parameters:
    ///   - id: The job's number.
    ///   - session: Any session; one round trip.
    /// - Throws: ``DatabaseError``.
    public init?(of id: JobID, in session: Session) throws(DatabaseError) {
        let results = try session.pipeline([
            Queue.details(of: id), Queue.attempts(of: id), Queue.operations(on: id), Queue.upstream(of: id),
            Queue.leaseEnd(of: id),
        ])
        guard results.count == 5, let row = results[0].rows.first else { return nil }
        summary = try JobSummary(row: row)
        let payload: JSON = try row.value("payload")
        self.payload = SealedPayload(payload)?.shown ?? payload
        priority = try row.value("priority")
        uniqueKey = try row.optional("unique_key")
        traceParent = try row.optional("trace_parent")
        concurrency = try row.optional("concurrency_key", as: String.self).map { key throws(DatabaseError) in
            ConcurrencyLimit(key: key, limit: Int(try row.value("concurrency_limit", as: Int16.self)))
        }
        rateKey = try row.optional("rate_key")
        tenant = try row.optional("tenant")
        batch = try row.optional("batch_id", as: Int64.self).map(BatchID.init(rawValue:))
        replaces = try row.optional("replaces", as: Int64.self).map(JobID.init(rawValue:))
        death = try row.optional("death")
        cancelRequestedAt = try row.optional("cancel_requested_at")
        workerID = try row.optional("worker_id", as: Int64.self).map(WorkerID.init(rawValue:))
        claimedAt = try row.optional("claimed_at")
        leaseExpiresAt = try results[4].rows.first?.optional("expires_at")
        attempts = try results[1].rows.map { row throws(DatabaseError) in try JobAttempt(row: row) }
        operations = try results[2].rows.map { row throws(DatabaseError) in try JobOperation(row: row) }
        waitsFor = try results[3].rows.map { row throws(DatabaseError) in JobID(rawValue: try row.value("on_job_id")) }
    }
}

/// One attempt at a job, or what came instead of it.
public struct JobAttempt: Sendable, Hashable {
    /// Which claim of the job it was.
    public let lease: Int
    /// Which attempt it was, from 1; may repeat.
    public let attempt: Int
    /// `succeeded`, `failed`, `snoozed`, `discarded`, `lost`, `released`, `unknown_kind`, `unknown_key`, `undecodable`
    /// or `cancelled`.
    public let outcome: String
    /// A safe text.
    public let reason: String?
    /// The worker that had it; `nil` when none did.
    public let workerID: WorkerID?
    /// When a worker took the job.
    public let claimedAt: Date?
    /// When it ended.
    public let finishedAt: Date
    /// When the job was to run again, by the caller's clock.
    public let retryAt: Date?

    /// Reads a row of ``Queue/attempts(of:)``.
    public init(row: Row) throws(DatabaseError) {
        lease = Int(try row.value("lease", as: Int32.self))
        attempt = Int(try row.value("attempt", as: Int16.self))
        outcome = try row.value("outcome")
        reason = try row.optional("reason")
        workerID = try row.optional("worker_id", as: Int64.self).map(WorkerID.init(rawValue:))
        claimedAt = try row.optional("claimed_at")
        finishedAt = try row.value("finished_at")
        retryAt = try row.optional("retry_at")
    }
}

extension Queue {
    /// One job with its body; see ``JobDetails``.
    static func details(of id: JobID) -> SQL {
        located(bodies(of: [id]))
    }

    /// When a job is taken back from the worker that has it: `expires_at`.
    static func leaseEnd(of id: JobID) -> SQL {
        """
        SELECT w.expires_at FROM queue.leases l JOIN queue.workers w ON w.id = l.worker_id WHERE l.job_id = \(id)
        """
    }

    /// What a job waits for.
    static func upstream(of id: JobID) -> SQL {
        "SELECT on_job_id FROM queue.dependencies WHERE job_id = \(id) ORDER BY on_job_id"
    }

    /// What happened to a job so far.
    ///
    /// - Parameter id: The job's number.
    /// - Returns: A statement giving a ``JobAttempt`` for each time it was claimed and ended, the first first.
    public static func attempts(of id: JobID) -> SQL {
        """
        SELECT lease, attempt, outcome, reason, worker_id, claimed_at, finished_at, retry_at
        FROM queue.attempts
        WHERE job_id = \(id)
        ORDER BY lease
        """
    }
}
