internal import Database

extension Queue {
    /// What holds of the queue at every moment, whoever does what to it.
    ///
    /// Each is looked at in one statement, so in one snapshot. They know nothing of the statements that they judge.
    public static var rules: [QueueRule] {
        [
            onePlace, noBodilessRow, oneEndForEachLease, leasesGrow, attemptsCount, keysOfLiveJobs, liveJobsHoldKeys,
            crashesCount,
        ]
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
        ]
    }

    /// Each job with the place it is in, once for each place.
    private static var places: SQL {
        """
        SELECT job_id, 'ready' AS place FROM queue.ready
        UNION ALL SELECT job_id, 'scheduled' FROM queue.scheduled
        UNION ALL SELECT job_id, 'leased' FROM queue.leases
        UNION ALL SELECT job_id, 'dead' FROM queue.dead
        UNION ALL SELECT job_id, 'finished' FROM queue.attempts WHERE outcome = 'succeeded'
        """
    }

    private static var livePlaces: SQL { "SELECT * FROM (\(places)) p WHERE place NOT IN ('dead', 'finished')" }

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
            FROM (\(livePlaces)) p
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
            SELECT 'job ' || now.job_id || ' is ' || now.place || ' with lease ' || now.lease || ', and lease '
                   || max(a.lease) || ' has ended' AS example
            FROM (SELECT job_id, lease, 'ready' AS place, 0 AS step FROM queue.ready
                  UNION ALL SELECT job_id, lease, 'scheduled', 0 FROM queue.scheduled
                  UNION ALL SELECT job_id, lease, 'leased', 1 FROM queue.leases) now
            JOIN queue.attempts a ON a.job_id = now.job_id
            GROUP BY now.job_id, now.place, now.lease, now.step
            HAVING max(a.lease) + now.step > now.lease
            """)
    }

    private static var attemptsCount: QueueRule {
        QueueRule(
            "an attempt has the number of failures before it, plus one",
            """
            SELECT 'job ' || job_id || ', lease ' || lease || ' is attempt ' || attempt || ' after ' || failures
                   || ' failures' AS example
            FROM (
                SELECT job_id, lease, attempt, worker_id,
                       count(*) FILTER (WHERE outcome = 'failed')
                           OVER (PARTITION BY job_id ORDER BY lease
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS failures
                FROM queue.attempts
            ) counted
            WHERE worker_id IS NOT NULL AND attempt <> failures + 1
            """)
    }

    private static var keysOfLiveJobs: QueueRule {
        QueueRule(
            "a unique key is held by a live job",
            """
            SELECT 'key ' || u.key || ' of ' || u.kind || ' is held by job ' || u.job_id || ', which is not live'
                   AS example
            FROM queue.unique_keys u
            WHERE u.job_id NOT IN (SELECT job_id FROM (\(livePlaces)) live)
            """)
    }

    private static var liveJobsHoldKeys: QueueRule {
        QueueRule(
            "a live job with a unique key holds it",
            """
            SELECT 'job ' || j.id || ' is ' || live.place || ' without its key ' || j.unique_key AS example
            FROM queue.jobs j
            JOIN (\(livePlaces)) live ON live.job_id = j.id
            WHERE j.unique_key IS NOT NULL
              AND NOT EXISTS (SELECT FROM queue.unique_keys u
                              WHERE u.job_id = j.id AND u.kind = j.kind AND u.key = j.unique_key)
            """)
    }

    private static var crashesCount: QueueRule {
        QueueRule(
            "a job is given up as worker_lost after as many lost workers as it is allowed, and not before",
            """
            SELECT 'job ' || d.job_id || ' has lost ' || count(DISTINCT a.worker_id) || ' workers, and '
                   || d.crashes || ' are written' AS example
            FROM queue.dead d
            LEFT JOIN queue.attempts a ON a.job_id = d.job_id AND a.outcome = 'lost'
            WHERE d.reason = 'worker_lost'
            GROUP BY d.job_id, d.crashes, d.body
            HAVING count(DISTINCT a.worker_id) <> d.crashes OR d.crashes < (d.body ->> 'max_crashes')::integer
            """)
    }
}
