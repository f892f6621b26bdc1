public import Database
public import Foundation

/// What is in one queue.
public struct QueueOverview: Sendable, Hashable {
    /// The queue's name.
    public let queue: String
    /// Jobs that wait for a worker.
    public let ready: Int
    /// Jobs that wait for their moment.
    public let scheduled: Int
    /// Jobs that wait for a slot of their concurrency key.
    public let waiting: Int
    /// Jobs that wait for other jobs to succeed.
    public let blocked: Int
    /// Jobs whose kind or key is paused.
    public let held: Int
    /// Jobs that a worker has.
    public let leased: Int
    /// Jobs that are not tried again.
    public let dead: Int
    /// How long the job that has been ready longest has been waiting for a worker, by the database's clock; `nil` when
    /// none waits.
    ///
    /// A job that was given back, or rescued, waits anew from that moment, although it has its old place in the line.
    public let oldestReadyAge: Duration?
    /// The moment of the scheduled job that is next.
    public let nextRunAt: Date?
    /// Since when the queue is held.
    public let pausedAt: Date?

    /// Reads a row of ``Queue/overview()``.
    public init(row: Row) throws(DatabaseError) {
        queue = try row.value("queue")
        ready = try row.value("ready")
        scheduled = try row.value("scheduled")
        waiting = try row.value("waiting")
        blocked = try row.value("blocked")
        held = try row.value("held")
        leased = try row.value("leased")
        dead = try row.value("dead")
        oldestReadyAge = try row.optional("oldest_ready_ms", as: Int64.self).map { .milliseconds($0) }
        nextRunAt = try row.optional("next_run_at")
        pausedAt = try row.optional("paused_at")
    }
}

extension Queue {
    /// Counts what is where, for each queue.
    ///
    /// Reads the hot tables from end to end, so not in a tight loop.
    ///
    /// - Returns: A statement giving a ``QueueOverview`` for each queue that has been served or has jobs, by name.
    public static func overview() -> SQL {
        """
        WITH runnable AS (
            SELECT queue, count(*) AS jobs, min(ready_at) AS oldest FROM queue.ready GROUP BY queue
        ),
        delayed AS (
            SELECT queue, count(*) AS jobs, min(run_at) AS next FROM queue.scheduled GROUP BY queue
        ),
        in_line AS (
            SELECT queue, count(*) AS jobs FROM queue.waiting GROUP BY queue
        ),
        set_back AS (
            SELECT queue, count(*) AS jobs FROM queue.blocked GROUP BY queue
        ),
        aside AS (
            SELECT queue, count(*) AS jobs FROM queue.held GROUP BY queue
        ),
        running AS (
            SELECT queue, count(*) AS jobs FROM queue.leases GROUP BY queue
        ),
        buried AS (
            SELECT queue, count(*) AS jobs FROM queue.dead GROUP BY queue
        )
        SELECT queue, coalesce(runnable.jobs, 0) AS ready, coalesce(delayed.jobs, 0) AS scheduled,
               coalesce(in_line.jobs, 0) AS waiting, coalesce(set_back.jobs, 0) AS blocked,
               coalesce(aside.jobs, 0) AS held,
               coalesce(running.jobs, 0) AS leased, coalesce(buried.jobs, 0) AS dead,
               greatest(0, extract(epoch FROM clock_timestamp() - runnable.oldest) * 1000)::bigint
                   * CASE WHEN runnable.oldest IS NOT NULL THEN 1 END AS oldest_ready_ms,
               delayed.next AS next_run_at, known.paused_at
        FROM (SELECT name AS queue, paused_at FROM queue.queues) known
        FULL JOIN runnable USING (queue)
        FULL JOIN delayed USING (queue)
        FULL JOIN in_line USING (queue)
        FULL JOIN set_back USING (queue)
        FULL JOIN aside USING (queue)
        FULL JOIN running USING (queue)
        FULL JOIN buried USING (queue)
        ORDER BY queue
        """
    }
}
