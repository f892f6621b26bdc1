public import Database
public import Foundation

extension Queue {
    /// Makes ready what is due at `now`, in the order of its moments.
    ///
    /// Safe on any node at any time.
    ///
    /// - Parameters:
    ///   - now: The caller's clock.
    ///   - limit: How many at most; ask again while as many come back.
    /// - Returns: A statement giving `queue` and `jobs`, how many, for each queue that got some.
    public static func promote(now: Date, limit: Int) -> SQL {
        """
        WITH due AS MATERIALIZED (
            SELECT ctid AS tid
            FROM queue.scheduled
            WHERE run_at <= \(now)
            ORDER BY run_at
            LIMIT \(limit)::bigint
            FOR UPDATE SKIP LOCKED
        ),
        taken AS (
            DELETE FROM queue.scheduled
            WHERE ctid = ANY (ARRAY(SELECT tid FROM due))
            RETURNING *
        ),
        put AS (
            INSERT INTO queue.ready (job_id, lease, shard, priority, attempt, crashes, queue)
            SELECT job_id, lease, shard, priority, attempt, crashes, queue
            FROM taken
            ORDER BY run_at, job_id
        )
        SELECT queue, count(*) AS jobs FROM taken GROUP BY queue
        """
    }
}
