internal import Database

extension Queue {
    /// Says where jobs are: the columns of ``JobSummary`` for the bodies in `chosen`.
    ///
    /// A job that is in no other place is ready: `ready` has no index by job, and needs none for this.
    ///
    /// - Parameter chosen: A query for rows of `queue.jobs`.
    /// - Returns: A query, without an order.
    static func located(_ chosen: SQL) -> SQL {
        """
        SELECT j.id AS job_id, j.kind, j.queue, j.priority, j.max_attempts, j.machine, j.record_id, j.event_id,
               j.created_at, j.payload, j.unique_key, j.trace_parent, s.run_at, l.worker_id, l.claimed_at,
               CASE WHEN last.outcome = 'succeeded' THEN 'finished'
                    WHEN last.outcome = 'cancelled' THEN 'cancelled'
                    WHEN d.job_id IS NOT NULL THEN 'dead'
                    WHEN l.job_id IS NOT NULL THEN 'leased'
                    WHEN s.job_id IS NOT NULL THEN 'scheduled'
                    WHEN w.job_id IS NOT NULL THEN 'waiting'
                    WHEN b.job_id IS NOT NULL THEN 'blocked'
                    WHEN h.job_id IS NOT NULL THEN 'held'
                    ELSE 'ready' END AS place,
               coalesce(story.attempts, 0) AS attempts, coalesce(story.crashes, 0) AS crashes,
               CASE WHEN last.outcome IN ('succeeded', 'cancelled') THEN last.reason END AS note,
               failure.reason AS last_error,
               CASE WHEN last.outcome IN ('succeeded', 'cancelled') THEN last.finished_at ELSE d.died_at
               END AS finished_at
        FROM (\(chosen)) j
        LEFT JOIN queue.scheduled s ON s.job_id = j.id
        LEFT JOIN queue.waiting w ON w.job_id = j.id
        LEFT JOIN queue.blocked b ON b.job_id = j.id
        LEFT JOIN queue.held h ON h.job_id = j.id
        LEFT JOIN queue.leases l ON l.job_id = j.id
        LEFT JOIN queue.dead d ON d.job_id = j.id
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE a.outcome IN ('succeeded', 'failed', 'discarded', 'undecodable')) AS attempts,
                   count(*) FILTER (WHERE a.outcome = 'lost') AS crashes
            FROM queue.attempts a
            WHERE a.job_id = j.id
        ) story ON true
        LEFT JOIN LATERAL (
            SELECT a.outcome, a.reason, a.finished_at
            FROM queue.attempts a
            WHERE a.job_id = j.id
            ORDER BY a.lease DESC
            LIMIT 1
        ) last ON true
        LEFT JOIN LATERAL (
            SELECT a.reason
            FROM queue.attempts a
            WHERE a.job_id = j.id AND a.outcome IN ('failed', 'discarded', 'lost', 'unknown_kind', 'unknown_key',
                                                   'undecodable')
            ORDER BY a.lease DESC
            LIMIT 1
        ) failure ON true
        """
    }
}
