public import Database

extension Queue {
    /// Enters a worker process, and the queues it serves.
    ///
    /// In a transaction of its own, before its first claim.
    ///
    /// - Parameters:
    ///   - worker: A new id.
    ///   - name: For people: host and process.
    ///   - queues: The queues it serves.
    ///   - kinds: The kinds it has a handler for.
    ///   - life: How long it is believed to live after its last beat.
    ///   - drain: The drain under which it starts over; a process that begins has none.
    /// - Returns: A statement giving `server_life`, as ``beat(_:life:)`` does.
    public static func register(
        _ worker: WorkerID, name: String, queues: [String], kinds: [String], life: Duration, drain: WorkerDrain? = nil
    ) -> SQL {
        """
        WITH served AS (
            -- In order, so that two processes that start at once do not wait for each other.
            INSERT INTO queue.queues (name)
            SELECT name FROM unnest(\(queues)::text[]) AS q (name)
            WHERE NOT EXISTS (SELECT FROM queue.queues known WHERE known.name = q.name)
            ORDER BY name COLLATE "C"
            ON CONFLICT (name) DO NOTHING
        )
        INSERT INTO queue.workers (id, name, queues, kinds, expires_at, draining_at, drained_by, drain_reason)
        VALUES (\(worker), \(name), \(queues), \(kinds), clock_timestamp() + \(interval(life)),
                \(drain?.since), \(drain?.name), \(drain?.reason))
        RETURNING queue.server_life() AS server_life
        """
    }

    /// Says that a worker lives.
    ///
    /// No row back means that it was given up: its leases are lost, and it starts over.
    ///
    /// - Parameters:
    ///   - worker: Who lives.
    ///   - life: How long that is to be believed.
    /// - Returns: A statement giving `id`, `server_life`, as `cancelled_jobs` and `cancelled_leases` what it is to stop,
    ///   and a ``WorkerDrain`` if it is to take nothing new; no row if the worker is not known any more. When the life
    ///   is another one than before, the server may have forgotten claims, and the numbers of their leases are given
    ///   again: the worker starts over, lest the same job be its own twice.
    public static func beat(_ worker: WorkerID, life: Duration) -> SQL {
        """
        UPDATE queue.workers
        SET expires_at = clock_timestamp() + \(interval(life))
        WHERE id = \(worker)
        RETURNING id, queue.server_life() AS server_life, draining_at, drained_by, drain_reason,
                  ARRAY(SELECT job_id FROM queue.leases
                        WHERE worker_id = \(worker) AND cancel_requested_at IS NOT NULL
                        ORDER BY job_id) AS cancelled_jobs,
                  ARRAY(SELECT lease FROM queue.leases
                        WHERE worker_id = \(worker) AND cancel_requested_at IS NOT NULL
                        ORDER BY job_id) AS cancelled_leases
        """
    }

    /// Takes a worker out that has finished or given back all it held.
    public static func retire(_ worker: WorkerID) -> SQL {
        "DELETE FROM queue.workers WHERE id = \(worker)"
    }

    /// A length of time as PostgreSQL reckons it, exact to the millisecond.
    static func interval(_ duration: Duration) -> SQL {
        let (seconds, attoseconds) = duration.components
        return "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)::bigint * interval '1 millisecond'"
    }
}
