internal import Database
internal import Jobs

// Names the tables of the queue, as an auditor must: by the queue's own statements it would believe what it judges.
extension ChaosJudge {
    /// What the traces of the handlers, the requests and the queue have to agree on.
    static var rules: [QueueRule] {
        [
            acknowledgedIsKept, requestIsWhole, effectOnce, effectOfWinner, successHasEffect, childrenExist,
            runsAgainSoon, killersEnd, innocentsLive, keysNeverShared,
            limitsKept, dependentsCameAfter, callbacksOnce,
        ]
    }

    /// The jobs that are neither finished nor dead, and the batches that wait for nothing more and are still open.
    static var unfinished: SQL {
        """
        SELECT 'job ' || p.job_id || ' (' || j.kind || ') is still ' || p.place AS example
        FROM (SELECT job_id, 'ready' AS place FROM queue.ready
              UNION ALL SELECT job_id, 'scheduled' FROM queue.scheduled
              UNION ALL SELECT job_id, 'waiting' FROM queue.waiting
              UNION ALL SELECT job_id, 'held' FROM queue.held
              UNION ALL SELECT job_id, 'leased' FROM queue.leases
              UNION ALL
              -- What waits for a dead letter, or for what does, waits until an operator comes.
              SELECT job_id, 'blocked' FROM queue.blocked b
              WHERE NOT EXISTS (SELECT FROM queue.dependencies d
                                WHERE d.job_id = b.job_id
                                  AND (EXISTS (SELECT FROM queue.dead x WHERE x.job_id = d.on_job_id)
                                       OR EXISTS (SELECT FROM queue.blocked x WHERE x.job_id = d.on_job_id)))) p
        LEFT JOIN queue.jobs j ON j.id = p.job_id
        UNION ALL
        SELECT 'batch ' || b.id || ' is still open'
        FROM queue.batches b
        WHERE b.sealed_at IS NOT NULL AND b.closed_at IS NULL
          AND NOT EXISTS (SELECT FROM queue.jobs j JOIN queue.blocked w ON w.job_id = j.id WHERE j.batch_id = b.id)
        """
    }

    /// What is counted for the report.
    static var figures: [(name: String, source: SQL)] {
        [
            ("jobs", "queue.jobs"),
            ("requests acknowledged", "chaos.acknowledged"),
            ("runs begun", "chaos.runs"),
            ("effects", "chaos.effects"),
            ("writes of zombies refused", "chaos.refusals"),
            ("leases lost", "queue.attempts WHERE outcome = 'lost'"),
            ("leases given back", "queue.attempts WHERE outcome = 'released'"),
            ("dead letters", "queue.dead"),
        ]
    }

    private static var acknowledgedIsKept: QueueRule {
        QueueRule(
            "every acknowledged request has its job",
            """
            SELECT 'request ' || a.number || ' was acknowledged and is not there' AS example
            FROM chaos.acknowledged a
            LEFT JOIN chaos.sent s USING (number)
            LEFT JOIN queue.jobs j ON j.id = s.job_id
            WHERE j.id IS NULL
            """)
    }

    private static var requestIsWhole: QueueRule {
        QueueRule(
            "a job and what was written in the transaction that asked for it are there together, or not at all",
            """
            SELECT 'request ' || coalesce(s.number, (j.payload ->> 'number')::bigint) || ': '
                   || CASE WHEN j.id IS NULL THEN 'written, without its job' ELSE 'a job, and nothing written' END
                   AS example
            FROM (SELECT * FROM chaos.sent WHERE is_created) s
            FULL JOIN (SELECT * FROM queue.jobs WHERE (payload ->> 'number')::bigint > 0) j ON j.id = s.job_id
            WHERE s.job_id IS NULL OR j.id IS NULL OR (j.payload ->> 'number')::bigint <> s.number
            """)
    }

    private static var effectOnce: QueueRule {
        QueueRule(
            "what a handler does through its job's transaction happens exactly once",
            """
            SELECT 'job ' || job_id || ' has ' || count(*) || ' effects, of the leases '
                   || string_agg(lease::text, ', ' ORDER BY lease) AS example
            FROM chaos.effects
            GROUP BY job_id
            HAVING count(*) > 1
            """)
    }

    private static var effectOfWinner: QueueRule {
        QueueRule(
            "no write of a zombie was accepted",
            """
            SELECT 'job ' || e.job_id || ' has an effect of lease ' || e.lease || ', which did not succeed' AS example
            FROM chaos.effects e
            WHERE NOT EXISTS (SELECT FROM queue.attempts a
                              WHERE a.job_id = e.job_id AND a.lease = e.lease AND a.worker_id = e.worker_id
                                AND a.outcome = 'succeeded')
            """)
    }

    private static var successHasEffect: QueueRule {
        QueueRule(
            "what succeeded has had its effect",
            """
            SELECT 'job ' || j.id || ' (' || j.kind || ') succeeded without an effect' AS example
            FROM queue.jobs j
            JOIN queue.attempts a ON a.job_id = j.id AND a.outcome = 'succeeded'
            WHERE j.kind = ANY (\(Deeds.writing)) AND NOT EXISTS (SELECT FROM chaos.effects e WHERE e.job_id = j.id)
            """)
    }

    private static var childrenExist: QueueRule {
        QueueRule(
            "a job that a handler asks for is there exactly when the handler's transaction is",
            """
            SELECT 'job ' || coalesce(asked.job_id, j.id)
                   || CASE WHEN j.id IS NULL THEN ' was asked for and is not there'
                           ELSE ' is there, and its parent has no effect that asks for it' END AS example
            FROM (SELECT e.job_id AS parent, unnest(e.children) AS job_id FROM chaos.effects e) asked
            FULL JOIN (SELECT id, (payload ->> 'parent')::bigint AS parent FROM queue.jobs
                       WHERE payload ? 'parent') j ON j.id = asked.job_id AND j.parent = asked.parent
            WHERE asked.job_id IS NULL OR j.id IS NULL
            """)
    }

    private static var killersEnd: QueueRule {
        QueueRule(
            "a job that kills its worker is dead as worker_lost after three of them",
            """
            SELECT 'job ' || j.id || ' has taken ' || count(a.job_id) || ' workers and is '
                   || coalesce('dead as ' || d.reason, 'not dead') AS example
            FROM queue.jobs j
            LEFT JOIN queue.dead d ON d.job_id = j.id
            LEFT JOIN queue.attempts a ON a.job_id = j.id AND a.outcome = 'lost'
            WHERE j.kind = \(Killer.kind)
            GROUP BY j.id, d.reason
            HAVING d.reason IS DISTINCT FROM 'worker_lost' OR count(a.job_id) <> 3
            """)
    }

    private static var innocentsLive: QueueRule {
        QueueRule(
            "nothing is given up but what fails each time or has lost three workers",
            """
            SELECT 'job ' || job_id || ' (' || kind || ') is dead: ' || reason || ', ' || coalesce(detail, '')
                   AS example
            FROM queue.dead
            WHERE NOT (reason = 'worker_lost' OR (kind = \(Hopeless.kind) AND reason = 'attempts'
                                                  AND attempts = \(Hopeless.attempts)))
            """)
    }

    private static var keysNeverShared: QueueRule {
        QueueRule(
            "of the jobs with one unique key never two lived at once",
            """
            SELECT 'jobs ' || a.id || ' and ' || b.id || ' lived with the key ' || a.unique_key AS example
            FROM (\(lives)) a
            JOIN (\(lives)) b ON a.kind = b.kind AND a.unique_key = b.unique_key AND a.id < b.id
            WHERE b.created_at < coalesce(a.ended_at, 'infinity') AND a.created_at < coalesce(b.ended_at, 'infinity')
            """)
    }

    private static var lives: SQL {
        """
        SELECT j.id, j.kind, j.unique_key, j.created_at, coalesce(a.finished_at, d.died_at) AS ended_at
        FROM queue.jobs j
        LEFT JOIN queue.attempts a ON a.job_id = j.id AND a.outcome = 'succeeded'
        LEFT JOIN queue.dead d ON d.job_id = j.id
        WHERE j.unique_key IS NOT NULL
        """
    }
}
