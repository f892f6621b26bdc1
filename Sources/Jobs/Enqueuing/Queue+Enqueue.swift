public import Database
public import Foundation

extension Queue {
    /// Puts jobs into the queue, in the caller's transaction, with one statement.
    ///
    /// What is due at `now` becomes ready, the rest is scheduled; a job with a concurrency key waits for a slot, one
    /// with dependencies is blocked until they have succeeded, and one with a rate limit is scheduled and gets its
    /// moment from ``promote(now:limit:)``. No slot is taken here, where it would make others wait for this
    /// transaction.
    ///
    /// A request whose kind and key a live job has already makes no job and is answered with that job; a running job is
    /// live, so what a handler asks for again under its own job's key is that job. Requests that take a key wait for a
    /// transaction that took the same key and has not ended; keys are taken in order, so two statements cannot wait for
    /// each other.
    ///
    /// Fails with ``sealedState`` for a batch that is sealed or unknown, and with ``unknownUpstreamState`` for a
    /// dependency on what does not exist.
    ///
    /// Wakes nobody: after the commit, tell the ``QueueWaker``.
    ///
    /// - Parameters:
    ///   - requests: The jobs; none is fine.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving one ``JobPlacement`` for each request, in their order.
    public static func enqueue(_ requests: [JobRequest], now: Date) -> SQL {
        """
        WITH asked AS MATERIALIZED (
            \(asked(requests))
        ),
        won AS (
            -- In the order of the keys: two statements that want the same ones meet at the first.
            INSERT INTO queue.unique_keys (kind, key, job_id)
            SELECT kind, unique_key, id
            FROM asked
            WHERE unique_key IS NOT NULL
            ORDER BY kind COLLATE "C", unique_key COLLATE "C", position
            ON CONFLICT (kind, key) DO NOTHING
            RETURNING job_id
        ),
        settled AS MATERIALIZED (
            -- Whoever lost a key learns who has it; a row committed since this statement began is seen by reserve_key.
            SELECT asked.*,
                   CASE WHEN asked.unique_key IS NULL OR won.job_id IS NOT NULL THEN asked.id
                        ELSE queue.reserve_key(asked.kind, asked.unique_key, asked.id) END AS holder
            FROM asked
            LEFT JOIN won ON won.job_id = asked.id
        ),
        made AS MATERIALIZED (
            SELECT settled.*, queue.traits(unique_key, concurrency_key, rate_key, batch_id) AS traits,
                   queue.shard(tenant) AS shard,
                   CASE WHEN is_blocked THEN 'blocked'
                        WHEN rate_key IS NOT NULL OR run_at > \(now)::timestamptz THEN 'scheduled'
                        WHEN concurrency_key IS NOT NULL THEN 'waiting'
                        ELSE 'ready' END AS place
            FROM settled
            WHERE holder = id
        ),
        bodies AS (
            INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, unique_key, machine, record_id, event_id,
                                    trace_parent, payload, concurrency_key, concurrency_limit, rate_key,
                                    rate_interval_us, rate_burst, tenant, batch_id, on_lost)
            SELECT id, kind, queue, priority, least(max_attempts, 32767), unique_key, machine, record_id, event_id,
                   trace_parent, payload, concurrency_key, concurrency_limit, rate_key, rate_interval_us,
                   rate_burst, tenant, batch_id, on_lost
            FROM made
        ),
        at_once AS (
            INSERT INTO queue.ready (job_id, shard, priority, traits, queue)
            SELECT id, shard, priority, traits, queue
            FROM made
            WHERE place = 'ready'
            ORDER BY position
        ),
        later AS (
            INSERT INTO queue.scheduled (run_at, job_id, shard, priority, traits, queue)
            SELECT coalesce(run_at, \(now)::timestamptz), id, shard, priority, traits, queue
            FROM made
            WHERE place = 'scheduled'
        )\(waiting(requests))\(blocked(requests, now: now))\(joining(requests))
        SELECT s.position, s.holder AS job_id, s.holder = s.id AS created, s.queue, m.place,
               CASE WHEN m.place = 'waiting' THEN m.concurrency_key END AS concurrency_key
        FROM settled s
        LEFT JOIN made m USING (position)
        ORDER BY s.position
        """
    }

    /// The SQLSTATE with which ``enqueue(_:now:)`` refuses to add jobs to a batch that is sealed or does not exist.
    public static let sealedState = "55DZ2"

    /// The SQLSTATE with which ``enqueue(_:now:)`` refuses a dependency on what does not exist.
    public static let unknownUpstreamState = "42DZ3"

    /// The requests as rows; the columns of limits are sent only when one of them is used.
    private static func asked(_ requests: [JobRequest]) -> SQL {
        let limits = requests.contains(where: \.hasLimits)
        let values: SQL =
            limits
            ? """
            , \(requests.map(\.concurrency?.key))::text[],
            \(requests.map { $0.concurrency.map { Int16(clamping: $0.limit) } })::smallint[],
            \(requests.map(\.rate?.key))::text[], \(requests.map(\.rate?.microseconds))::bigint[],
            \(requests.map { $0.rate.map { Int32(clamping: $0.burst) } })::integer[],
            \(requests.map(\.tenant))::text[], \(requests.map(\.batch?.rawValue))::bigint[],
            \(requests.map(\.onLoss.rawValue))::text[], \(requests.map { !$0.after.isEmpty })::boolean[]
            """ : ""
        let names: SQL =
            limits
            ? """
            , concurrency_key, concurrency_limit, rate_key, rate_interval_us, rate_burst, tenant, batch_id, on_lost,
            is_blocked
            """ : ""
        let absent: SQL =
            limits
            ? ""
            : """
            , NULL::text AS concurrency_key, NULL::smallint AS concurrency_limit, NULL::text AS rate_key,
            NULL::bigint AS rate_interval_us, NULL::integer AS rate_burst, NULL::text AS tenant,
            NULL::bigint AS batch_id, 'retry' AS on_lost, false AS is_blocked
            """
        return """
            SELECT queue.new_job_id() AS id, a.*\(absent)
            FROM unnest(\(requests.map(\.kind))::text[], \(requests.map(\.payload))::jsonb[],
                        \(requests.map(\.queue))::text[], \(requests.map(\.priority))::smallint[],
                        \(requests.map(\.runAt))::timestamptz[], \(requests.map(\.uniqueKey))::text[],
                        \(requests.map { Int32(clamping: $0.maxAttempts) })::integer[],
                        \(requests.map(\.eventID))::uuid[],
                        \(requests.map { $0.subject?.machine })::text[],
                        \(requests.map { $0.subject?.recordID })::uuid[],
                        \(requests.map(\.traceParent))::text[]\(values))
                 WITH ORDINALITY
                 AS a (kind, payload, queue, priority, run_at, unique_key, max_attempts, event_id, machine, record_id,
                       trace_parent\(names), position)
            """
    }

    private static func waiting(_ requests: [JobRequest]) -> SQL {
        guard requests.contains(where: { $0.concurrency != nil }) else { return "" }
        return """
            ,
            in_line AS (
                INSERT INTO queue.waiting (concurrency_key, priority, job_id, slots, shard, traits, queue)
                SELECT concurrency_key, priority, id, concurrency_limit, shard, traits, queue
                FROM made
                WHERE place = 'waiting'
                ORDER BY position
            )
            """
    }

    /// What waits for other jobs.
    ///
    /// One of them may be of this statement, or what has the key of a request of it.
    private static func blocked(_ requests: [JobRequest], now: Date) -> SQL {
        let edges = requests.indices.flatMap { index in
            requests[index].after.map { (position: Int64(index + 1), on: $0) }
        }
        guard !edges.isEmpty else { return "" }
        let jobs = edges.map { edge -> Int64? in if case .job(let id) = edge.on { id.rawValue } else { nil } }
        let positions = edges.map { edge -> Int64? in
            if case .position(let position) = edge.on { Int64(clamping: position) + 1 } else { nil }
        }
        return """
            ,
            edges AS MATERIALIZED (
                SELECT made.id AS job_id, e.on_job,
                       CASE WHEN e.on_position IS NULL THEN e.on_job ELSE upstream.holder END AS on_job_id
                FROM unnest(\(edges.map(\.position))::bigint[], \(jobs)::bigint[], \(positions)::bigint[])
                     AS e (position, on_job, on_position)
                JOIN made ON made.position = e.position
                LEFT JOIN settled upstream ON upstream.position = e.on_position AND e.on_position < e.position
            ),
            set_back AS (
                INSERT INTO queue.blocked (run_at, job_id, shard, priority, traits, queue)
                SELECT CASE WHEN rate_key IS NULL THEN run_at ELSE coalesce(run_at, \(now)::timestamptz) END, id, shard,
                       priority, traits, queue
                FROM made
                WHERE place = 'blocked'
            ),
            tied AS (
                INSERT INTO queue.dependencies (on_job_id, job_id)
                SELECT DISTINCT on_job_id, job_id
                FROM edges
                WHERE (SELECT queue.demand_upstream(array_agg(on_job_id),
                                                    array_agg(on_job) FILTER (WHERE on_job IS NOT NULL))
                       FROM edges)
            )
            """
    }

    private static func joining(_ requests: [JobRequest]) -> SQL {
        guard requests.contains(where: { $0.batch != nil }) else { return "" }
        return """
            ,
            joined AS (
                INSERT INTO queue.batch_joins (batch_id, job_id, jobs)
                SELECT batch_id, min(id), count(*)
                FROM made
                WHERE batch_id IS NOT NULL
                  AND (SELECT queue.demand_open(array_agg(DISTINCT batch_id)) FROM made WHERE batch_id IS NOT NULL)
                GROUP BY batch_id
            )
            """
    }
}

extension JobRequest {
    /// Whether it is more than kind, payload and moment: most are not, and cost no more than that.
    fileprivate var hasLimits: Bool {
        concurrency != nil || rate != nil || tenant != nil || batch != nil || !after.isEmpty || onLoss != .retry
    }
}
