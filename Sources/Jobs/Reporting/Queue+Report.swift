public import Database

extension Queue {
    /// Writes what a running job has told of itself.
    ///
    /// A line that is written a second time is kept once, so a report whose fate is unknown can be sent again. In a
    /// handler's transaction it stands before the completion, which ends the lease.
    ///
    /// - Parameters:
    ///   - report: What was told.
    ///   - lease: The lease; nothing is written when it no longer holds.
    /// - Returns: A statement giving `job_id` when the lease held.
    public static func report(_ report: JobReport, of lease: JobLease) -> SQL {
        """
        WITH held AS MATERIALIZED (
            -- Not locked: what comes too late meets the higher lease below, and does not overwrite it.
            SELECT job_id, lease
            FROM queue.leases
            WHERE job_id = \(lease.jobID) AND lease = \(lease.number) AND worker_id = \(lease.workerID)
        ),
        told AS (
            INSERT INTO queue.progress AS known (job_id, lease, fraction, message)
            SELECT job_id, lease, \(report.progress?.fraction)::double precision, \(report.progress?.message)::text
            FROM held
            WHERE \(report.progress != nil)
            ON CONFLICT (job_id) DO UPDATE
            SET changed_at = excluded.changed_at, lease = excluded.lease, fraction = excluded.fraction,
                message = excluded.message
            WHERE known.lease <= excluded.lease
        ),
        said AS (
            INSERT INTO queue.log_lines (job_id, lease, line, logged_at, level, text)
            SELECT held.job_id, held.lease, a.line, a.logged_at, a.level, a.text
            FROM held
            CROSS JOIN unnest(\(report.lines.map { Int32(clamping: $0.number) })::integer[],
                              \(report.lines.map(\.moment))::timestamptz[], \(report.lines.map(\.level))::text[],
                              \(report.lines.map(\.text))::text[]) AS a (line, logged_at, level, text)
            ON CONFLICT (job_id, lease, line) DO NOTHING
        ),
        gave AS (
            INSERT INTO queue.outputs AS known (job_id, lease, value)
            SELECT job_id, lease, \(report.output)::jsonb
            FROM held
            WHERE \(report.output != nil)
            ON CONFLICT (job_id) DO UPDATE
            SET written_at = excluded.written_at, lease = excluded.lease, value = excluded.value
            WHERE known.lease <= excluded.lease
        )
        SELECT job_id FROM held
        """
    }
}
