internal import Database

extension Queue {
    /// Gives dead letters up for good: they end as cancelled, and so does whatever waits for them.
    ///
    /// In its batch such a job stays counted as dead.
    ///
    /// - Parameters:
    ///   - jobs: The jobs; what is not dead is passed over.
    ///   - note: Who, and why.
    /// - Returns: A statement giving `job_id` for each job that ended, and what ``QueueFollowUp`` reads.
    static func discard(_ jobs: [JobID], by note: OperatorNote) -> SQL {
        """
        WITH \(askedFor(jobs)),
        locked AS MATERIALIZED (
            SELECT d.tid
            FROM asked
            CROSS JOIN LATERAL (
                SELECT dead.ctid AS tid FROM queue.dead WHERE dead.job_id = asked.job_id FOR UPDATE
            ) d
        ),
        gone AS (
            DELETE FROM queue.dead
            WHERE ctid = ANY (ARRAY(SELECT tid FROM locked))
            RETURNING job_id, lease, attempts, queue
        ),
        -- Its keys and its slot are free since it died, and its batch has heard of it.
        ended AS (SELECT job_id, 0::smallint AS traits, 'cancelled'::text AS outcome FROM gone),
        unslotted AS (SELECT job_id, traits FROM ended),
        \(endings),
        recorded AS (
            INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome, reason)
            SELECT job_id, lease + 1, attempts, queue, 'cancelled', \(note.reason)
            FROM gone
        ),
        \(noted(.discard, by: note, from: "gone"))
        SELECT a.*, NULL::text AS queue FROM (\(answer("gone"))) a
        """
    }
}
