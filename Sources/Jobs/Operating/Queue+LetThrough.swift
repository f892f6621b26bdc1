internal import Database
internal import Foundation

extension Queue {
    /// Lets jobs pass the pause of their kind: to try one of them before the others are let go.
    ///
    /// - Parameters:
    ///   - jobs: The jobs; what is not held by the pause of its kind is passed over.
    ///   - note: Who, and why.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving the columns of ``placed(now:)`` for each job that was moved.
    static func letThrough(_ jobs: [JobID], by note: OperatorNote, now: Date) -> SQL {
        """
        WITH \(askedFor(jobs)),
        locked AS MATERIALIZED (
            SELECT h.tid
            FROM asked
            CROSS JOIN LATERAL (
                SELECT held.ctid AS tid
                FROM queue.held
                WHERE held.job_id = asked.job_id AND held.scope = 'kind'
                FOR UPDATE
            ) h
        ),
        taken AS (
            DELETE FROM queue.held
            WHERE ctid = ANY (ARRAY(SELECT tid FROM locked))
            RETURNING *
        ),
        moving AS MATERIALIZED (
            -- It has been admitted already: its rate limit is not asked again.
            SELECT t.job_id, t.lease, t.shard, t.priority, ((t.traits & ~4) | 16)::smallint AS traits, t.queue,
                   0::smallint AS attempt, 0::smallint AS crashes, b.concurrency_key, b.concurrency_limit AS slots
            FROM taken t
            LEFT JOIN LATERAL (
                SELECT j.concurrency_key, j.concurrency_limit
                FROM queue.jobs j
                WHERE j.id = t.job_id AND t.traits & 2 <> 0
                OFFSET 0
            ) b ON true
        ),
        \(placed(now: now)),
        \(noted(.retry, by: note, from: "moving"))
        SELECT * FROM placed ORDER BY job_id
        """
    }
}
