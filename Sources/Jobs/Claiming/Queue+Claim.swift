public import Database

extension Queue {
    /// Takes up to `count` ready jobs for a worker, the most urgent and oldest first.
    ///
    /// Rows that another claim holds are passed over. Only rows behind the floors are looked at, so that the claim does
    /// not walk over what others took before it; see ``ClaimFloors``. A paused queue gives nothing.
    ///
    /// Run by ``claimJobs(for:life:from:floors:count:in:)``, which sets what it needs around it.
    ///
    /// - Parameters:
    ///   - worker: Who claims; registered, or a rescue takes the jobs back.
    ///   - queue: The queue.
    ///   - floors: Where to begin, for each priority.
    ///   - count: How many at most.
    /// - Returns: A statement giving a ``ClaimedJob`` for each job, in the order in which they are to run.
    public static func claim(for worker: WorkerID, from queue: String, floors: ClaimFloors, count: Int) -> SQL {
        """
        WITH candidates AS MATERIALIZED (
            -- The lateral query is pulled row by row, so no more rows are locked than taken.
            SELECT r.tid
            FROM unnest(\(JobPriority.all)::smallint[], \(floors.values)::bigint[]) AS f (priority, floor)
            CROSS JOIN LATERAL (
                SELECT ready.ctid AS tid
                FROM queue.ready
                WHERE ready.queue = \(queue) AND ready.shard = 0 AND ready.priority = f.priority
                  AND ready.seq > f.floor
                ORDER BY ready.seq
                LIMIT \(count)::bigint
                FOR UPDATE SKIP LOCKED
            ) r
            WHERE NOT EXISTS (SELECT FROM queue.queues q WHERE q.name = \(queue) AND q.paused_at IS NOT NULL)
            LIMIT \(count)::bigint
        ),
        taken AS (
            DELETE FROM queue.ready
            WHERE ctid = ANY (ARRAY(SELECT tid FROM candidates))
            RETURNING *
        ),
        leased AS (
            INSERT INTO queue.leases (job_id, worker_id, seq, lease, shard, priority, attempt, crashes, queue)
            SELECT job_id, \(worker), seq, lease + 1, shard, priority, attempt + 1, crashes, queue
            FROM taken
            RETURNING *
        )
        SELECT l.job_id, l.worker_id, l.lease, l.attempt, l.crashes, l.priority, l.seq, l.queue, b.*
        FROM leased l
        CROSS JOIN LATERAL (
            SELECT j.kind, j.payload, j.max_attempts, j.machine, j.record_id, j.event_id, j.trace_parent, j.created_at
            FROM queue.jobs j
            WHERE j.id = l.job_id
            OFFSET 0
        ) b
        ORDER BY l.priority, l.seq
        """
    }

    /// Claims jobs in a transaction of its own, in one round trip.
    ///
    /// The claim, and only the claim, is not flushed to disk before it is answered: if the server crashes and forgets
    /// it, the job is ready again. The number of the forgotten lease is given again: a worker that claimed on in the new
    /// life of the server could hold the same lease twice. So it may claim only in the life in which it was registered,
    /// and starts over under a new id in another one. That also keeps it from a former primary that has come back.
    ///
    /// - Parameters:
    ///   - worker: Who claims.
    ///   - life: The life of the server in which it was registered, as ``register(_:name:queues:kinds:life:)`` gave it; nil: any.
    ///   - queue: The queue.
    ///   - floors: Where to begin, for each priority.
    ///   - count: How many at most; none asks nothing.
    ///   - session: A session that is in no transaction.
    /// - Returns: The jobs, in the order in which they are to run.
    /// - Throws: ``DatabaseError``, with the state ``leaseLostState`` when the server has begun another life; then
    ///   nothing was claimed.
    public static func claimJobs(
        for worker: WorkerID, life: String? = nil, from queue: String, floors: ClaimFloors, count: Int,
        in session: Session
    ) throws(DatabaseError) -> [ClaimedJob] {
        guard count > 0 else { return [] }
        let demandLife: SQL? = life.map { "SELECT queue.demand_lease(queue.server_life() = \($0))" }
        let results = try session.pipeline(
            ["SELECT set_config('synchronous_commit', 'off', true)", plansByIndex]
                + (demandLife.map { [$0] } ?? [])
                + [claim(for: worker, from: queue, floors: floors, count: count)])
        return try (results.last?.rows ?? []).map { row throws(DatabaseError) in try ClaimedJob(row: row) }
    }

    /// Makes the planner use indexes until the transaction ends.
    ///
    /// A hot table is often nearly empty, and a plan made then would read it from end to end. Kept with the prepared
    /// statement, that plan would still be used when a hundred thousand jobs have come.
    public static var plansByIndex: SQL {
        "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
    }
}
