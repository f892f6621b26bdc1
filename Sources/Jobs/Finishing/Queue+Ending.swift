internal import Database

extension Queue {
    /// What the end of jobs sets free, for the common table expressions `ended` (`job_id`, `traits` and `outcome`:
    /// `succeeded`, `dead` or `cancelled`) and `unslotted` (`job_id`, `traits`: whoever runs no more, ended or not).
    ///
    /// Unique keys are free again, slots are given back, batches hear of it, and what waited for a success is let go.
    /// Dead letters let nobody go, for they may be run again. Rows of jobs without such traits touch nothing.
    static var endings: SQL {
        """
        freed AS (
            DELETE FROM queue.unique_keys u
            USING ended
            CROSS JOIN LATERAL (
                SELECT j.kind, j.unique_key
                FROM queue.jobs j
                WHERE j.id = ended.job_id AND j.unique_key IS NOT NULL
                OFFSET 0
            ) b
            WHERE ended.traits & 1 <> 0 AND u.kind = b.kind AND u.key = b.unique_key AND u.job_id = ended.job_id
        ),
        vacated AS (
            DELETE FROM queue.concurrency_slots
            WHERE ctid = ANY (ARRAY(
                SELECT s.tid
                FROM unslotted u
                CROSS JOIN LATERAL (
                    SELECT c.ctid AS tid FROM queue.concurrency_slots c WHERE c.job_id = u.job_id OFFSET 0
                ) s
                WHERE u.traits & 2 <> 0))
            RETURNING job_id, concurrency_key
        ),
        counted AS (
            INSERT INTO queue.batch_ends (batch_id, job_id, outcome)
            SELECT b.batch_id, e.job_id, e.outcome
            FROM ended e
            CROSS JOIN LATERAL (SELECT j.batch_id FROM queue.jobs j WHERE j.id = e.job_id OFFSET 0) b
            WHERE e.traits & 8 <> 0
        ),
        concerned AS MATERIALIZED (
            SELECT e.job_id AS on_job_id, e.outcome, d.job_id, d.tid
            FROM ended e
            CROSS JOIN LATERAL (
                SELECT x.ctid AS tid, x.job_id FROM queue.dependencies x WHERE x.on_job_id = e.job_id OFFSET 0
            ) d
            WHERE e.outcome <> 'dead'
              -- Costs nothing while nothing waits for anything.
              AND (SELECT EXISTS (SELECT FROM queue.dependencies))
        ),
        let_go AS (
            -- What a cancelled job leaves behind says why those that wait for it are to be cancelled.
            DELETE FROM queue.dependencies
            WHERE ctid = ANY (ARRAY(SELECT tid FROM concerned WHERE outcome = 'succeeded'))
        )
        """
    }

    /// The last part of a statement with ``endings``: a row for each job, with what is to be followed up.
    ///
    /// - Parameter jobs: The name of a common table expression with a column `job_id`.
    /// - Returns: A query whose rows are read by ``QueueFollowUp/init(rows:)``.
    static func answer(_ jobs: SQL) -> SQL {
        """
        SELECT r.job_id, v.concurrency_key AS freed_key, c.dependents
        FROM \(jobs) r
        LEFT JOIN vacated v USING (job_id)
        LEFT JOIN (SELECT on_job_id AS job_id, array_agg(job_id) AS dependents FROM concerned GROUP BY on_job_id) c
             USING (job_id)
        ORDER BY r.job_id
        """
    }
}
