public import Database

extension Queue {
    /// Gives jobs back to their places in the line, as if this attempt had not been.
    ///
    /// Leases still only grow.
    ///
    /// - Parameters:
    ///   - leases: The leases; those that no longer hold are passed over.
    ///   - reason: A safe text, recorded as an attempt that was given up; `nil` for jobs that were never begun.
    /// - Returns: A statement giving `job_id` for each job given back.
    public static func release(_ leases: [JobLease], reason: String?) -> SQL {
        """
        WITH \(goneLeases(leases)),
        \(released(reason))
        SELECT job_id FROM gone
        """
    }

    /// Gives back whatever a worker holds, as ``release(_:reason:)`` does.
    ///
    /// For a worker that lost track of its jobs.
    ///
    /// - Parameters:
    ///   - worker: Whose jobs.
    ///   - reason: A safe text, recorded as an attempt that was given up.
    /// - Returns: A statement giving `job_id` for each job given back.
    public static func releaseAll(of worker: WorkerID, reason: String) -> SQL {
        """
        WITH held AS MATERIALIZED (
            SELECT ctid AS tid FROM queue.leases WHERE worker_id = \(worker) ORDER BY job_id FOR UPDATE
        ),
        gone AS (
            DELETE FROM queue.leases
            WHERE ctid = ANY (ARRAY(SELECT tid FROM held))
            RETURNING *
        ),
        \(released(reason))
        SELECT job_id FROM gone
        """
    }

    private static func released(_ reason: String?) -> SQL {
        """
        put AS (
            INSERT INTO queue.ready (seq, job_id, lease, shard, priority, attempt, crashes, queue)
            SELECT seq, job_id, lease, shard, priority, attempt - 1, crashes, queue
            FROM gone
        ),
        recorded AS (
            INSERT INTO queue.attempts (job_id, worker_id, claimed_at, lease, attempt, queue, outcome, reason)
            SELECT job_id, worker_id, claimed_at, lease, attempt, queue, 'released', \(reason.map(SafeText.cut))::text
            FROM gone
            WHERE \(reason != nil)
        )
        """
    }
}
