internal import Database

extension Queue {
    /// What holds of limits, tenants, dependencies, batches and pauses at every moment.
    static var rulesOfLimits: [QueueRule] {
        [
            traitsAreTrue, tenantsHaveTheirShard, slotsOfRunning, runningHaveSlots, slotsWithinLimits, waitersHaveKeys,
            dependenciesBlock, batchesCount, closedBatchesAreDone,
        ]
    }

    /// What holds of them besides when nothing is going on and the sweeps have been everywhere.
    static var rulesOfLimitsAtRest: [QueueRule] {
        [noFreeSlotWithWaiters, nothingHeldWithoutPause, nothingBlockedInVain]
    }

    private static var traitsAreTrue: QueueRule {
        QueueRule(
            "a row says what its job has: a unique key, a concurrency key, a rate limit, a batch",
            """
            SELECT 'job ' || r.job_id || ' is ' || r.place || ' with the traits ' || r.traits AS example
            FROM (\(rows)) r
            JOIN queue.jobs j ON j.id = r.job_id
            WHERE queue.traits(j.unique_key, j.concurrency_key, j.rate_key, j.batch_id) & ~r.traits <> 0
            """)
    }

    private static var tenantsHaveTheirShard: QueueRule {
        QueueRule(
            "a job stands in its tenant's shard",
            """
            SELECT 'job ' || r.job_id || ' is ' || r.place || ' in shard ' || r.shard AS example
            FROM (\(rows)) r
            JOIN queue.jobs j ON j.id = r.job_id
            WHERE r.shard <> queue.shard(j.tenant)
            """)
    }

    private static var slotsOfRunning: QueueRule {
        QueueRule(
            "a slot belongs to a ready or running job",
            """
            SELECT 'slot ' || s.slot || ' of ' || s.concurrency_key || ' is with job ' || s.job_id || ', which is '
                   || coalesce((SELECT string_agg(p.place, ' and ') FROM (\(places)) p WHERE p.job_id = s.job_id), 'nowhere')
                   AS example
            FROM queue.concurrency_slots s
            WHERE s.job_id NOT IN (SELECT job_id FROM queue.ready UNION ALL SELECT job_id FROM queue.leases)
            """)
    }

    private static var runningHaveSlots: QueueRule {
        QueueRule(
            "a ready or running job has a slot of its concurrency key",
            """
            SELECT 'job ' || j.id || ' is ' || r.place || ' without a slot of ' || j.concurrency_key AS example
            FROM (SELECT job_id, 'ready' AS place FROM queue.ready
                  UNION ALL SELECT job_id, 'leased' FROM queue.leases) r
            JOIN queue.jobs j ON j.id = r.job_id
            WHERE j.concurrency_key IS NOT NULL
              AND NOT EXISTS (SELECT FROM queue.concurrency_slots s
                              WHERE s.job_id = j.id AND s.concurrency_key = j.concurrency_key)
            """)
    }

    private static var slotsWithinLimits: QueueRule {
        QueueRule(
            "no more jobs of a key run than its limit allows",
            """
            SELECT 'job ' || j.id || ' has slot ' || s.slot || ' of ' || s.concurrency_key || ', which allows '
                   || j.concurrency_limit AS example
            FROM queue.concurrency_slots s
            JOIN queue.jobs j ON j.id = s.job_id
            WHERE s.slot > j.concurrency_limit
            """)
    }

    private static var waitersHaveKeys: QueueRule {
        QueueRule(
            "who waits in line waits for the slot of its own key",
            """
            SELECT 'job ' || w.job_id || ' waits for ' || w.concurrency_key AS example
            FROM queue.waiting w
            JOIN queue.jobs j ON j.id = w.job_id
            WHERE j.concurrency_key IS DISTINCT FROM w.concurrency_key
            """)
    }

    private static var dependenciesBlock: QueueRule {
        QueueRule(
            "a job that waits for others is blocked",
            """
            SELECT 'job ' || d.job_id || ' waits for job ' || d.on_job_id || ' and is not blocked' AS example
            FROM queue.dependencies d
            WHERE NOT EXISTS (SELECT FROM queue.blocked b WHERE b.job_id = d.job_id)
            """)
    }

    private static var batchesCount: QueueRule {
        QueueRule(
            "a batch counts each of its jobs once, and each end once",
            """
            SELECT 'batch ' || b.id || ' counts ' || told.total || ' jobs, ' || told.succeeded || ' succeeded, '
                   || told.dead || ' dead, ' || told.cancelled || ' cancelled; there are ' || found.total || ', '
                   || found.succeeded || ', ' || found.dead || ', ' || found.cancelled AS example
            FROM queue.batches b
            CROSS JOIN LATERAL (
                SELECT b.total + coalesce((SELECT sum(x.jobs) FROM queue.batch_joins x WHERE x.batch_id = b.id), 0) AS total,
                       b.succeeded + count(*) FILTER (WHERE e.outcome = 'succeeded') AS succeeded,
                       b.dead + count(*) FILTER (WHERE e.outcome = 'dead') AS dead,
                       b.cancelled + count(*) FILTER (WHERE e.outcome = 'cancelled') AS cancelled
                FROM queue.batch_ends e
                WHERE e.batch_id = b.id
            ) told
            CROSS JOIN LATERAL (
                SELECT count(*) AS total,
                       count(*) FILTER (WHERE EXISTS (SELECT FROM queue.attempts a
                                                      WHERE a.job_id = j.id AND a.outcome = 'succeeded')) AS succeeded,
                       count(*) FILTER (WHERE EXISTS (SELECT FROM queue.dead d WHERE d.job_id = j.id)) AS dead,
                       count(*) FILTER (WHERE EXISTS (SELECT FROM queue.attempts a
                                                      WHERE a.job_id = j.id AND a.outcome = 'cancelled'
                                                        AND \(isNotTakenBack("a")))) AS cancelled
                FROM queue.jobs j
                WHERE j.batch_id = b.id
            ) found
            WHERE b.closed_at IS NULL
              AND (told.total, told.succeeded, told.dead, told.cancelled)
                  <> (found.total, found.succeeded, found.dead, found.cancelled)
            """)
    }

    private static var closedBatchesAreDone: QueueRule {
        QueueRule(
            "a closed batch was sealed, and all its jobs had ended",
            """
            SELECT 'batch ' || b.id || ' is closed with ' || b.total || ' jobs, of which '
                   || b.succeeded + b.dead + b.cancelled || ' have ended' AS example
            FROM queue.batches b
            WHERE b.closed_at IS NOT NULL
              AND (b.sealed_at IS NULL OR b.total <> b.succeeded + b.dead + b.cancelled
                   OR b.total <> (SELECT count(*) FROM queue.jobs j WHERE j.batch_id = b.id))
            """)
    }

    private static var noFreeSlotWithWaiters: QueueRule {
        QueueRule(
            "nobody waits for a slot that is free",
            """
            SELECT 'job ' || w.job_id || ' waits for ' || w.concurrency_key || ', of which ' || s.taken || ' of '
                   || w.slots || ' are taken' AS example
            FROM queue.waiting w
            CROSS JOIN LATERAL (
                SELECT count(*) AS taken FROM queue.concurrency_slots c
                WHERE c.concurrency_key = w.concurrency_key AND c.slot <= w.slots
            ) s
            WHERE s.taken < w.slots
              AND NOT EXISTS (SELECT FROM queue.pauses p WHERE p.scope = 'key' AND p.name = w.concurrency_key)
            """)
    }

    private static var nothingHeldWithoutPause: QueueRule {
        QueueRule(
            "a job is held only by a pause",
            """
            SELECT 'job ' || h.job_id || ' is held, and ' || h.scope || ' ' || h.name || ' is not paused' AS example
            FROM queue.held h
            WHERE NOT EXISTS (SELECT FROM queue.pauses p WHERE p.scope = h.scope AND p.name = h.name)
            """)
    }

    private static var nothingBlockedInVain: QueueRule {
        QueueRule(
            "what waits for others waits for one that has not ended well",
            """
            SELECT 'job ' || b.job_id || ' is blocked by nothing' AS example
            FROM queue.blocked b
            WHERE NOT EXISTS (
                SELECT FROM queue.dependencies d
                WHERE d.job_id = b.job_id
                  AND NOT EXISTS (SELECT FROM queue.attempts a
                                  WHERE a.job_id = d.on_job_id AND a.outcome IN ('succeeded', 'cancelled')
                                    AND \(isNotTakenBack("a"))))
            """)
    }
}
