public import Database
public import Foundation

/// A process that works on jobs, and what it works on.
public struct QueueWorker: Sendable, Hashable {
    /// A job that it holds.
    public struct Lease: Sendable, Hashable {
        /// The job.
        public let jobID: JobID
        /// What is done.
        public let kind: String
        /// Which try it is.
        public let attempt: Int
        /// Since when.
        public let since: Date
    }

    /// Its number, which no other process ever had.
    public let id: Int64
    /// For people: host and process.
    public let name: String
    /// The queues that it looks after.
    public let queues: [String]
    /// What it can do.
    public let kinds: [String]
    /// Since when it works.
    public let startedAt: Date
    /// When its jobs are taken back unless it is heard of before.
    public let expiresAt: Date
    /// What it works on, the oldest first.
    public let leases: [Lease]
    /// Who wishes that it takes nothing new; nil when it does.
    public let drain: WorkerDrain?

    /// Whether it takes jobs, as far as anybody knows: it has been heard of, and nobody drains it.
    ///
    /// - Parameter now: The present, by the database's clock.
    /// - Returns: Whether it does.
    public func takesJobs(at now: Date) -> Bool { drain == nil && expiresAt > now }

    /// Reads a row of ``Queue/workers()``.
    public init(row: Row) throws(DatabaseError) {
        (id, name) = (try row.value("id"), try row.value("name"))
        (queues, kinds) = (try row.value("queues"), try row.value("kinds"))
        (startedAt, expiresAt) = (try row.value("started_at"), try row.value("expires_at"))
        drain = try WorkerDrain(row: row)
        let (jobs, does): ([Int64], [String]) = (try row.value("jobs"), try row.value("does"))
        let (attempts, since): ([Int], [Date]) = (try row.value("attempts"), try row.value("since"))
        leases = jobs.indices.map { index in
            Lease(
                jobID: JobID(rawValue: jobs[index]), kind: does[index], attempt: attempts[index], since: since[index])
        }
    }
}

extension Queue {
    /// The processes that work on jobs, those that began first before the others.
    ///
    /// - Returns: A statement giving a ``QueueWorker`` for each.
    public static func workers() -> SQL {
        """
        SELECT w.id, w.name, w.queues, w.kinds, w.started_at, w.expires_at, w.draining_at, w.drained_by,
               w.drain_reason, l.jobs, l.does, l.attempts, l.since
        FROM queue.workers w
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(l.job_id ORDER BY l.claimed_at, l.job_id), '{}') AS jobs,
                   coalesce(array_agg(j.kind ORDER BY l.claimed_at, l.job_id), '{}') AS does,
                   coalesce(array_agg(l.attempt::integer ORDER BY l.claimed_at, l.job_id), '{}') AS attempts,
                   coalesce(array_agg(l.claimed_at ORDER BY l.claimed_at, l.job_id), '{}') AS since
            FROM queue.leases l
            JOIN queue.jobs j ON j.id = l.job_id
            WHERE l.worker_id = w.id
        ) l
        ORDER BY w.started_at, w.id
        """
    }
}
