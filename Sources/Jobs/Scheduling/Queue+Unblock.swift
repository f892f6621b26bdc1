public import Database

extension Queue {
    /// Lets blocked jobs go whose dependencies have all succeeded, and cancels those of which one was cancelled.
    ///
    /// Safe on any node at any time.
    ///
    /// - Parameter jobs: The jobs; those that have to wait on, or are elsewhere, are passed over.
    /// - Returns: A statement giving for each job that was let go or cancelled `job_id`, `queue`, `place`, `freed_key`
    ///   (the concurrency key it waits for) and `dependents`; see ``QueueFollowUp``.
    public static func unblock(_ jobs: [JobID]) -> SQL {
        let asked: SQL = "SELECT DISTINCT id FROM unnest(\(jobs.map(\.rawValue))::bigint[]) AS a (id)"
        return "WITH asked AS MATERIALIZED (\(asked)), \(unblocking) \(unblocked)"
    }

    /// Does what ``unblock(_:)`` does for the next blocked jobs.
    ///
    /// - Parameters:
    ///   - job: The last job that was looked at; `nil` begins with the first.
    ///   - limit: How many jobs to look at.
    /// - Returns: A statement as ``unblock(_:)``, with `last_job` in each row: where to go on; a row without `job_id`
    ///   when none was let go, and no `last_job` when there was no job left.
    public static func unblockSweep(after job: JobID?, limit: Int) -> SQL {
        """
        WITH asked AS MATERIALIZED (
            SELECT job_id AS id
            FROM queue.blocked
            WHERE job_id > \(job ?? JobID(rawValue: 0))
            ORDER BY job_id
            LIMIT \(limit)::bigint
        ),
        \(unblocking)
        SELECT u.*, l.last_job
        FROM (SELECT max(id) AS last_job FROM asked) l
        LEFT JOIN (\(unblocked)) u ON true
        """
    }

    /// Looks at what the dependencies say and how their jobs ended: one that ended before the dependency was there, or
    /// at the same time, has not taken it away.
    private static var unblocking: SQL {
        """
        judged AS MATERIALIZED (
            SELECT asked.id, coalesce(bool_or(d.outcome = 'cancelled'), false) AS is_cancelled,
                   count(d.on_job_id) FILTER (WHERE d.outcome IS DISTINCT FROM 'succeeded') = 0 AS is_free
            FROM asked
            LEFT JOIN LATERAL (
                SELECT x.on_job_id, e.outcome
                FROM queue.dependencies x
                LEFT JOIN LATERAL (
                    SELECT a.outcome
                    FROM queue.attempts a
                    WHERE a.job_id = x.on_job_id AND a.outcome IN ('succeeded', 'cancelled')
                      AND \(isNotTakenBack("a"))
                    LIMIT 1
                ) e ON true
                WHERE x.job_id = asked.id
                OFFSET 0
            ) d ON true
            GROUP BY asked.id
        ),
        going AS MATERIALIZED (
            -- Only what goes is locked, so that whoever learns of the last success is not passed over.
            SELECT b.tid, j.is_cancelled
            FROM judged j
            CROSS JOIN LATERAL (
                SELECT x.ctid AS tid FROM queue.blocked x WHERE x.job_id = j.id FOR UPDATE SKIP LOCKED
            ) b
            WHERE j.is_cancelled OR j.is_free
        ),
        moved AS (
            DELETE FROM queue.blocked
            WHERE ctid = ANY (ARRAY(SELECT tid FROM going))
            RETURNING *
        ),
        untied AS (
            DELETE FROM queue.dependencies
            WHERE ctid = ANY (ARRAY(
                SELECT d.tid
                FROM moved m
                CROSS JOIN LATERAL (
                    SELECT x.ctid AS tid FROM queue.dependencies x WHERE x.job_id = m.job_id OFFSET 0
                ) d))
        ),
        ended AS (
            SELECT m.*, 'cancelled'::text AS outcome
            FROM moved m
            WHERE m.job_id IN (SELECT id FROM judged WHERE is_cancelled)
        ),
        unslotted AS (SELECT job_id, traits FROM ended),
        \(endings),
        recorded AS (
            INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome, reason)
            SELECT job_id, lease + 1, attempt, queue, 'cancelled', 'a job that it waited for was cancelled'
            FROM ended
        ),
        later AS (
            INSERT INTO queue.scheduled (run_at, job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT run_at, job_id, lease, shard, priority, attempt, crashes, traits, queue
            FROM moved
            WHERE run_at IS NOT NULL AND job_id NOT IN (SELECT job_id FROM ended)
        ),
        onward AS (
            SELECT * FROM moved WHERE run_at IS NULL AND job_id NOT IN (SELECT job_id FROM ended)
        ),
        \(onward("onward", order: "blocked_at, job_id"))
        """
    }

    private static var unblocked: SQL {
        """
        SELECT m.job_id, m.queue,
               CASE WHEN e.job_id IS NOT NULL THEN 'cancelled'
                    WHEN m.run_at IS NOT NULL THEN 'scheduled'
                    WHEN k.job_id IS NOT NULL THEN 'waiting'
                    ELSE 'ready' END AS place,
               k.concurrency_key AS freed_key, c.dependents
        FROM moved m
        LEFT JOIN ended e USING (job_id)
        LEFT JOIN keyed k USING (job_id)
        LEFT JOIN (SELECT on_job_id AS job_id, array_agg(job_id) AS dependents FROM concerned GROUP BY on_job_id) c
             USING (job_id)
        ORDER BY m.job_id
        """
    }
}
