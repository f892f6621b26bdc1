internal import Database
internal import Foundation

extension Queue {
    /// Lets dead letters run again, as if they had never been tried; leases still only grow.
    ///
    /// One whose unique key another job has by now stays dead. Of two operators who raise the same letter the second
    /// finds it gone.
    ///
    /// - Parameters:
    ///   - jobs: The jobs; what is not dead is passed over.
    ///   - note: Who, and why.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving the columns of ``placed(now:)`` for each job that was raised.
    static func raise(_ jobs: [JobID], by note: OperatorNote, now: Date) -> SQL {
        """
        WITH \(askedFor(jobs)),
        locked AS MATERIALIZED (
            SELECT d.*
            FROM asked
            CROSS JOIN LATERAL (
                SELECT dead.job_id, dead.lease, dead.body FROM queue.dead WHERE dead.job_id = asked.job_id FOR UPDATE
            ) d
        ),
        \(raised(as: .retry, by: note, now: now))
        SELECT * FROM placed ORDER BY job_id
        """
    }

    /// Takes back that jobs were called off: they wait to be run again, and their attempts count on.
    ///
    /// One that was given up for good or replaced by another stays as it is, and so does one whose unique key another
    /// job has by now. Each must be locked by ``lockCancelled(_:)`` in a statement before, so that this one sees what
    /// was done meanwhile. That it was taken back is recorded as the release of a lease that nobody had.
    ///
    /// - Parameters:
    ///   - jobs: The jobs; what was not called off is passed over.
    ///   - note: Who, and why.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving the columns of ``placed(now:)`` for each job that waits again.
    static func takeUp(_ jobs: [JobID], by note: OperatorNote, now: Date) -> SQL {
        """
        WITH \(askedFor(jobs)),
        bodies AS MATERIALIZED (
            SELECT asked.job_id, last.lease + 1 AS lease, asked.job_id AS ended_id, j.body,
                   -- The attempt in which it was called off does not count.
                   last.attempt - (last.worker_id IS NOT NULL)::integer AS attempt,
                   (SELECT count(*) FROM queue.attempts a WHERE a.job_id = asked.job_id AND a.outcome = 'lost') AS crashes
            FROM asked
            CROSS JOIN LATERAL (SELECT b AS body FROM queue.jobs b WHERE b.id = asked.job_id OFFSET 0) j
            CROSS JOIN LATERAL (\(lastAttempt(of: "asked.job_id"))) last
            WHERE last.outcome = 'cancelled'
              AND NOT EXISTS (SELECT FROM queue.operations o
                              WHERE o.job_id = asked.job_id AND o.action IN ('discard', 'edit'))
        ),
        \(revived(
            from: "cancelled", attempt: "r.attempt::smallint", crashes: "r.crashes::smallint",
            """
            INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome)
            SELECT job_id, lease, attempt, (body).queue, 'released' FROM risen
            """)),
        \(placed(now: now)),
        \(noted(.retry, by: note, from: "risen"))
        SELECT * FROM placed ORDER BY job_id
        """
    }

    /// Lets one operator at a time take up the same jobs that were called off, until the transaction ends.
    ///
    /// There is no row of theirs to lock: what is recorded of a job never changes.
    static func lockCancelled(_ jobs: [JobID]) -> SQL {
        """
        WITH \(askedFor(jobs))
        SELECT pg_advisory_xact_lock(hashtextextended('queue.attempts', job_id))
        FROM (
            SELECT asked.job_id
            FROM asked
            CROSS JOIN LATERAL (\(lastAttempt(of: "asked.job_id"))) last
            WHERE last.outcome = 'cancelled'
            ORDER BY asked.job_id
        ) cancelled
        """
    }

    private static func lastAttempt(of job: SQL) -> SQL {
        """
        SELECT a.lease, a.attempt, a.worker_id, a.outcome FROM queue.attempts a
        WHERE a.job_id = \(job) ORDER BY a.lease DESC LIMIT 1
        """
    }

    /// What raises the dead letters of the common table expression `locked`, which has `job_id`, `lease` and `body`.
    ///
    /// - Returns: Common table expressions, the last of which are those of ``placed(now:)`` and the operator's note.
    static func raised(as action: OperatorAction, by note: OperatorNote, now: Date) -> SQL {
        """
        bodies AS MATERIALIZED (
            SELECT l.job_id, l.lease, l.job_id AS ended_id, b AS body
            FROM locked l
            CROSS JOIN LATERAL jsonb_populate_record(NULL::queue.jobs, \(bodyDefaults) || l.body) b
        ),
        \(revived()),
        restored AS (
            -- The partition that the body stood in may have been dropped since the job died.
            INSERT INTO queue.jobs
            SELECT (r.body).* FROM risen r WHERE NOT EXISTS (SELECT FROM queue.jobs j WHERE j.id = r.job_id)
        ),
        \(placed(now: now)),
        \(noted(action, by: note, from: "risen"))
        """
    }

    /// What a body has that was kept by a version of the program that did not know it.
    static var bodyDefaults: SQL { "'{\"on_lost\": \"retry\"}'::jsonb" }

    /// Takes those of `bodies` from the dead letters that can have their unique keys: `risen`, and `moving` for
    /// ``placed(now:)``.
    ///
    /// `bodies` has `job_id`, `lease`, `body` as a row of `queue.jobs`, and `ended_id`, under which it is dead. Its end
    /// is taken back from its batch; in a batch that is closed it counts no more.
    ///
    /// - Parameters:
    ///   - end: What a batch counts its end as: `dead` or `cancelled`.
    ///   - attempt: How many attempts of a row `r` of `bodies` count.
    ///   - crashes: How many workers that were lost with it count.
    ///   - leaving: How those of `risen` leave where they are.
    /// - Returns: Common table expressions.
    static func revived(
        from end: SQL = "dead", attempt: SQL = "0::smallint", crashes: SQL = "0::smallint",
        _ leaving: SQL = "DELETE FROM queue.dead d USING risen r WHERE d.job_id = r.ended_id"
    ) -> SQL {
        """
        won AS (
            INSERT INTO queue.unique_keys (kind, key, job_id)
            SELECT (body).kind, (body).unique_key, job_id
            FROM bodies
            WHERE (body).unique_key IS NOT NULL
            ORDER BY (body).kind COLLATE "C", (body).unique_key COLLATE "C", job_id
            ON CONFLICT (kind, key) DO NOTHING
            RETURNING job_id
        ),
        risen AS MATERIALIZED (
            SELECT *
            FROM bodies
            WHERE (body).unique_key IS NULL OR job_id IN (SELECT job_id FROM won)
        ),
        gone AS (\(leaving)),
        taken_back AS (
            DELETE FROM queue.batch_ends e
            USING risen r
            WHERE e.batch_id = (r.body).batch_id AND e.job_id = r.ended_id
            RETURNING e.batch_id, e.job_id
        ),
        counted AS MATERIALIZED (
            -- An end that is not there any more has been counted.
            SELECT (body).batch_id AS batch_id, count(*) AS jobs
            FROM risen
            WHERE (body).batch_id IS NOT NULL AND ended_id NOT IN (SELECT job_id FROM taken_back)
            GROUP BY 1
        ),
        open AS MATERIALIZED (
            SELECT b.id
            FROM queue.batches b
            WHERE b.id IN (SELECT batch_id FROM counted) AND b.closed_at IS NULL
            ORDER BY b.id
            FOR NO KEY UPDATE
        ),
        uncounted AS (
            UPDATE queue.batches b
            SET \(end) = b.\(end) - c.jobs
            FROM open
            JOIN counted c ON c.batch_id = open.id
            WHERE b.id = open.id
        ),
        moving AS MATERIALIZED (
            SELECT r.job_id, r.lease, \(attempt) AS attempt, \(crashes) AS crashes, (r.body).priority,
                   (r.body).queue, queue.shard((r.body).tenant) AS shard, (r.body).concurrency_key,
                   (r.body).concurrency_limit AS slots,
                   queue.traits((r.body).unique_key, (r.body).concurrency_key, (r.body).rate_key,
                                coalesce((SELECT t.batch_id FROM taken_back t WHERE t.job_id = r.ended_id),
                                         (SELECT open.id FROM open WHERE open.id = (r.body).batch_id))) AS traits
            FROM risen r
        )
        """
    }
}
