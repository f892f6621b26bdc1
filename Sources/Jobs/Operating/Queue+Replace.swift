internal import Database
internal import Foundation

extension Queue {
    /// Replaces a dead letter by a new job that is the same but for its payload.
    ///
    /// Bodies never change, so it is another job: it names the one it replaces, and has its unique key, its place in its
    /// batch, and whoever waits for it. The dead letter ends as cancelled. Does nothing when the job is not dead, or
    /// when another job has its unique key by now.
    ///
    /// - Parameters:
    ///   - job: The dead letter.
    ///   - payload: What the handler gets instead.
    ///   - note: Who, and why.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving the columns of ``placed(now:)`` for the new job.
    static func replace(_ job: JobID, payload: JSON, by note: OperatorNote, now: Date) -> SQL {
        """
        WITH locked AS MATERIALIZED (
            SELECT job_id, lease, attempts, queue, body, queue.new_job_id() AS new_id
            FROM queue.dead
            WHERE job_id = \(job)
            FOR UPDATE
        ),
        bodies AS MATERIALIZED (
            SELECT l.new_id AS job_id, 0 AS lease, l.job_id AS ended_id, b AS body
            FROM locked l
            CROSS JOIN LATERAL jsonb_populate_record(
                NULL::queue.jobs,
                \(bodyDefaults) || l.body || jsonb_build_object(
                    'id', l.new_id, 'payload', \(payload)::jsonb, 'created_at', clock_timestamp(),
                    'replaces', l.job_id)) b
        ),
        \(revived()),
        written AS (INSERT INTO queue.jobs SELECT (body).* FROM risen),
        untied AS (
            DELETE FROM queue.dependencies d
            USING risen r
            WHERE d.on_job_id = r.ended_id
            RETURNING r.job_id AS on_job_id, d.job_id
        ),
        tied AS (INSERT INTO queue.dependencies (on_job_id, job_id) SELECT on_job_id, job_id FROM untied),
        ended AS (
            INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome, reason)
            SELECT l.job_id, l.lease + 1, l.attempts, l.queue, 'cancelled', 'replaced by job ' || r.job_id
            FROM locked l
            JOIN risen r ON r.ended_id = l.job_id
        ),
        \(placed(now: now)),
        noted AS (
            INSERT INTO queue.operations (job_id, replaced_by, action, operator, reason)
            SELECT ended_id, job_id, \(OperatorAction.edit.rawValue), \(note.name), \(note.reason)
            FROM risen
        )
        SELECT * FROM placed
        """
    }
}
