public import Database

extension Queue {
    /// Gives the free slots of concurrency keys to those who wait for them, the most urgent and oldest first.
    ///
    /// Safe on any node at any time: of two that want to give away the same slot, the primary key lets one. Paused keys
    /// give nothing.
    ///
    /// - Parameter keys: The keys.
    /// - Returns: A statement giving `queue` and `jobs`, how many became ready, for each queue that got some.
    public static func admit(_ keys: [String]) -> SQL {
        "WITH \(admitting(keys: "SELECT DISTINCT key FROM unnest(\(keys)::text[]) AS k (key)")) \(admitted)"
    }

    /// Does what ``admit(_:)`` does for the next keys that somebody waits for.
    ///
    /// - Parameters:
    ///   - key: The last key that was looked at; `nil` begins with the first.
    ///   - limit: How many keys at most.
    /// - Returns: A statement giving `queue`, `jobs` and, in each row, `last_key`: where to go on; a row without
    ///   `queue` when no queue got any, and no `last_key` when there was no key left.
    public static func admitSweep(after key: String?, limit: Int) -> SQL {
        """
        WITH RECURSIVE found (key, number) AS (
            (SELECT concurrency_key, 1 FROM queue.waiting
             WHERE concurrency_key > \(key ?? "")::text ORDER BY concurrency_key LIMIT 1)
            UNION ALL
            SELECT (SELECT w.concurrency_key FROM queue.waiting w
                    WHERE w.concurrency_key > f.key ORDER BY w.concurrency_key LIMIT 1), f.number + 1
            FROM found f
            WHERE f.key IS NOT NULL AND f.number < \(limit)::bigint
        ),
        \(admitting(keys: "SELECT key FROM found WHERE key IS NOT NULL"))
        SELECT a.queue, a.jobs, l.last_key
        FROM (SELECT max(key) AS last_key FROM found) l
        LEFT JOIN (\(admitted)) a ON true
        """
    }

    private static let admitted: SQL = "SELECT queue, count(*) AS jobs FROM moved GROUP BY queue"

    /// The common table expressions of both, the last but one of which is `moved`.
    private static func admitting(keys: SQL) -> SQL {
        """
        keys AS MATERIALIZED (
            -- The first in line says how many slots there are; who behind it allows fewer keeps to its own number.
            SELECT k.key, head.slots
            FROM (\(keys)) k
            CROSS JOIN LATERAL (
                SELECT w.slots FROM queue.waiting w WHERE w.concurrency_key = k.key ORDER BY w.priority, w.seq LIMIT 1
            ) head
            WHERE NOT EXISTS (SELECT FROM queue.pauses p WHERE p.scope = 'key' AND p.name = k.key)
        ),
        open AS MATERIALIZED (
            SELECT k.key, s.slot, row_number() OVER (PARTITION BY k.key ORDER BY s.slot) AS rank
            FROM keys k
            CROSS JOIN LATERAL generate_series(1, k.slots) AS s (slot)
            WHERE NOT EXISTS (
                SELECT FROM queue.concurrency_slots c WHERE c.concurrency_key = k.key AND c.slot = s.slot)
        ),
        chosen AS MATERIALIZED (
            SELECT o.key, w.tid, w.job_id, w.slots,
                   row_number() OVER (PARTITION BY o.key ORDER BY w.priority, w.seq) AS rank
            FROM (SELECT key, count(*) AS slots FROM open GROUP BY key) o
            CROSS JOIN LATERAL (
                SELECT x.ctid AS tid, x.job_id, x.slots, x.priority, x.seq
                FROM queue.waiting x
                WHERE x.concurrency_key = o.key
                ORDER BY x.priority, x.seq
                LIMIT o.slots
                FOR UPDATE SKIP LOCKED
            ) w
        ),
        given AS (
            -- In the order of the slots: two that give away the same ones meet at the first.
            INSERT INTO queue.concurrency_slots (concurrency_key, slot, job_id)
            SELECT c.key, o.slot, c.job_id
            FROM chosen c
            JOIN open o ON o.key = c.key AND o.rank = c.rank AND o.slot <= c.slots
            ORDER BY c.key COLLATE "C", o.slot
            ON CONFLICT DO NOTHING
            RETURNING job_id
        ),
        moved AS (
            DELETE FROM queue.waiting
            WHERE ctid = ANY (ARRAY(SELECT c.tid FROM chosen c JOIN given g USING (job_id)))
            RETURNING *
        ),
        put AS (
            INSERT INTO queue.ready (job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT job_id, lease, shard, priority, attempt, crashes, traits, queue
            FROM moved
            ORDER BY seq
        )
        """
    }
}
