public import Database
public import Foundation

extension Queue {
    /// Says that a handler goes on although its task was cancelled, and forgets those whose workers are gone.
    ///
    /// - Parameters:
    ///   - lease: Under which it ran; the job is taken from it by another statement.
    ///   - kind: What it does.
    ///   - queue: From which queue.
    ///   - timeLimit: How long it should have taken at most.
    /// - Returns: A statement without rows.
    public static func markStuck(_ lease: JobLease, kind: String, queue: String, timeLimit: Duration) -> SQL {
        """
        WITH bygone AS (
            DELETE FROM queue.stuck_handlers s
            WHERE NOT EXISTS (SELECT FROM queue.workers w WHERE w.id = s.worker_id)
        )
        INSERT INTO queue.stuck_handlers (worker_id, job_id, lease, time_limit_ms, kind, queue)
        VALUES (\(lease.workerID), \(lease.jobID), \(lease.number), \(Int64(timeLimit / .milliseconds(1))), \(kind),
                \(queue))
        ON CONFLICT (worker_id, job_id, lease) DO NOTHING
        """
    }

    /// Says that a handler has ended after all.
    ///
    /// - Parameter lease: Under which it ran.
    /// - Returns: A statement without rows.
    public static func clearStuck(_ lease: JobLease) -> SQL {
        """
        DELETE FROM queue.stuck_handlers
        WHERE worker_id = \(lease.workerID) AND job_id = \(lease.jobID) AND lease = \(lease.number)
        """
    }

    /// The handlers that do not stop, the longest first.
    ///
    /// - Returns: A statement giving a ``StuckHandler`` for each one whose worker lives.
    public static func stuckHandlers() -> SQL {
        """
        SELECT s.stuck_at, s.worker_id, s.job_id, s.lease, s.time_limit_ms, s.kind, s.queue, w.name AS worker
        FROM queue.stuck_handlers s
        JOIN queue.workers w ON w.id = s.worker_id
        ORDER BY s.stuck_at, s.job_id
        """
    }
}

/// A handler that went on although its task was cancelled.
///
/// Its job was taken from it and is tried again; it cannot finish it any more. But it holds what it holds until it ends
/// or its process is started anew.
public struct StuckHandler: Sendable, Hashable {
    /// The job it was given.
    public let jobID: JobID
    /// The job's kind.
    public let kind: String
    /// The queue the job came from.
    public let queue: String
    /// Under which lease it had the job.
    public let lease: Int
    /// How long it should have taken at most.
    public let timeLimit: Duration
    /// The process it is in.
    public let workerID: WorkerID
    /// The name of that process.
    public let worker: String
    /// When it should have stopped, by the database's clock.
    public let stuckAt: Date

    /// Reads a row of ``Queue/stuckHandlers()``.
    public init(row: Row) throws(DatabaseError) {
        jobID = JobID(rawValue: try row.value("job_id"))
        kind = try row.value("kind")
        queue = try row.value("queue")
        lease = try row.value("lease")
        timeLimit = .milliseconds(try row.value("time_limit_ms", as: Int64.self))
        workerID = WorkerID(rawValue: try row.value("worker_id"))
        worker = try row.value("worker")
        stuckAt = try row.value("stuck_at")
    }
}
