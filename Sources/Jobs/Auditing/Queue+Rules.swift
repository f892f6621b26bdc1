internal import Database

extension Queue {
    /// What holds of the queue at every moment, whoever does what to it.
    ///
    /// Each is looked at in one statement, so in one snapshot. They know nothing of the statements that they judge.
    public static var rules: [QueueRule] {
        [
            onePlace, noBodilessRow, oneEndForEachLease, leasesGrow, attemptsCount, crashesCount, lossesAreEnough,
            keysOfLiveJobs, liveJobsHoldKeys,
        ] + rulesOfLimits
    }

    /// What holds besides when nothing is going on: no worker is being lost, nothing is being taken back.
    public static var rulesAtRest: [QueueRule] {
        [
            QueueRule(
                "every lease has a living owner",
                """
                SELECT 'job ' || l.job_id || ', lease ' || l.lease || ' of a worker that is not there' AS example
                FROM queue.leases l
                WHERE NOT EXISTS (SELECT FROM queue.workers w WHERE w.id = l.worker_id)
                """)
        ] + rulesOfLimitsAtRest
    }

    /// Each job with the place it is in, once for each place.
    static var places: SQL {
        """
        SELECT job_id, place FROM (\(rows)) live
        UNION ALL SELECT job_id, 'dead' FROM queue.dead
        UNION ALL SELECT a.job_id, 'ended' FROM queue.attempts a
                  WHERE a.outcome IN ('succeeded', 'cancelled') AND \(isNotTakenBack("a"))
        """
    }

    /// Whether an end of a job is its last word: that a job was called off may be taken back.
    static func isNotTakenBack(_ end: SQL) -> SQL {
        """
        NOT (\(end).outcome = 'cancelled'
             AND EXISTS (SELECT FROM queue.attempts back
                         WHERE back.job_id = \(end).job_id AND back.lease = \(end).lease + 1
                           AND back.outcome = 'released' AND back.worker_id IS NULL))
        """
    }

    /// The rows of live jobs, with what all their tables have; of a lease the numbers before its claim.
    static var rows: SQL {
        """
        SELECT 'ready' AS place, job_id, lease, shard, attempt, crashes, traits FROM queue.ready
        UNION ALL SELECT 'scheduled', job_id, lease, shard, attempt, crashes, traits FROM queue.scheduled
        UNION ALL SELECT 'waiting', job_id, lease, shard, attempt, crashes, traits FROM queue.waiting
        UNION ALL SELECT 'blocked', job_id, lease, shard, attempt, crashes, traits FROM queue.blocked
        UNION ALL SELECT 'held', job_id, lease, shard, attempt, crashes, traits FROM queue.held
        UNION ALL SELECT 'leased', job_id, lease - 1, shard, attempt - 1, crashes, traits FROM queue.leases
        """
    }

    private static var onePlace: QueueRule {
        QueueRule(
            "every job is in exactly one place",
            """
            SELECT 'job ' || j.id || ' (' || j.kind || ') is '
                   || coalesce(string_agg(p.place, ' and ' ORDER BY p.place), 'nowhere') AS example
            FROM queue.jobs j
            LEFT JOIN (\(places)) p ON p.job_id = j.id
            GROUP BY j.id, j.kind
            HAVING count(p.place) <> 1
            """)
    }

    private static var noBodilessRow: QueueRule {
        QueueRule(
            "whatever is to be run has a body",
            """
            SELECT 'job ' || p.job_id || ' is ' || p.place || ' and has no body' AS example
            FROM (\(rows)) p
            WHERE NOT EXISTS (SELECT FROM queue.jobs j WHERE j.id = p.job_id)
            """)
    }

    private static var oneEndForEachLease: QueueRule {
        QueueRule(
            "the end of a lease is recorded once",
            """
            SELECT 'job ' || job_id || ', lease ' || lease || ' ended as '
                   || string_agg(outcome, ' and ' ORDER BY outcome) AS example
            FROM queue.attempts
            GROUP BY job_id, lease
            HAVING count(*) > 1
            """)
    }

    private static var leasesGrow: QueueRule {
        QueueRule(
            "lease numbers only grow",
            """
            SELECT 'job ' || r.job_id || ' is ' || r.place || ' after lease ' || r.lease || ', and lease '
                   || max(a.lease) || ' has ended' AS example
            FROM (\(rows)) r
            JOIN queue.attempts a ON a.job_id = r.job_id
            GROUP BY r.job_id, r.place, r.lease
            HAVING max(a.lease) > r.lease
            """)
    }

    private static var attemptsCount: QueueRule {
        QueueRule(
            "an attempt has the number of those before it that count, plus one",
            """
            SELECT 'job ' || job_id || ', lease ' || lease || ' is attempt ' || attempt || ' after ' || before AS example
            FROM (
                SELECT a.job_id, a.lease, a.attempt, a.worker_id,
                       count(*) FILTER (WHERE a.outcome = 'failed' OR a.outcome = 'lost' AND j.on_lost = 'attempt')
                           OVER (PARTITION BY a.job_id ORDER BY a.lease
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                FROM queue.attempts a
                JOIN queue.jobs j ON j.id = a.job_id
            ) counted
            WHERE worker_id IS NOT NULL AND attempt <> before + 1
            """)
    }

    private static var crashesCount: QueueRule {
        QueueRule(
            "as many crashes are counted as workers were lost",
            """
            SELECT 'job ' || r.job_id || ' is ' || r.place || ' with ' || r.crashes || ' crashes, and lost '
                   || count(a.job_id) || ' workers' AS example
            FROM (\(rows)) r
            LEFT JOIN queue.attempts a ON a.job_id = r.job_id AND a.outcome = 'lost'
            GROUP BY r.job_id, r.place, r.crashes
            HAVING count(a.job_id) <> r.crashes
            """)
    }

    private static var lossesAreEnough: QueueRule {
        QueueRule(
            "a job is given up as worker_lost when it has lost as many workers as it may, and not before",
            """
            SELECT 'job ' || d.job_id || ' has lost ' || count(a.job_id) || ' workers, and ' || d.crashes
                   || ' are written' AS example
            FROM queue.dead d
            LEFT JOIN queue.attempts a ON a.job_id = d.job_id AND a.outcome = 'lost'
            WHERE d.reason = 'worker_lost'
            GROUP BY d.job_id, d.crashes, d.attempts, d.body
            HAVING count(a.job_id) <> d.crashes
                OR d.crashes < (d.body ->> 'max_crashes')::integer AND d.body ->> 'on_lost' = 'retry'
                OR d.crashes < (d.body ->> 'max_crashes')::integer AND d.body ->> 'on_lost' = 'attempt'
                   AND d.attempts < (d.body ->> 'max_attempts')::integer
            """)
    }

    private static var keysOfLiveJobs: QueueRule {
        QueueRule(
            "a unique key is held by a live job",
            """
            SELECT 'key ' || u.key || ' of ' || u.kind || ' is held by job ' || u.job_id || ', which is not live'
                   AS example
            FROM queue.unique_keys u
            WHERE u.job_id NOT IN (SELECT job_id FROM (\(rows)) live)
            """)
    }

    private static var liveJobsHoldKeys: QueueRule {
        QueueRule(
            "a live job with a unique key holds it",
            """
            SELECT 'job ' || j.id || ' is ' || live.place || ' without its key ' || j.unique_key AS example
            FROM queue.jobs j
            JOIN (\(rows)) live ON live.job_id = j.id
            WHERE j.unique_key IS NOT NULL
              AND NOT EXISTS (SELECT FROM queue.unique_keys u
                              WHERE u.job_id = j.id AND u.kind = j.kind AND u.key = j.unique_key)
            """)
    }
}
