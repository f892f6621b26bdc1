import Database
import Jobs

/// What holds of the random test's own traces, beside the rules of the queue.
enum ChaosRules {
    static let all = [
        QueueRule(
            "what a transaction wrote with a job's end is there exactly when the job has ended so",
            """
            SELECT 'job ' || e.job_id || ' has an effect of lease ' || e.lease || ', which did not succeed, or two' AS example
            FROM chaos.effects e
            LEFT JOIN queue.attempts a USING (job_id, lease)
            GROUP BY e.job_id, e.lease
            HAVING count(*) > 1 OR max(a.outcome) IS DISTINCT FROM 'succeeded'
            """),
        QueueRule(
            "a job begins only when what it waits for has succeeded",
            """
            SELECT 'job ' || e.job_id || ' was let go before job ' || e.on_job_id || ' succeeded' AS example
            FROM chaos.edges e
            WHERE NOT EXISTS (SELECT FROM queue.blocked b WHERE b.job_id = e.job_id)
              AND NOT EXISTS (SELECT FROM queue.attempts a
                              WHERE a.job_id = e.on_job_id AND a.outcome = 'succeeded')
              AND (NOT EXISTS (SELECT FROM queue.attempts a WHERE a.job_id = e.job_id AND a.worker_id IS NULL)
                   OR EXISTS (SELECT FROM queue.attempts a WHERE a.job_id = e.job_id AND a.worker_id IS NOT NULL))
            """),
        QueueRule(
            "a batch's callback is enqueued once, when it is closed",
            """
            SELECT closed.n || ' batches were closed, and ' || made.n || ' callbacks made' AS example
            FROM (SELECT count(*) AS n FROM queue.batches WHERE closed_at IS NOT NULL AND callback IS NOT NULL) closed,
                 (SELECT count(*) AS n FROM queue.jobs WHERE kind = 'callback') made
            WHERE closed.n <> made.n
            """),
    ]

    static let atRest = [
        QueueRule(
            "a batch of which all jobs have ended is closed",
            """
            SELECT 'batch ' || b.id || ' is open' AS example
            FROM queue.batches b
            WHERE b.closed_at IS NULL AND b.sealed_at IS NOT NULL
              AND NOT EXISTS (SELECT FROM queue.jobs j JOIN queue.blocked x ON x.job_id = j.id
                              WHERE j.batch_id = b.id)
            """),
        QueueRule(
            "what waits for a cancelled job is cancelled",
            """
            SELECT 'job ' || e.job_id || ' waits for job ' || e.on_job_id || ', which was cancelled' AS example
            FROM chaos.edges e
            JOIN queue.blocked b ON b.job_id = e.job_id
            JOIN queue.attempts a ON a.job_id = e.on_job_id AND a.outcome = 'cancelled'
            """),
    ]
}
