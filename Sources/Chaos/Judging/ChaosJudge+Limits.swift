internal import Database
internal import Jobs

extension ChaosJudge {
    static var limitsKept: QueueRule {
        QueueRule(
            "no more jobs of a concurrency key ran at once than it allows, from what they wrote when they began and ended",
            """
            SELECT 'job ' || one.job_id || ' of ' || one.concurrency_key || ' began beside ' || count(*) || ' others'
                   AS example
            FROM (\(limitedRuns)) one
            JOIN (\(limitedRuns)) other
              ON other.concurrency_key = one.concurrency_key AND other.run_number <> one.run_number
             AND other.begun_at <= one.begun_at AND other.ended_at > one.begun_at
            GROUP BY one.job_id, one.concurrency_key, one.concurrency_limit
            HAVING count(*) >= one.concurrency_limit
            """)
    }

    /// When the jobs with a concurrency key that succeeded ran.
    private static var limitedRuns: SQL {
        """
        SELECT e.run_number, e.job_id, j.concurrency_key, j.concurrency_limit, r.begun_at, e.ended_at
        FROM chaos.effects e
        JOIN chaos.runs r ON r.number = e.run_number
        JOIN queue.jobs j ON j.id = e.job_id
        WHERE j.concurrency_key IS NOT NULL
        """
    }

    static var dependentsCameAfter: QueueRule {
        QueueRule(
            "a job that waits for another one began after that one had succeeded",
            """
            SELECT 'job ' || r.job_id || ' began before job ' || upstream.job_id || ' had succeeded' AS example
            FROM chaos.runs r
            JOIN queue.jobs j ON j.id = r.job_id
            JOIN chaos.sent upstream ON upstream.number = (j.payload ->> 'after')::bigint
            LEFT JOIN queue.attempts a ON a.job_id = upstream.job_id AND a.outcome = 'succeeded'
            WHERE a.finished_at IS NULL OR r.begun_at < a.finished_at
            """)
    }

    static var callbacksOnce: QueueRule {
        QueueRule(
            "a batch is closed when all its jobs have ended, and its callback runs once",
            """
            SELECT 'batch ' || b.id || ' is ' || CASE WHEN b.closed_at IS NULL THEN 'open' ELSE 'closed' END || ' and has '
                   || count(DISTINCT j.id) || ' callbacks' AS example
            FROM queue.batches b
            LEFT JOIN queue.jobs j ON j.kind = \(Callback.kind) AND j.payload ->> 'batch' = (b.callback ->> 'payload')::jsonb ->> 'batch'
            LEFT JOIN queue.jobs member ON member.batch_id = b.id
            LEFT JOIN queue.blocked waits ON waits.job_id = member.id
            GROUP BY b.id, b.closed_at
            HAVING count(waits.job_id) = 0 AND (count(DISTINCT j.id) <> 1 OR b.closed_at IS NULL)
            """)
    }
}
