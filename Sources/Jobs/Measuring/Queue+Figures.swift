public import Database
internal import Foundation

extension Queue {
    /// Adds up what has happened since it was done last, for ``QueueThroughput``.
    ///
    /// Of two processes at once one does it. What was written within the last ten seconds waits for the next time, for a
    /// transaction that began then may still be open.
    ///
    /// - Parameter session: A session outside of a transaction.
    /// - Returns: Whether there is more to add up at once.
    /// - Throws: `DatabaseError`.
    public static func addUpFigures(in session: Session) throws -> Bool {
        let row = try session.begin(with: [
            plansByStatistics,
            """
            SELECT until AS low, clock_timestamp() - interval '10 seconds' > until + interval '10 minutes' AS has_more,
                   date_trunc('second', least(until + interval '10 minutes',
                                              clock_timestamp() - interval '10 seconds')) AS high
            FROM queue.figures FOR UPDATE SKIP LOCKED
            """,
        ]).last?.rows.first
        guard let row else {
            try session.commit()
            return false
        }
        let (low, high): (Date, Date) = (try row.value("low"), try row.value("high"))
        guard high > low else {
            try session.commit()
            return false
        }
        try session.commit(with: [
            addUp(happened(from: low, to: high)), "UPDATE queue.figures SET until = \(high)",
            forgetFigures("throughput"), forgetFigures("run_times"),
        ])
        return try row.value("has_more")
    }

    /// What jobs were asked for and what attempts ended: `at`, `queue`, `kind`, and what each counts as.
    static func happened(from low: Date, to high: Date?) -> SQL {
        let (endsBefore, askedBefore): (SQL, SQL) =
            high.map { ("a.finished_at < \($0)", "j.id < queue.first_job_id(\($0)::timestamptz)") } ?? ("true", "true")
        return """
            SELECT a.finished_at AS at, a.queue, coalesce(j.kind, 'unknown') AS kind, 0 AS enqueued,
                   (a.outcome = 'succeeded')::integer AS succeeded, (a.outcome = 'cancelled')::integer AS cancelled,
                   (a.outcome IN ('failed', 'discarded', 'undecodable', 'lost'))::integer AS failed,
                   CASE WHEN a.outcome IN ('succeeded', 'failed', 'discarded') AND a.claimed_at IS NOT NULL
                        THEN queue.run_time_bin(a.finished_at - a.claimed_at) END AS bin
            FROM queue.attempts a
            LEFT JOIN queue.jobs j ON j.id = a.job_id
            WHERE a.finished_at >= \(low) AND \(endsBefore)
            UNION ALL
            SELECT j.created_at, j.queue, j.kind, 1, 0, 0, 0, NULL
            FROM queue.jobs j
            WHERE j.id >= queue.first_job_id(\(low)::timestamptz) AND \(askedBefore)
            """
    }

    /// Lets the server read stretches of a table as it sees fit, whatever was said to it before in the transaction.
    static var plansByStatistics: SQL {
        """
        SELECT set_config('enable_seqscan', 'on', true), set_config('enable_bitmapscan', 'on', true),
               set_config('plan_cache_mode', 'force_custom_plan', true)
        """
    }

    private static func addUp(_ happened: SQL) -> SQL {
        """
        WITH counted AS MATERIALIZED (
            SELECT spans.span, date_trunc(spans.span, h.at, 'UTC') AS at, h.queue, h.kind, h.bin,
                   sum(h.enqueued) AS enqueued, sum(h.succeeded) AS succeeded, sum(h.cancelled) AS cancelled,
                   sum(h.failed) AS failed, count(*) AS runs
            FROM (\(happened)) h
            CROSS JOIN (VALUES ('minute'), ('hour')) spans (span)
            GROUP BY 1, 2, 3, 4, 5
        ),
        timed AS (
            INSERT INTO queue.run_times AS r (span, at, queue, kind, bin, runs)
            SELECT span, at, queue, kind, bin, runs FROM counted WHERE bin IS NOT NULL
            ON CONFLICT (span, at, queue, kind, bin) DO UPDATE SET runs = r.runs + excluded.runs
        )
        INSERT INTO queue.throughput AS t (span, at, queue, kind, enqueued, succeeded, cancelled, failed)
        SELECT span, at, queue, kind, sum(enqueued), sum(succeeded), sum(cancelled), sum(failed)
        FROM counted
        GROUP BY 1, 2, 3, 4
        ON CONFLICT (span, at, queue, kind) DO UPDATE
        SET enqueued = t.enqueued + excluded.enqueued, succeeded = t.succeeded + excluded.succeeded,
            cancelled = t.cancelled + excluded.cancelled, failed = t.failed + excluded.failed
        """
    }

    /// Minutes are kept for a day, and what a page of a day shows beside it; hours for a month.
    private static func forgetFigures(_ table: String) -> SQL {
        """
        DELETE FROM queue.\(unsafeUnescaped: table)
        WHERE (span = 'minute' AND at < clock_timestamp() - interval '25 hours')
           OR (span = 'hour' AND at < clock_timestamp() - interval '31 days')
        """
    }
}
