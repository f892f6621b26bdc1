public import Database
public import Foundation

extension Queue {
    /// Puts jobs into the queue, in the caller's transaction, with one statement.
    ///
    /// What is due at `now` becomes ready, the rest is scheduled. A request whose kind and key a live job has already
    /// makes no job and is answered with that job; a running job is live, so what a handler asks for again under its
    /// own job's key is that job. Requests that take a key wait for a transaction that took the same key and has not
    /// ended; keys are taken in order, so two statements cannot wait for each other.
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
            SELECT queue.new_job_id() AS id, a.*
            FROM unnest(\(requests.map(\.kind))::text[], \(requests.map(\.payload))::jsonb[],
                        \(requests.map(\.queue))::text[], \(requests.map(\.priority))::smallint[],
                        \(requests.map(\.runAt))::timestamptz[], \(requests.map(\.uniqueKey))::text[],
                        \(requests.map { Int32(clamping: $0.maxAttempts) })::integer[],
                        \(requests.map(\.eventID))::uuid[],
                        \(requests.map { $0.subject?.machine })::text[],
                        \(requests.map { $0.subject?.recordID })::uuid[], \(requests.map(\.traceParent))::text[])
                 WITH ORDINALITY
                 AS a (kind, payload, queue, priority, run_at, unique_key, max_attempts, event_id, machine, record_id,
                       trace_parent, position)
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
        bodies AS (
            INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, unique_key, machine, record_id, event_id,
                                    trace_parent, payload)
            SELECT id, kind, queue, priority, least(max_attempts, 32767), unique_key, machine, record_id, event_id,
                   trace_parent, payload
            FROM settled
            WHERE holder = id
        ),
        at_once AS (
            INSERT INTO queue.ready (job_id, priority, queue)
            SELECT id, priority, queue
            FROM settled
            WHERE holder = id AND (run_at IS NULL OR run_at <= \(now)::timestamptz)
            ORDER BY position
        ),
        later AS (
            INSERT INTO queue.scheduled (run_at, job_id, priority, queue)
            SELECT run_at, id, priority, queue
            FROM settled
            WHERE holder = id AND run_at > \(now)::timestamptz
        )
        SELECT position, holder AS job_id, holder = id AS created
        FROM settled
        ORDER BY position
        """
    }
}
