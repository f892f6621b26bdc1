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
        \(revived),
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
    static var revived: SQL {
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
        gone AS (DELETE FROM queue.dead d USING risen r WHERE d.job_id = r.ended_id),
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
            SET dead = b.dead - c.jobs
            FROM open
            JOIN counted c ON c.batch_id = open.id
            WHERE b.id = open.id
        ),
        moving AS MATERIALIZED (
            SELECT r.job_id, r.lease, 0::smallint AS attempt, 0::smallint AS crashes, (r.body).priority, (r.body).queue,
                   queue.shard((r.body).tenant) AS shard, (r.body).concurrency_key,
                   (r.body).concurrency_limit AS slots,
                   queue.traits((r.body).unique_key, (r.body).concurrency_key, (r.body).rate_key,
                                coalesce((SELECT t.batch_id FROM taken_back t WHERE t.job_id = r.ended_id),
                                         (SELECT open.id FROM open WHERE open.id = (r.body).batch_id))) AS traits
            FROM risen r
        )
        """
    }
}
