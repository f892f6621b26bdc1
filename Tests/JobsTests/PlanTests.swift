import Database
import Foundation
import Jobs
import TestSupport
import Testing

/// Pins how the server finds its way where a million rows lie: by an index, and to no more rows than are asked for.
///
/// The statements are explained with `ANALYZE`, so they run; what they did is rolled back.
@Suite struct PlanTests {
    @Test(.timeLimit(.minutes(10)))
    func `nothing reads a table of a million rows from end to end`() async throws {
        try await Testbed.with(connections: 1) { bed in
            try await bed.fillUp()
            let worker = try await bed.worker()
            let moment = Date(timeIntervalSince1970: 1_800_000_000)
            let leases = try await bed.pool.run { session in
                try Queue.claimJobs(for: worker, from: "default", floors: ClaimFloors(), count: 200, in: session)
            }.map(\.lease)
            #expect(leases.count == 200)
            var dead = JobFilter()
            dead.place = .dead
            var ofKind = JobFilter()
            ofKind.kind = "rare"
            var scheduled = JobFilter()
            scheduled.place = .scheduled
            let statements: [(name: String, sql: SQL, rows: Int)] = [
                ("claim", Queue.claim(for: worker, from: "default", floors: ClaimFloors(), count: 200), 200),
                ("finish", Queue.complete(leases, notes: leases.map { _ in nil }), 200),
                ("fail", Queue.postpone(leases[0], to: moment, because: .failed, reason: "x"), 1),
                ("bury", Queue.bury(leases[0], because: .attempts, reason: "x"), 1),
                ("rescue", Queue.rescue(limit: 200), 200),
                ("promotion", Queue.promote(now: moment, limit: 200), 200),
                ("admission", Queue.admit(["key 7"]), 1),
                ("sweep of keys", Queue.admitSweep(after: nil, limit: 50), 50),
                ("list", Queue.list(JobFilter(), limit: 50), Queue.listDepth),
                ("list of a rare kind", Queue.list(ofKind, limit: 50), Queue.listDepth),
                ("list of dead letters", Queue.list(dead, limit: 50), Queue.listDepth),
                ("list of scheduled jobs", Queue.list(scheduled, limit: 50), Queue.listDepth),
                ("jobs of a record", Queue.jobs(of: "order", record: UUID(), limit: 50), 50),
            ]
            for (name, sql, rows) in statements {
                let plan = try await bed.explain(sql)
                #expect(plan.sequentialScans.isDisjoint(with: Testbed.large), "\(name): \(plan.sequentialScans)")
                // Beside the rows that are asked for each statement looks at a few more, never at a share of the table.
                #expect(plan.mostRows <= max(2 * rows, 500), "\(name) looks at \(plan.mostRows) rows")
            }
            try await bed.expectBoundedOverview()
        }
    }
}

/// What a plan did.
private struct Plan {
    /// The tables that were read from end to end.
    var sequentialScans: Set<String> = []
    /// The most rows that one scan of a table gave or threw away.
    var mostRows = 0

    mutating func read(_ node: [String: Any]) {
        let type = node["Node Type"] as? String ?? ""
        if let table = node["Relation Name"] as? String {
            if type == "Seq Scan" { sequentialScans.insert(table) }
            let loops = node["Actual Loops"] as? Double ?? 1
            let given = (node["Actual Rows"] as? Double ?? 0) + (node["Rows Removed by Filter"] as? Double ?? 0)
            if type != "ModifyTable" { mostRows = max(mostRows, Int(given * loops)) }
        }
        for child in node["Plans"] as? [[String: Any]] ?? [] { read(child) }
    }
}

extension Testbed {
    /// The tables that hold many rows here.
    fileprivate static let large: Set<String> = [
        "jobs", "jobs_default", "ready", "scheduled", "dead", "leases", "waiting", "attempts", "attempts_default",
    ]

    /// Fills the tables as a long stoppage would: a million ready jobs, and many in the other places.
    fileprivate func fillUp() async throws {
        let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1, statementTimeout: .seconds(120)))
        do {
            for statement in Self.filling { _ = try await owner.query(statement) }
            await owner.close()
        } catch {
            await owner.close()
            throw error
        }
    }

    private static let filling: [SQL] = [
        """
        INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)
        SELECT n, 'noop', 'default', 1, 20, '{}' FROM generate_series(1, 1000000) AS n
        """,
        """
        INSERT INTO queue.ready (job_id, priority, traits, queue)
        SELECT n, 1, 0, 'default' FROM generate_series(1, 1000000) AS n
        """,
        """
        INSERT INTO queue.scheduled (run_at, job_id, priority, traits, queue)
        SELECT to_timestamp(1700000000) + n * interval '1 second', n, 1, 0, 'default'
        FROM generate_series(1000001, 1110000) AS n
        """,
        """
        INSERT INTO queue.dead (job_id, died_at, kind, queue, reason, lease, attempts, crashes, body)
        SELECT n, to_timestamp(1700000000) + n * interval '1 second', 'noop', 'default', 'attempts', 1, 1, 0,
               jsonb_build_object('id', n, 'created_at', now(), 'kind', 'noop', 'queue', 'default', 'priority', 1,
                                  'max_attempts', 20, 'max_crashes', 3, 'payload', '{}'::jsonb)
        FROM generate_series(1200001, 1310000) AS n
        """,
        """
        INSERT INTO queue.leases (job_id, worker_id, seq, lease, shard, priority, attempt, crashes, traits, queue)
        SELECT n, 7, n, 1, 0, 1, 1, 0, 0, 'default' FROM generate_series(1400001, 1420000) AS n
        """,
        """
        INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)
        SELECT n, 'noop', 'default', 1, 20, '{}' FROM generate_series(1400001, 1420000) AS n
        """,
        """
        INSERT INTO queue.waiting (concurrency_key, priority, job_id, slots, traits, queue)
        SELECT 'key ' || n % 1000, 1, n, 1, 2, 'default' FROM generate_series(1500001, 1550000) AS n
        """,
        """
        INSERT INTO queue.attempts (job_id, lease, attempt, queue, outcome)
        SELECT n, 1, 1, 'default', 'failed' FROM generate_series(1, 100000) AS n
        """,
    ]

    /// The overview counts up to its bound, and says that there are more.
    fileprivate func expectBoundedOverview() async throws {
        let overview = try await explain(Queue.overview())
        #expect(overview.sequentialScans.isDisjoint(with: Self.large), "\(overview.sequentialScans)")
        #expect(overview.mostRows <= QueueOverview.bound + 1)
        let queues = try await pool.run { try QueueOverview.all(in: $0) }
        let queue = try #require(queues.first { $0.queue == "default" })
        #expect(queue.overflows == [.ready, .scheduled, .dead])
        #expect(queue.ready == QueueOverview.bound)
        #expect((queue.leased, queue.waiting) == (20_200, 50_000))
    }

    /// Explains a statement as it runs in production: prepared for any values, with plans by index.
    fileprivate func explain(_ sql: SQL) async throws -> Plan {
        let text = try await pool.run { session in
            try session.begin(with: [Queue.plansByIndex])
            let explain: SQL = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) \(sql)"
            let rows = try session.query(explain)
            try session.rollback()
            return try rows[0].value("QUERY PLAN", as: JSON.self).text
        }
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        var plan = Plan()
        plan.read(document?.first?["Plan"] as? [String: Any] ?? [:])
        return plan
    }
}
