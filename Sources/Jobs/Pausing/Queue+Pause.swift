public import Database

extension Queue {
    /// Pauses a queue, a kind or a concurrency key: its jobs are not begun any more; those that run go on.
    ///
    /// - Parameters:
    ///   - scope: What is paused; again is fine, the first one counts.
    ///   - person: Who pauses it, for people.
    ///   - reason: Why, a safe text for people.
    /// - Returns: A statement giving `paused_at`.
    public static func pause(_ scope: PauseScope, by person: String, reason: String) -> SQL {
        guard let word = scope.word else {
            return """
                INSERT INTO queue.queues AS q (name, paused_at, paused_by, pause_reason)
                VALUES (\(scope.name), clock_timestamp(), \(person), \(SafeText.cut(reason)))
                ON CONFLICT (name) DO UPDATE
                SET paused_at = coalesce(q.paused_at, excluded.paused_at),
                    paused_by = CASE WHEN q.paused_at IS NULL THEN excluded.paused_by ELSE q.paused_by END,
                    pause_reason = CASE WHEN q.paused_at IS NULL THEN excluded.pause_reason ELSE q.pause_reason END
                RETURNING paused_at
                """
        }
        return """
            WITH paused AS (
                INSERT INTO queue.pauses (scope, name, paused_by, reason)
                VALUES (\(word), \(scope.name), \(person), \(SafeText.cut(reason)))
                ON CONFLICT (scope, name) DO NOTHING
                RETURNING paused_at
            )
            SELECT paused_at FROM paused
            UNION ALL
            SELECT paused_at FROM queue.pauses WHERE scope = \(word) AND name = \(scope.name)
            """
    }

    /// Ends a pause; the jobs that were held are moved on by ``letGo(limit:)``.
    ///
    /// - Parameter scope: What was paused.
    /// - Returns: A statement giving `name` if it was paused.
    public static func resume(_ scope: PauseScope) -> SQL {
        guard let word = scope.word else {
            return """
                UPDATE queue.queues
                SET paused_at = NULL, paused_by = NULL, pause_reason = NULL
                WHERE name = \(scope.name) AND paused_at IS NOT NULL
                RETURNING name
                """
        }
        return "DELETE FROM queue.pauses WHERE scope = \(word) AND name = \(scope.name) RETURNING name"
    }

    /// Moves jobs on that were held by pauses which are over: back to their places in the line, or in line for a slot.
    ///
    /// Safe on any node at any time.
    ///
    /// - Parameter limit: How many at most; ask again while as many come back.
    /// - Returns: A statement giving `queue` and `jobs`, how many, for each queue that had some, and `keys`: the
    ///   concurrency keys to ``admit(_:)``.
    public static func letGo(limit: Int) -> SQL {
        """
        WITH RECURSIVE holding (scope, name) AS (
            -- The pauses that hold jobs, each found behind the other along the index.
            (SELECT scope, name FROM queue.held ORDER BY scope, name LIMIT 1)
            UNION ALL
            SELECT next.scope, next.name
            FROM holding x
            CROSS JOIN LATERAL (
                SELECT h.scope, h.name
                FROM queue.held h
                WHERE (h.scope, h.name) > (x.scope, x.name)
                ORDER BY h.scope, h.name
                LIMIT 1
            ) next
        ),
        over AS MATERIALIZED (
            SELECT h.tid
            FROM holding x
            CROSS JOIN LATERAL (
                SELECT held.ctid AS tid
                FROM queue.held
                WHERE held.scope = x.scope AND held.name = x.name
                ORDER BY held.job_id
                LIMIT \(limit)::bigint
                FOR UPDATE SKIP LOCKED
            ) h
            WHERE NOT EXISTS (SELECT FROM queue.pauses p WHERE p.scope = x.scope AND p.name = x.name)
            LIMIT \(limit)::bigint
        ),
        moved AS (
            DELETE FROM queue.held
            WHERE ctid = ANY (ARRAY(SELECT tid FROM over))
            RETURNING *
        ),
        \(onward("moved", order: "seq", keepsPlace: true))
        SELECT m.queue, count(*) AS jobs,
               coalesce(array_agg(DISTINCT k.concurrency_key) FILTER (WHERE k.concurrency_key IS NOT NULL),
                        ARRAY[]::text[]) AS keys
        FROM moved m
        LEFT JOIN keyed k USING (job_id)
        GROUP BY m.queue
        """
    }
}

extension PauseScope {
    /// What `queue.pauses` calls it; queues are not in there.
    fileprivate var word: String? {
        switch self {
        case .queue: nil
        case .kind: "kind"
        case .key: "key"
        }
    }
}
