public import Database

extension Queue {
    /// Gives up the workers whose heartbeat has lapsed, by the database's clock.
    ///
    /// Safe on any node at any time.
    ///
    /// A beat that is being written at this moment wins: the row is looked at again once it is unlocked.
    ///
    /// - Returns: A statement giving `id` and `name` of each.
    public static func reap() -> SQL {
        "DELETE FROM queue.workers WHERE expires_at < clock_timestamp() RETURNING id, name"
    }

    /// Takes back every lease whose worker is not there.
    ///
    /// Safe on any node at any time.
    ///
    /// Not only those of workers that were just given up: one of them may claim once more before it learns of it. The
    /// job goes back to its place in the line; the attempt does not count but the crash does, and a job that has used
    /// up its crashes is dead as `worker_lost`, so that a job that kills its worker stops. Its ``LossPolicy`` may say
    /// that it is dead at once, or that the attempt counts. One that somebody has asked to cancel ends as cancelled.
    ///
    /// - Parameter limit: How many at most; ask again while as many come back.
    /// - Returns: A statement giving `job_id`, `queue` and `died` for each, with what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func rescue(limit: Int) -> SQL {
        """
        WITH orphans AS MATERIALIZED (
            SELECT l.job_id
            FROM queue.leases l
            WHERE NOT EXISTS (SELECT FROM queue.workers w WHERE w.id = l.worker_id)
            ORDER BY l.job_id
            LIMIT \(limit)::bigint
            FOR UPDATE SKIP LOCKED
        ),
        gone AS (
            DELETE FROM queue.leases
            WHERE job_id = ANY (ARRAY(SELECT job_id FROM orphans))
            RETURNING *
        ),
        judged AS MATERIALIZED (
            SELECT l.*, b.kind, b.body, b.on_lost,
                   CASE WHEN l.cancel_requested_at IS NOT NULL THEN 'cancelled'
                        WHEN l.crashes + 1 >= b.max_crashes OR b.on_lost = 'dead'
                             OR b.on_lost = 'attempt' AND l.attempt >= b.max_attempts THEN 'dead'
                   END AS outcome
            FROM gone l
            CROSS JOIN LATERAL (
                SELECT j.kind, j.max_crashes, j.max_attempts, j.on_lost, to_jsonb(j) AS body
                FROM queue.jobs j
                WHERE j.id = l.job_id
                OFFSET 0
            ) b
        ),
        put AS (
            INSERT INTO queue.ready (seq, job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT seq, job_id, lease, shard, priority, attempt - (on_lost <> 'attempt')::integer, crashes + 1, traits,
                   queue
            FROM judged
            WHERE outcome IS NULL
        ),
        laid AS (
            INSERT INTO queue.dead (job_id, kind, queue, reason, detail, lease, attempts, crashes, body)
            SELECT job_id, kind, queue, 'worker_lost',
                   'its worker was lost ' || CASE crashes WHEN 0 THEN 'once' ELSE crashes + 1 || ' times' END, lease,
                   attempt, crashes + 1, body
            FROM judged
            WHERE outcome = 'dead'
        ),
        ended AS (SELECT job_id, traits, outcome FROM judged WHERE outcome IS NOT NULL),
        unslotted AS (SELECT job_id, traits FROM ended),
        \(endings),
        \(recorded(as: "lost", reason: "the worker was lost"))
        SELECT j.job_id, j.queue, j.outcome IS NOT DISTINCT FROM 'dead' AS died, a.freed_key, a.dependents
        FROM judged j
        JOIN (\(answer("gone"))) a USING (job_id)
        """
    }
}
