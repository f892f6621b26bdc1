internal import Database
internal import Foundation

extension Queue {
    /// Lets scheduled jobs run now instead of at their moments.
    ///
    /// Their limits stay in force: one with a rate limit is admitted as soon as that allows.
    ///
    /// - Parameters:
    ///   - jobs: The jobs; what is not scheduled is passed over.
    ///   - action: ``OperatorAction/runNow``, or ``OperatorAction/retry``, with which attempts are counted anew.
    ///   - note: Who, and why.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving the columns of ``placed(now:)`` for each job that was moved.
    static func hasten(_ jobs: [JobID], as action: OperatorAction, by note: OperatorNote, now: Date) -> SQL {
        let isAnew = action == .retry
        return """
            WITH \(askedFor(jobs)),
            locked AS MATERIALIZED (
                SELECT s.tid
                FROM asked
                CROSS JOIN LATERAL (
                    SELECT scheduled.ctid AS tid FROM queue.scheduled WHERE scheduled.job_id = asked.job_id FOR UPDATE
                ) s
            ),
            taken AS (
                DELETE FROM queue.scheduled
                WHERE ctid = ANY (ARRAY(SELECT tid FROM locked))
                RETURNING *
            ),
            moving AS MATERIALIZED (
                SELECT t.job_id, t.lease, t.shard, t.priority, t.traits, t.queue,
                       CASE WHEN \(isAnew) THEN 0 ELSE t.attempt END::smallint AS attempt,
                       CASE WHEN \(isAnew) THEN 0 ELSE t.crashes END::smallint AS crashes,
                       b.concurrency_key, b.concurrency_limit AS slots
                FROM taken t
                LEFT JOIN LATERAL (
                    SELECT j.concurrency_key, j.concurrency_limit
                    FROM queue.jobs j
                    WHERE j.id = t.job_id AND t.traits & 2 <> 0
                    OFFSET 0
                ) b ON true
            ),
            \(placed(now: now)),
            \(noted(action, by: note, from: "moving"))
            SELECT * FROM placed ORDER BY job_id
            """
    }
}
