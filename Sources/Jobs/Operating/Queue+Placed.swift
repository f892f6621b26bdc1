internal import Database
internal import Foundation

extension Queue {
    /// Puts the jobs of the common table expression `moving` where they belong now: what has a rate limit is scheduled
    /// to be admitted anew, what has a concurrency key waits for a slot, and the rest is ready.
    ///
    /// `moving` has the columns of `queue.ready` without `seq` and `ready_at`, and `concurrency_key` and `slots`.
    ///
    /// - Parameter now: The caller's clock.
    /// - Returns: Common table expressions, the last of which is `placed` with `job_id`, `queue`, `place` and what
    ///   ``QueueFollowUp`` reads.
    static func placed(now: Date) -> SQL {
        """
        planned AS (
            INSERT INTO queue.scheduled (run_at, job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT \(now)::timestamptz, job_id, lease, shard, priority, attempt, crashes, traits, queue
            FROM moving
            WHERE traits & 4 <> 0
        ),
        in_line AS (
            INSERT INTO queue.waiting (concurrency_key, priority, job_id, lease, slots, shard, attempt, crashes, traits,
                                       queue)
            SELECT concurrency_key, priority, job_id, lease, slots, shard, attempt, crashes, traits, queue
            FROM moving
            WHERE traits & 6 = 2
            ORDER BY job_id
        ),
        at_once AS (
            INSERT INTO queue.ready (job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT job_id, lease, shard, priority, attempt, crashes, traits, queue
            FROM moving
            WHERE traits & 6 = 0
            ORDER BY job_id
        ),
        placed AS (
            SELECT job_id, queue,
                   CASE WHEN traits & 4 <> 0 THEN 'scheduled' WHEN traits & 2 <> 0 THEN 'waiting' ELSE 'ready' END
                       AS place,
                   CASE WHEN traits & 6 = 2 THEN concurrency_key END AS freed_key, NULL::bigint[] AS dependents
            FROM moving
        )
        """
    }

    /// The jobs that are meant, in the order of their ids, so that two operators cannot wait for each other.
    static func askedFor(_ jobs: [JobID]) -> SQL {
        """
        asked AS MATERIALIZED (
            SELECT DISTINCT a.job_id FROM unnest(\(jobs.map(\.rawValue))::bigint[]) AS a (job_id) ORDER BY a.job_id
        )
        """
    }

    /// Records what an operator does to the jobs of the common table expression `from`, which has `job_id`.
    static func noted(_ action: OperatorAction, by note: OperatorNote, from: SQL) -> SQL {
        """
        noted AS (
            INSERT INTO queue.operations (job_id, action, operator, reason)
            SELECT job_id, \(action.rawValue), \(note.name), \(note.reason)
            FROM \(from)
            ORDER BY job_id
        )
        """
    }
}
