public import Database
public import Foundation

/// A job that a worker has claimed: its lease and its body.
public struct ClaimedJob: Sendable {
    /// The right to finish it.
    public let lease: JobLease
    /// Which attempt this is, from 1.
    ///
    /// It may repeat, as a job that was put off or lost was not tried.
    public let attempt: Int
    /// How often a worker was lost while it held this job.
    public let crashes: Int
    /// How often it is tried at most.
    public let maxAttempts: Int
    /// From 0, the most urgent, to 3.
    public let priority: Int16
    /// Where its tenant stands in line; 0 without a tenant.
    public let shard: Int16
    /// Its place in the line of its shard and priority.
    public let seq: Int64
    /// The queue it came from.
    public let queue: String
    /// What is to be done.
    public let kind: String
    /// What the handler needs.
    public let payload: JSON
    /// The record it is about.
    public let subject: JobSubject?
    /// The workflow event that caused it.
    public let eventID: UUID?
    /// The trace context of the request that caused it.
    public let traceParent: String?
    /// When it was enqueued, by the database's clock.
    public let createdAt: Date

    /// The job's number.
    public var id: JobID { lease.jobID }

    /// Reads a row of ``Queue/claim(for:from:floors:count:turn:)``.
    public init(row: Row) throws(DatabaseError) {
        lease = JobLease(
            jobID: JobID(rawValue: try row.value("job_id")), number: try row.value("lease"),
            workerID: WorkerID(rawValue: try row.value("worker_id")))
        attempt = Int(try row.value("attempt", as: Int16.self))
        crashes = Int(try row.value("crashes", as: Int16.self))
        maxAttempts = Int(try row.value("max_attempts", as: Int16.self))
        priority = try row.value("priority")
        shard = try row.value("shard")
        seq = try row.value("seq")
        queue = try row.value("queue")
        kind = try row.value("kind")
        payload = try row.value("payload")
        subject = try JobSubject(row: row)
        eventID = try row.optional("event_id")
        traceParent = try row.optional("trace_parent")
        createdAt = try row.value("created_at")
    }
}

extension JobSubject {
    /// Reads the columns `machine` and `record_id`, which are both there or both not.
    init?(row: Row) throws(DatabaseError) {
        guard let machine = try row.optional("machine", as: String.self),
            let recordID = try row.optional("record_id", as: UUID.self)
        else { return nil }
        self.init(machine: machine, recordID: recordID)
    }
}
