public import Database

extension Queue {
    /// Takes up to `count` ready jobs for a worker, the most urgent and oldest first, from each tenant as many.
    ///
    /// Rows that another claim holds are passed over. Only rows behind the floors are looked at, so that the claim does
    /// not walk over what others took before it; see ``ClaimFloors``. A paused queue gives nothing; jobs whose kind or
    /// concurrency key is paused are put aside, and their slots are given back.
    ///
    /// Of several shards each gives its share first, then what is left is filled up. With fewer places than shards,
    /// `turn` decides whose turn it is.
    ///
    /// Run by ``take(for:life:from:floors:count:turn:in:)``, which sets what it needs around it.
    ///
    /// - Parameters:
    ///   - worker: Who claims; registered, or a rescue takes the jobs back.
    ///   - queue: The queue.
    ///   - floors: Where to begin, for each shard and priority.
    ///   - count: How many at most.
    ///   - turn: A number that grows with each claim.
    /// - Returns: A statement giving a row of a ``Claim`` for each job taken, by priority and age.
    public static func claim(
        for worker: WorkerID, from queue: String, floors: ClaimFloors, count: Int, turn: Int = 0
    ) -> SQL {
        let found: SQL =
            if let shard = floors.shards?.first, floors.shards?.count == 1 {
                candidates(of: queue, shard: shard, floors: floors, count: count)
            } else {
                candidates(of: queue, floors: floors, count: count, turn: turn)
            }
        return """
            WITH RECURSIVE \(shards(of: queue, known: floors.shards)),
            \(found),
            taken AS (
                DELETE FROM queue.ready
                WHERE ctid = ANY (ARRAY(SELECT tid FROM candidates))
                RETURNING *
            ),
            aside AS MATERIALIZED (
                -- Costs nothing while nothing is paused.
                SELECT t.*, p.scope, p.name
                FROM taken t
                CROSS JOIN LATERAL (
                    SELECT j.kind, j.concurrency_key FROM queue.jobs j WHERE j.id = t.job_id OFFSET 0
                ) j
                JOIN LATERAL (
                    SELECT p.scope, p.name
                    FROM queue.pauses p
                    WHERE p.scope = 'kind' AND p.name = j.kind OR p.scope = 'key' AND p.name = j.concurrency_key
                    ORDER BY p.scope
                    LIMIT 1
                ) p ON true
                WHERE (SELECT EXISTS (SELECT FROM queue.pauses))
                  -- One that an operator let through is not put aside a second time.
                  AND t.traits & 16 = 0
            ),
            held AS (
                INSERT INTO queue.held
                            (job_id, seq, lease, shard, priority, attempt, crashes, traits, queue, scope, name)
                SELECT job_id, seq, lease, shard, priority, attempt, crashes, traits, queue, scope, name
                FROM aside
            ),
            vacated AS (
                DELETE FROM queue.concurrency_slots
                WHERE ctid = ANY (ARRAY(
                    SELECT s.tid
                    FROM aside a
                    CROSS JOIN LATERAL (
                        SELECT c.ctid AS tid FROM queue.concurrency_slots c WHERE c.job_id = a.job_id OFFSET 0
                    ) s
                    WHERE a.traits & 2 <> 0))
            ),
            leased AS (
                INSERT INTO queue.leases
                            (job_id, worker_id, seq, lease, shard, priority, attempt, crashes, traits, queue)
                SELECT job_id, \(worker), seq, lease + 1, shard, priority, attempt + 1, crashes, traits, queue
                FROM taken
                WHERE job_id NOT IN (SELECT job_id FROM aside)
                RETURNING *
            )
            SELECT l.job_id, l.worker_id, l.lease, l.attempt, l.crashes, l.shard, l.priority, l.seq, l.queue, b.*,
                   ARRAY(SELECT shard FROM shards WHERE shard IS NOT NULL) AS shards
            FROM (
                SELECT job_id, worker_id, lease, attempt, crashes, shard, priority, seq, queue FROM leased
                UNION ALL
                SELECT job_id, NULL, NULL, attempt, crashes, shard, priority, seq, queue FROM aside
            ) l
            CROSS JOIN LATERAL (
                SELECT j.kind, j.payload, j.max_attempts, j.machine, j.record_id, j.event_id, j.trace_parent,
                       j.created_at
                FROM queue.jobs j
                WHERE j.id = l.job_id
                OFFSET 0
            ) b
            ORDER BY l.priority, l.seq
            """
    }

    /// The shards with ready jobs: those that are known, or the next one behind each, found along the key.
    private static func shards(of queue: String, known: [Int16]?) -> SQL {
        if let known { return "shards (shard) AS MATERIALIZED (SELECT * FROM unnest(\(known)::smallint[]))" }
        return """
            shards (shard) AS (
                (SELECT shard FROM queue.ready WHERE queue = \(queue) ORDER BY shard LIMIT 1)
                UNION ALL
                SELECT (SELECT r.shard FROM queue.ready r
                        WHERE r.queue = \(queue) AND r.shard > s.shard ORDER BY r.shard LIMIT 1)
                FROM shards s
                WHERE s.shard IS NOT NULL
            )
            """
    }

    /// The rows to take, as `candidates` with their `tid`.
    ///
    /// The lateral queries are pulled row by row, so no more rows are locked than taken.
    private static func candidates(of queue: String, floors: ClaimFloors, count: Int, turn: Int) -> SQL {
        let (shards, priorities, values) = floors.columns
        let row: SQL = "ready.queue = \(queue) AND ready.shard = l.shard AND ready.priority = l.priority"
        return """
            lines AS MATERIALIZED (
                SELECT s.shard, s.share, s.turn, p.priority, coalesce(f.floor, 0) AS floor
                FROM (
                    SELECT shard, (row_number() OVER (ORDER BY shard) + \(turn)::bigint) % count(*) OVER () AS turn,
                           greatest(1, \(count)::bigint / count(*) OVER ()) AS share
                    FROM shards
                    WHERE shard IS NOT NULL
                ) s
                CROSS JOIN unnest(\(JobPriority.all)::smallint[]) AS p (priority)
                LEFT JOIN unnest(\(shards)::smallint[], \(priorities)::smallint[], \(values)::bigint[])
                     AS f (shard, priority, floor) USING (shard, priority)
                WHERE NOT EXISTS (SELECT FROM queue.queues q WHERE q.name = \(queue) AND q.paused_at IS NOT NULL)
                ORDER BY s.turn, p.priority
            ),
            shares AS MATERIALIZED (
                SELECT x.*
                FROM (SELECT DISTINCT turn, shard, share FROM lines ORDER BY turn) s
                CROSS JOIN LATERAL (
                    SELECT r.tid, r.seq, l.shard, l.priority
                    FROM lines l
                    CROSS JOIN LATERAL (
                        SELECT ready.ctid AS tid, ready.seq
                        FROM queue.ready
                        WHERE \(row) AND ready.seq > l.floor
                        ORDER BY ready.seq
                        LIMIT l.share
                        FOR UPDATE SKIP LOCKED
                    ) r
                    WHERE l.shard = s.shard
                    LIMIT s.share
                ) x
                LIMIT \(count)::bigint
            ),
            rest AS MATERIALIZED (
                SELECT r.tid
                FROM (
                    SELECT lines.*, greatest(floor, coalesce((SELECT max(x.seq) FROM shares x
                                                              WHERE x.shard = lines.shard
                                                                AND x.priority = lines.priority), 0)) AS behind
                    FROM lines
                    ORDER BY priority, turn
                ) l
                CROSS JOIN LATERAL (
                    SELECT ready.ctid AS tid
                    FROM queue.ready
                    WHERE \(row) AND ready.seq > l.behind
                    ORDER BY ready.seq
                    LIMIT \(count)::bigint
                    FOR UPDATE SKIP LOCKED
                ) r
                WHERE (SELECT count(*) > 1 FROM shards WHERE shard IS NOT NULL)
                LIMIT greatest(0, \(count)::bigint - (SELECT count(*) FROM shares))
            ),
            candidates AS (SELECT tid FROM shares UNION ALL SELECT tid FROM rest)
            """
    }

    /// The rows to take while only one shard is known to have jobs, as nearly always:
    /// ``candidates(of:floors:count:turn:)`` without the sharing.
    private static func candidates(of queue: String, shard: Int16, floors: ClaimFloors, count: Int) -> SQL {
        """
        candidates AS MATERIALIZED (
            SELECT r.tid
            FROM unnest(\(JobPriority.all)::smallint[], \(floors.values(of: shard))::bigint[]) AS l (priority, floor)
            CROSS JOIN LATERAL (
                SELECT ready.ctid AS tid
                FROM queue.ready
                WHERE ready.queue = \(queue) AND ready.shard = \(shard) AND ready.priority = l.priority
                  AND ready.seq > l.floor
                ORDER BY ready.seq
                LIMIT \(count)::bigint
                FOR UPDATE SKIP LOCKED
            ) r
            WHERE NOT EXISTS (SELECT FROM queue.queues q WHERE q.name = \(queue) AND q.paused_at IS NOT NULL)
            LIMIT \(count)::bigint
        )
        """
    }

    /// Claims jobs in a transaction of its own, in one round trip.
    ///
    /// The claim, and only the claim, is not flushed to disk before it is answered: if the server crashes and forgets
    /// it, the job is ready again. The number of the forgotten lease is given again: a worker that claimed on in the
    /// new life of the server could hold the same lease twice. So it may claim only in the life in which it was
    /// registered, and starts over under a new id in another one. That also keeps it from a former primary that has
    /// come back.
    ///
    /// - Parameters:
    ///   - worker: Who claims.
    ///   - life: The life of the server in which the worker was registered, as its registration gave it; nil: any.
    ///   - queue: The queue.
    ///   - floors: Where to begin, for each shard and priority.
    ///   - count: How many at most; none asks nothing.
    ///   - turn: A number that grows with each claim.
    ///   - session: A session that is in no transaction.
    /// - Returns: The jobs, and how many rows were taken.
    /// - Throws: ``DatabaseError``, with the state ``leaseLostState`` when the server has begun another life; then
    ///   nothing was claimed.
    public static func take(
        for worker: WorkerID, life: String? = nil, from queue: String, floors: ClaimFloors, count: Int, turn: Int = 0,
        in session: Session
    ) throws(DatabaseError) -> Claim {
        guard count > 0 else { return try Claim(rows: []) }
        let demandLife: SQL? = life.map { "SELECT queue.demand_lease(queue.server_life() = \($0))" }
        let results = try session.pipeline(
            ["SELECT set_config('synchronous_commit', 'off', true)", plansByIndex]
                + (demandLife.map { [$0] } ?? [])
                + [claim(for: worker, from: queue, floors: floors, count: count, turn: turn)])
        return try Claim(rows: results.last?.rows ?? [])
    }

    /// Claims jobs as ``take(for:life:from:floors:count:turn:in:)`` does, for who wants no more than the jobs.
    ///
    /// - Parameters:
    ///   - worker: Who claims.
    ///   - life: The life of the server in which the worker was registered; nil: any.
    ///   - queue: The queue.
    ///   - floors: Where to begin, for each shard and priority.
    ///   - count: How many at most; none asks nothing.
    ///   - session: A session that is in no transaction.
    /// - Returns: The jobs, in the order in which they are to run.
    /// - Throws: ``DatabaseError``, with the state ``leaseLostState`` when the server has begun another life; then
    ///   nothing was claimed.
    public static func claimJobs(
        for worker: WorkerID, life: String? = nil, from queue: String, floors: ClaimFloors, count: Int,
        in session: Session
    ) throws(DatabaseError) -> [ClaimedJob] {
        try take(for: worker, life: life, from: queue, floors: floors, count: count, in: session).jobs
    }

    /// Makes the planner use indexes until the transaction ends, and plan a prepared statement once.
    ///
    /// A hot table is often nearly empty, and a plan made then would read it from end to end. Kept with the prepared
    /// statement, that plan would still be used when a hundred thousand jobs have come. Left to itself the planner also
    /// plans such a statement anew for each execution, as it believes to gain by knowing the numbers; that took several
    /// times as long as the execution.
    public static var plansByIndex: SQL {
        """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
               set_config('plan_cache_mode', 'force_generic_plan', true)
        """
    }
}
