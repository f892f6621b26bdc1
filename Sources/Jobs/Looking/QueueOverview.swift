public import Database
public import Foundation

/// What is in one queue.
public struct QueueOverview: Sendable, Hashable {
    /// The queue's name.
    public let queue: String
    /// How many jobs are in each place; see ``counted``.
    public let depths: [JobPlace: Int]
    /// Places that hold more than was counted.
    ///
    /// Of what is there, at least as many as ``depths`` says are in this queue.
    public let overflows: Set<JobPlace>
    /// How long the job that has been ready longest has been waiting for a worker, by the database's clock; `nil` when
    /// none waits.
    ///
    /// Of each line the first hundred are looked at. A job that was given back, or rescued, waits anew from that moment,
    /// although it has its old place in the line.
    public let oldestReadyAge: Duration?
    /// How many of the scheduled jobs wait to be tried again, having failed.
    public let retrying: Int
    /// The moment of the scheduled job that is next.
    public let nextRunAt: Date?
    /// Since when the queue is held.
    public let pausedAt: Date?
    /// Who holds it.
    public let pausedBy: String?
    /// Why it is held.
    public let pauseReason: String?

    /// The places in which jobs are counted; those that ended are not.
    public static let counted: [JobPlace] = [.ready, .leased, .scheduled, .waiting, .blocked, .held, .dead]

    /// Where counting ends: a place that holds more is said to hold more.
    public static let bound = 100_000

    /// Jobs that wait for a worker.
    public var ready: Int { depths[.ready] ?? 0 }
    /// Jobs that wait for their moment.
    public var scheduled: Int { depths[.scheduled] ?? 0 }
    /// Jobs that wait for a slot of their concurrency key.
    public var waiting: Int { depths[.waiting] ?? 0 }
    /// Jobs that wait for other jobs to succeed.
    public var blocked: Int { depths[.blocked] ?? 0 }
    /// Jobs whose kind or key is paused.
    public var held: Int { depths[.held] ?? 0 }
    /// Jobs that a worker has.
    public var leased: Int { depths[.leased] ?? 0 }
    /// Jobs that are not tried again.
    public var dead: Int { depths[.dead] ?? 0 }

    /// Reads a row of ``Queue/overview()``.
    public init(row: Row) throws(DatabaseError) {
        queue = try row.value("queue")
        var depths: [JobPlace: Int] = [:]
        for place in Self.counted { depths[place] = try row.value(place.rawValue) }
        self.depths = depths
        overflows = Set(try row.value("overflows", as: [String].self).compactMap(JobPlace.init(rawValue:)))
        oldestReadyAge = try row.optional("oldest_ready_ms", as: Int64.self).map { .milliseconds($0) }
        nextRunAt = try row.optional("next_run_at")
        retrying = try row.value("retrying")
        pausedAt = try row.optional("paused_at")
        pausedBy = try row.optional("paused_by")
        pauseReason = try row.optional("pause_reason")
    }

    /// Counts what is where.
    ///
    /// - Parameter session: Any session; one round trip.
    /// - Returns: The queues by name.
    /// - Throws: ``DatabaseError``.
    public static func all(in session: Session) throws(DatabaseError) -> [QueueOverview] {
        let rows = try session.pipeline([Queue.plansByIndex, Queue.overview()]).last?.rows ?? []
        return try rows.map { row throws(DatabaseError) in try QueueOverview(row: row) }
    }
}

extension Queue {
    /// Counts what is where, for each queue, up to a bound.
    ///
    /// However much the queue holds, no more than ``QueueOverview/bound`` rows of each place are read; of `ready` and
    /// `dead`, which have an index by queue, as many of each queue.
    ///
    /// - Returns: A statement giving a ``QueueOverview`` for each queue that has been served or has jobs, by name; run it
    ///   with ``plansByIndex``.
    public static func overview() -> SQL {
        let bound = QueueOverview.bound + 1
        return """
            WITH RECURSIVE lines (queue) AS (
                (SELECT queue FROM queue.ready ORDER BY queue LIMIT 1)
                UNION ALL
                SELECT (SELECT r.queue FROM queue.ready r WHERE r.queue > lines.queue ORDER BY r.queue LIMIT 1)
                FROM lines WHERE lines.queue IS NOT NULL
            ),
            graves (queue) AS (
                (SELECT queue FROM queue.dead ORDER BY queue LIMIT 1)
                UNION ALL
                SELECT (SELECT d.queue FROM queue.dead d WHERE d.queue > graves.queue ORDER BY d.queue LIMIT 1)
                FROM graves WHERE graves.queue IS NOT NULL
            ),
            counts (queue, place, jobs, next_run_at, retrying) AS (
                SELECT l.queue, 'ready', c.jobs, NULL::timestamptz, NULL::bigint
                FROM lines l
                CROSS JOIN LATERAL (
                    SELECT count(*) AS jobs
                    FROM (SELECT FROM queue.ready r WHERE r.queue = l.queue LIMIT \(bound)::bigint) x
                ) c
                WHERE l.queue IS NOT NULL
                UNION ALL
                SELECT g.queue, 'dead', c.jobs, NULL, NULL
                FROM graves g
                CROSS JOIN LATERAL (
                    SELECT count(*) AS jobs
                    FROM (SELECT FROM queue.dead d WHERE d.queue = g.queue LIMIT \(bound)::bigint) x
                ) c
                WHERE g.queue IS NOT NULL
                UNION ALL
                SELECT queue, 'scheduled', count(*), min(run_at), count(*) FILTER (WHERE attempt > 0)
                FROM (SELECT queue, run_at, attempt FROM queue.scheduled ORDER BY run_at LIMIT \(bound)::bigint) x GROUP BY queue
                UNION ALL
                SELECT queue, 'leased', count(*), NULL, NULL
                FROM (SELECT queue FROM queue.leases ORDER BY job_id LIMIT \(bound)::bigint) x GROUP BY queue
                UNION ALL
                SELECT queue, 'waiting', count(*), NULL, NULL
                FROM (SELECT queue FROM queue.waiting ORDER BY job_id LIMIT \(bound)::bigint) x GROUP BY queue
                UNION ALL
                SELECT queue, 'blocked', count(*), NULL, NULL
                FROM (SELECT queue FROM queue.blocked ORDER BY job_id LIMIT \(bound)::bigint) x GROUP BY queue
                UNION ALL
                SELECT queue, 'held', count(*), NULL, NULL
                FROM (SELECT queue FROM queue.held ORDER BY job_id LIMIT \(bound)::bigint) x GROUP BY queue
            ),
            judged AS MATERIALIZED (
                SELECT queue, place, least(jobs, \(bound - 1)::bigint) AS jobs, next_run_at, retrying,
                       CASE WHEN place IN ('ready', 'dead') THEN jobs ELSE sum(jobs) OVER (PARTITION BY place) END
                           >= \(bound)::bigint AS overflows
                FROM counts
            ),
            summed AS (
                SELECT queue, \(sums), min(next_run_at) AS next_run_at, max(retrying) AS retrying,
                       array_agg(place) FILTER (WHERE overflows) AS overflows
                FROM judged
                GROUP BY queue
            )
            SELECT queue, \(depths), coalesce(s.overflows, '{}') AS overflows, s.next_run_at, known.paused_at,
                   known.paused_by, known.pause_reason, coalesce(s.retrying, 0) AS retrying,
                   (extract(epoch FROM greatest(interval '0', clock_timestamp() - head.oldest)) * 1000)::bigint
                       * CASE WHEN head.oldest IS NOT NULL THEN 1 END AS oldest_ready_ms
            FROM (SELECT name AS queue, paused_at, paused_by, pause_reason FROM queue.queues) known
            FULL JOIN summed s USING (queue)
            LEFT JOIN LATERAL (
                SELECT min(first.ready_at) AS oldest
                FROM generate_series(0, 15) AS shards (shard)
                CROSS JOIN unnest(\(JobPriority.all)::smallint[]) AS priorities (priority)
                CROSS JOIN LATERAL (
                    SELECT r.ready_at
                    FROM queue.ready r
                    WHERE r.queue = coalesce(known.queue, s.queue) AND r.shard = shards.shard::smallint
                      AND r.priority = priorities.priority
                    ORDER BY r.seq
                    LIMIT 100
                ) first
            ) head ON true
            ORDER BY queue
            """
    }

    /// The name of a place is the name of its column.
    private static var sums: SQL {
        QueueOverview.counted.map { place in
            "sum(jobs) FILTER (WHERE place = \(place.rawValue))::bigint AS \(unsafeUnescaped: place.rawValue)"
        }.joined(separator: ", ")
    }

    private static var depths: SQL {
        QueueOverview.counted.map { place in
            let name: SQL = "\(unsafeUnescaped: place.rawValue)"
            return "coalesce(s.\(name), 0) AS \(name)"
        }.joined(separator: ", ")
    }
}
