public import Database

extension Queue {
    /// Ends jobs that nobody has begun as no longer due, in the caller's transaction.
    ///
    /// A job that runs is left alone: its handler looks at the world again. The unique keys are free again.
    ///
    /// - Parameters:
    ///   - events: A query that gives the ids of the events that caused them.
    ///   - reason: A safe text for operators.
    ///   - spared: The kinds of jobs that stay.
    /// - Returns: A statement giving the `job_id` of each job that was ended.
    public static func cancel(causedBy events: SQL, reason: String, sparing spared: [String] = []) -> SQL {
        """
        WITH asked AS MATERIALIZED (
            SELECT id FROM queue.jobs WHERE event_id IN (\(events)) AND NOT (kind = ANY(\(spared)))
        ),
        waiting AS (
            DELETE FROM queue.ready WHERE job_id IN (SELECT id FROM asked) RETURNING job_id, lease, attempt, queue
        ),
        planned AS (
            DELETE FROM queue.scheduled WHERE job_id IN (SELECT id FROM asked) RETURNING job_id, lease, attempt, queue
        ),
        gone AS (SELECT * FROM waiting UNION ALL SELECT * FROM planned),
        freed AS (
            DELETE FROM queue.unique_keys k USING queue.jobs j, gone g
            WHERE j.id = g.job_id AND k.kind = j.kind AND k.key = j.unique_key AND k.job_id = g.job_id
        )
        INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome, reason)
        SELECT job_id, lease, attempt, queue, 'succeeded', \(SafeText.cut(reason)) FROM gone
        RETURNING job_id
        """
    }
}
