public import Database
public import Foundation

extension Queue {
    /// Makes ready what is due at `now`, in the order of its moments; what has a concurrency key gets in line for a
    /// slot.
    ///
    /// Of the jobs of a rate limit as many go on as it allows at this moment, the most urgent first and then those that
    /// were put off before; the others are put off to a moment of their own. What was put off goes by the same count
    /// when its moment comes: a scheduler that was away for an hour does not let an hour's jobs go at once.
    ///
    /// Safe on any node at any time: the row of the rate limit lets one after the other.
    ///
    /// - Parameters:
    ///   - now: The caller's clock.
    ///   - limit: How many at most; ask again while as many come back.
    /// - Returns: A statement giving `queue` and `jobs`, how many were due, for each queue that had some, and `keys`:
    ///   the concurrency keys to ``admit(_:)``.
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
        \(limited(now: now)),
        going AS MATERIALIZED (
            SELECT job_id, lease, shard, priority, attempt, crashes, traits, queue, run_at
            FROM taken
            WHERE traits & 4 = 0
            UNION ALL
            SELECT job_id, lease, shard, priority, attempt, crashes, traits, queue, run_at
            FROM ranked
            JOIN passed USING (rate_key)
            WHERE rank <= let_through
        ),
        \(onward("going", order: "run_at, job_id"))
        SELECT t.queue, count(*) AS jobs,
               coalesce(array_agg(DISTINCT k.concurrency_key) FILTER (WHERE k.concurrency_key IS NOT NULL),
                        ARRAY[]::text[]) AS keys
        FROM taken t
        LEFT JOIN keyed k USING (job_id)
        GROUP BY t.queue
        """
    }

    /// Takes the due jobs of each rate limit in line, decides how many go, and puts off the others.
    ///
    /// `tat` counts what has gone; `planned_to` what `tat` will be when all that were put off have gone. Who has been
    /// put off before and must wait again stays ahead of those that come now.
    private static func limited(now: Date) -> SQL {
        """
        bodies AS MATERIALIZED (
            SELECT t.*, b.rate_key, b.rate_interval_us, b.rate_burst
            FROM taken t
            CROSS JOIN LATERAL (
                SELECT j.rate_key, j.rate_interval_us, j.rate_burst FROM queue.jobs j WHERE j.id = t.job_id OFFSET 0
            ) b
            WHERE t.traits & 4 <> 0
        ),
        ranked AS MATERIALIZED (
            SELECT b.*, row_number() OVER line AS rank,
                   count(*) FILTER (WHERE NOT is_planned) OVER rest AS newcomers
            FROM bodies b
            WINDOW line AS (PARTITION BY rate_key ORDER BY priority, is_planned DESC, run_at, job_id),
                   rest AS (line ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        ),
        limits AS MATERIALIZED (
            -- When jobs of one key disagree, the stricter one counts.
            SELECT rate_key, count(*) AS jobs, max(rate_interval_us) AS pace, min(rate_burst) AS burst,
                   count(*) FILTER (WHERE NOT is_planned) AS newcomers
            FROM ranked
            GROUP BY rate_key
        ),
        passed AS (
            INSERT INTO queue.rate_limits AS r (key, tat, planned_to, let_through)
            SELECT rate_key, \(later("\(now)::timestamptz", by: "least(jobs, burst)")),
                   \(later("\(now)::timestamptz", by: "jobs")), least(jobs, burst)
            FROM limits
            ORDER BY rate_key
            ON CONFLICT (key) DO UPDATE SET (tat, planned_to, let_through) = (
                SELECT \(later("greatest(r.tat, \(now))", by: "g.jobs")),
                       \(later("greatest(r.planned_to, \(later("greatest(r.tat, \(now))", by: "g.jobs")))",
                               by: """
                               coalesce((SELECT x.newcomers FROM ranked x
                                         WHERE x.rate_key = r.key AND x.rank = g.jobs + 1), 0)
                               """)),
                       g.jobs
                FROM limits l
                CROSS JOIN LATERAL (
                    SELECT queue.let_through(r.tat, \(now)::timestamptz, l.pace, l.burst, l.jobs) AS jobs OFFSET 0
                ) g
                WHERE l.rate_key = r.key
            )
            RETURNING key AS rate_key, tat, planned_to, let_through
        ),
        put_off AS (
            INSERT INTO queue.scheduled
                        (run_at, job_id, lease, shard, priority, attempt, crashes, traits, is_planned, queue)
            SELECT CASE WHEN w.is_planned THEN w.tat ELSE w.planned_to - w.place * w.pace * interval '1 microsecond' END
                       + (w.place_among * w.pace - (w.burst - 1) * w.pace) * interval '1 microsecond',
                   job_id, lease, shard, priority, attempt, crashes, traits, true, queue
            FROM (
                SELECT k.*, p.tat, p.planned_to, l.pace, l.burst,
                       count(*) FILTER (WHERE NOT k.is_planned) OVER (PARTITION BY k.rate_key) AS place,
                       row_number() OVER (PARTITION BY k.rate_key, k.is_planned ORDER BY k.rank) - 1 AS place_among
                FROM ranked k
                JOIN limits l USING (rate_key)
                JOIN passed p USING (rate_key)
                WHERE k.rank > p.let_through
            ) w
        )
        """
    }

    /// Forgets rate limits that lie in the past: without a row they are the same.
    ///
    /// Safe on any node at any time.
    ///
    /// - Parameter now: The caller's clock.
    /// - Returns: A statement without rows.
    public static func forgetRates(now: Date) -> SQL {
        "DELETE FROM queue.rate_limits WHERE tat <= \(now) AND planned_to <= \(now)"
    }

    private static func later(_ moment: SQL, by jobs: SQL) -> SQL {
        "\(moment) + (\(jobs)) * pace * interval '1 microsecond'"
    }
}
