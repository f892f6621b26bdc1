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
    /// up its crashes is dead as `worker_lost`, so that a job that kills its worker stops.
    ///
    /// - Parameter limit: How many at most; ask again while as many come back.
    /// - Returns: A statement giving `job_id`, `queue` and `died` for each.
    public static func rescue(limit: Int) -> SQL {
        """
        WITH orphans AS MATERIALIZED (
            SELECT l.ctid AS tid
            FROM queue.leases l
            WHERE NOT EXISTS (SELECT FROM queue.workers w WHERE w.id = l.worker_id)
            ORDER BY l.job_id
            LIMIT \(limit)::bigint
            FOR UPDATE SKIP LOCKED
        ),
        lost AS (
            DELETE FROM queue.leases
            WHERE ctid = ANY (ARRAY(SELECT tid FROM orphans))
            RETURNING *
        ),
        judged AS MATERIALIZED (
            SELECT l.*, b.kind, b.body, l.crashes + 1 >= b.max_crashes AS died
            FROM lost l
            CROSS JOIN LATERAL (
                SELECT j.kind, j.max_crashes, to_jsonb(j) AS body FROM queue.jobs j WHERE j.id = l.job_id OFFSET 0
            ) b
        ),
        put AS (
            INSERT INTO queue.ready (seq, job_id, lease, shard, priority, attempt, crashes, queue)
            SELECT seq, job_id, lease, shard, priority, attempt - 1, crashes + 1, queue
            FROM judged
            WHERE NOT died
        ),
        laid AS (
            INSERT INTO queue.dead (job_id, kind, queue, reason, detail, lease, attempts, crashes, body)
            SELECT job_id, kind, queue, 'worker_lost', 'its worker was lost ' || crashes + 1 || ' times', lease,
                   attempt, crashes + 1, body
            FROM judged
            WHERE died
        ),
        ended AS (SELECT job_id FROM judged WHERE died),
        \(freedKeys),
        recorded AS (
            INSERT INTO queue.attempts (job_id, worker_id, claimed_at, lease, attempt, queue, outcome, reason)
            SELECT job_id, worker_id, claimed_at, lease, attempt, queue, 'lost', 'the worker was lost'
            FROM lost
        )
        SELECT job_id, queue, died FROM judged
        """
    }
}
