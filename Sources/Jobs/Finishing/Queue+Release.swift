public import Database

extension Queue {
    /// Gives jobs back to their places in the line, as if this attempt had not been.
    ///
    /// Leases still only grow, and a job keeps the slot of its concurrency key. Jobs that somebody has asked to cancel
    /// end as cancelled instead.
    ///
    /// - Parameters:
    ///   - leases: The leases; those that no longer hold are passed over.
    ///   - reason: A safe text, recorded as an attempt that was given up; `nil` for jobs that were never begun.
    /// - Returns: A statement giving `job_id` for each job given back, with what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func release(_ leases: [JobLease], reason: String?) -> SQL {
        "WITH \(goneLeases(leases)), \(released(reason)) \(answer("gone"))"
    }

    /// Gives back whatever a worker holds, as ``release(_:reason:)`` does.
    ///
    /// For a worker that lost track of its jobs.
    ///
    /// - Parameters:
    ///   - worker: Whose jobs.
    ///   - reason: A safe text, recorded as an attempt that was given up.
    /// - Returns: A statement giving `job_id` for each job given back, with what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func releaseAll(of worker: WorkerID, reason: String) -> SQL {
        """
        WITH held AS MATERIALIZED (
            SELECT job_id FROM queue.leases WHERE worker_id = \(worker) ORDER BY job_id FOR UPDATE
        ),
        gone AS (
            DELETE FROM queue.leases
            WHERE job_id = ANY (ARRAY(SELECT job_id FROM held))
            RETURNING *
        ),
        \(released(reason))
        \(answer("gone"))
        """
    }

    private static func released(_ reason: String?) -> SQL {
        """
        \(endedByRequest),
        unslotted AS (SELECT job_id, traits FROM ended),
        \(endings),
        put AS (
            INSERT INTO queue.ready (seq, job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT seq, job_id, lease, shard, priority, attempt - 1, crashes, traits, queue
            FROM gone
            WHERE cancel_requested_at IS NULL
        ),
        \(recorded(as: "released", reason: reason, onlyCancelled: reason == nil))
        """
    }
}
