public import Database
public import Foundation

extension Queue {
    /// Opens a batch: jobs that belong together, and what is to be done when all have ended.
    ///
    /// Jobs join it with ``JobRequest/batch``, in this transaction and in later ones, also those that jobs of the batch
    /// enqueue, until it is sealed.
    ///
    /// - Parameter callback: The job to enqueue when all have ended, well or not; `nil` for none.
    /// - Returns: A statement giving `id`, a ``BatchID``.
    /// - Throws: `EncodingError` for a request that cannot be stored.
    public static func openBatch(callback: JobRequest? = nil) throws -> SQL {
        let stored = try callback.map { JSON(text: String(decoding: try JSONEncoder().encode($0), as: UTF8.self)) }
        return "INSERT INTO queue.batches (callback) VALUES (\(stored)) RETURNING id"
    }

    /// Seals a batch: no jobs join it any more, and it is closed when all have ended.
    ///
    /// Waits for transactions that add jobs to it and have not ended.
    ///
    /// - Parameter batch: The batch; again is fine.
    /// - Returns: A statement giving `id` if it was not sealed before.
    public static func seal(_ batch: BatchID) -> SQL {
        """
        WITH open AS MATERIALIZED (
            -- The strong lock: what adds jobs holds a weak one until its transaction ends.
            SELECT id FROM queue.batches WHERE id = \(batch) AND sealed_at IS NULL FOR UPDATE
        )
        UPDATE queue.batches SET sealed_at = clock_timestamp() WHERE id IN (SELECT id FROM open) RETURNING id
        """
    }

    /// How a batch stands.
    ///
    /// - Parameter batch: The batch.
    /// - Returns: A statement giving a ``JobBatch``, if there is one.
    public static func batch(_ batch: BatchID) -> SQL {
        """
        SELECT b.id, b.created_at, b.sealed_at, b.closed_at,
               b.total + (SELECT coalesce(sum(j.jobs), 0)
                                    FROM queue.batch_joins j
                                    WHERE j.batch_id = b.id)::bigint AS total,
               b.succeeded + e.succeeded AS succeeded, b.dead + e.dead AS dead, b.cancelled + e.cancelled AS cancelled
        FROM queue.batches b
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE e.outcome = 'succeeded') AS succeeded,
                   count(*) FILTER (WHERE e.outcome = 'dead') AS dead,
                   count(*) FILTER (WHERE e.outcome = 'cancelled') AS cancelled
            FROM queue.batch_ends e
            WHERE e.batch_id = b.id
        ) e
        WHERE b.id = \(batch)
        """
    }

    /// Counts what has joined batches and ended in them since it was counted last.
    ///
    /// Safe on any node at any time: each row is counted by who deletes it.
    ///
    /// - Parameter limit: How many rows at most; ask again while as many come back.
    /// - Returns: A statement giving `rows`, how many were counted.
    public static func foldBatches(limit: Int) -> SQL {
        """
        WITH joins AS MATERIALIZED (
            SELECT ctid AS tid FROM queue.batch_joins ORDER BY batch_id, job_id LIMIT \(limit)::bigint
            FOR UPDATE SKIP LOCKED
        ),
        ends AS MATERIALIZED (
            SELECT ctid AS tid FROM queue.batch_ends ORDER BY batch_id, job_id LIMIT \(limit)::bigint
            FOR UPDATE SKIP LOCKED
        ),
        joined AS (
            DELETE FROM queue.batch_joins
            WHERE ctid = ANY (ARRAY(SELECT tid FROM joins))
            RETURNING batch_id, jobs, NULL::text AS outcome
        ),
        ended AS (
            DELETE FROM queue.batch_ends
            WHERE ctid = ANY (ARRAY(SELECT tid FROM ends))
            RETURNING batch_id, 0 AS jobs, outcome
        ),
        news AS MATERIALIZED (
            SELECT batch_id, sum(jobs)::bigint AS jobs, count(*) AS rows,
                   count(*) FILTER (WHERE outcome = 'succeeded') AS succeeded,
                   count(*) FILTER (WHERE outcome = 'dead') AS dead,
                   count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled
            FROM (SELECT * FROM joined UNION ALL SELECT * FROM ended) n
            GROUP BY batch_id
        ),
        locked AS MATERIALIZED (
            -- In the order of the ids, so that two that count do not wait for each other.
            SELECT id FROM queue.batches WHERE id IN (SELECT batch_id FROM news) ORDER BY id FOR NO KEY UPDATE
        ),
        counted AS (
            UPDATE queue.batches b
            SET total = b.total + n.jobs, succeeded = b.succeeded + n.succeeded, dead = b.dead + n.dead,
                cancelled = b.cancelled + n.cancelled
            FROM news n
            JOIN locked ON locked.id = n.batch_id
            WHERE b.id = n.batch_id
        )
        SELECT coalesce(sum(rows), 0)::bigint AS rows FROM news
        """
    }

    /// Closes batches that are sealed and all of whose jobs have ended and been counted.
    ///
    /// Its callbacks are to be enqueued in the same transaction; see ``closeBatches(now:limit:in:)``. What is sealed in
    /// this statement's view of the database has nobody joining it any more, so what is not there is not to come.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: A statement giving `id` and `callback`.
    static func closeBatches(limit: Int) -> SQL {
        """
        WITH done AS MATERIALIZED (
            SELECT b.id
            FROM queue.batches b
            WHERE b.sealed_at IS NOT NULL AND b.closed_at IS NULL AND b.total = b.succeeded + b.dead + b.cancelled
              AND NOT EXISTS (SELECT FROM queue.batch_joins j WHERE j.batch_id = b.id)
            ORDER BY b.id
            LIMIT \(limit)::bigint
            FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE queue.batches SET closed_at = clock_timestamp() WHERE id IN (SELECT id FROM done) RETURNING id, callback
        """
    }

    /// Closes batches that are done, and enqueues what is to follow, in one transaction: exactly once.
    ///
    /// Safe on any node at any time.
    ///
    /// - Parameters:
    ///   - now: The caller's clock.
    ///   - limit: How many at most; ask again while as many come back.
    ///   - session: A session that is in no transaction.
    /// - Returns: How many were closed, and the jobs that follow.
    /// - Throws: ``DatabaseError``; `DecodingError` for a callback that this program cannot read.
    public static func closeBatches(
        now: Date, limit: Int, in session: Session
    ) throws -> (closed: Int, placed: [JobPlacement]) {
        let rows = try session.begin(with: [closeBatches(limit: limit)])[0].rows
        let requests = try rows.compactMap { row in
            try row.optional("callback", as: JSON.self).map {
                try JSONDecoder().decode(JobRequest.self, from: Data($0.text.utf8))
            }
        }
        guard !requests.isEmpty else {
            try session.commit()
            return (rows.count, [])
        }
        let placed = try session.commit(with: [enqueue(requests, now: now)])[0].rows.map { row in
            try JobPlacement(row: row)
        }
        return (rows.count, placed)
    }

    /// Takes back that a dead job of a batch has ended, because it runs again; part of a redrive.
    ///
    /// Nothing happens when the batch has been closed: its callback is not taken back.
    ///
    /// - Parameter revived: The name of a common table expression with the columns `job_id` and `batch_id`, which may
    ///   be `NULL`, of jobs that were dead letters.
    /// - Returns: Common table expressions.
    static func takenBack(_ revived: SQL) -> SQL {
        """
        uncounted AS (
            DELETE FROM queue.batch_ends e
            USING \(revived) r
            WHERE e.batch_id = r.batch_id AND e.job_id = r.job_id
            RETURNING e.batch_id
        ),
        discounted AS (
            UPDATE queue.batches b
            SET dead = b.dead - n.jobs
            FROM (
                SELECT r.batch_id, count(*) - (SELECT count(*) FROM uncounted u WHERE u.batch_id = r.batch_id) AS jobs
                FROM \(revived) r
                WHERE r.batch_id IS NOT NULL
                GROUP BY r.batch_id
            ) n
            WHERE b.id = n.batch_id AND n.jobs > 0 AND b.closed_at IS NULL
        )
        """
    }
}
