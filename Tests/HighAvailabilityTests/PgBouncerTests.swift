import Database
import Foundation
import Jobs
import TestSupport
import Testing

/// PgBouncer with `pool_mode = transaction` and few connections to lend: every transaction may meet another session.
@Suite struct PgBouncerTests {
    @Test func `the program migrates, plays the demo, works and schedules through it`() async throws {
        try await ScratchDatabase.with { direct in
            try await Bouncer.with(direct, connections: 3) { bouncer in
                let environment = ["DATABASE_URL": bouncer.url, "DRIZZL_DATABASE_POOLER": "transaction"]
                try await DrizzlProcess.run(["migrate"], environment: environment)
                try await DrizzlProcess.run(["seed"], environment: environment)
                let programs = try ["work", "work", "schedule"].map { word in
                    try DrizzlProcess.start([word], environment: environment)
                }
                let pool = Pool(Self.pooled(bouncer, role: "drizzl_app"))
                do {
                    for program in programs { try await program.hasBegun() }
                    let load = Load(pool: pool, batch: 10)
                    try await load.during {
                        try await eventually("jobs are done under load") {
                            try await ScratchDatabase.rows(direct, Self.done).first ?? 0 > 500
                        }
                    }
                    #expect(load.refused + load.unknown == 0)
                    try await eventually("all jobs of the load are done") {
                        try await ScratchDatabase.rows(direct, Self.undone).first == 0
                    }
                    let faults = try await Invariants.faults(direct, acknowledged: load.acknowledged)
                    #expect(faults.isEmpty, "\(faults)")
                } catch {
                    for program in programs { await program.killHard() }
                    await pool.close()
                    throw error
                }
                await pool.close()
                for program in programs { #expect(await program.stop() == 0, "\(program.output)") }
                try await DrizzlProcess.run(["doctor", "--traces"], environment: environment)
                // Nothing of it stays behind for whoever is lent the connection next.
                for _ in 0..<6 {
                    let left = try bouncer.ask(
                        """
                        SELECT current_user = session_user, current_setting('statement_timeout'),
                               (SELECT count(*) FROM pg_prepared_statements)
                        """)
                    #expect(left == "t|0|0")
                }
            }
        }
    }

    @Test func `role, zone and limit hold in each statement, transaction and COPY`() async throws {
        try await Self.with(connections: 2, role: "pg_monitor", limit: .milliseconds(1_234)) { pool, bouncer in
            let owner = Pool(Self.pooled(bouncer))
            _ = try await owner.query("CREATE TABLE t (n int8, who text DEFAULT current_user)")
            _ = try await owner.query("GRANT ALL ON t TO pg_monitor")
            await owner.close()
            let look: SQL = """
                SELECT concat_ws(' ', current_user, current_setting('TimeZone'), current_setting('statement_timeout'))
                    AS value
                """
            // Several at once, so that they are spread over the server's connections.
            let seen = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var seen = try await pool.query(look).map { try $0.value("value", as: String.self) }
                        seen += try await pool.transaction { session in
                            try session.execute("INSERT INTO t VALUES (\(1))")
                            return try session.query(look).map { try $0.value("value", as: String.self) }
                        }
                        seen += try await pool.run { session in
                            try session.copyIn(table: "t", columns: ["n"], rows: [[2]])
                            return try session.pipeline(["INSERT INTO t VALUES (\(3))", look])[1].rows.map {
                                try $0.value("value", as: String.self)
                            }
                        }
                        return seen
                    }
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            #expect(seen.count == 24)
            #expect(Set(seen) == ["pg_monitor UTC 1234ms"])
            let writers = try await pool.query("SELECT who, count(*) AS rows FROM t GROUP BY who")
            #expect(try writers.map { try $0.value("who", as: String.self) } == ["pg_monitor"])
            #expect(try writers.first?.value("rows") == 24)
        }
    }

    @Test func `a statement that takes too long, is cancelled or fails leaves everybody else alone`() async throws {
        try await Self.with(connections: 1, limit: .milliseconds(300)) { pool, _ in
            await #expect(throws: DatabaseError.self) { try await pool.query("SELECT pg_sleep(20)") }
            await #expect(throws: DatabaseError.self) { try await pool.query("SELECT nonsense") }
            let sleeping = Task { try await pool.query("SELECT pg_sleep(0.2)") }
            sleeping.cancel()
            _ = try? await sleeping.value
            try await pool.transaction { session in
                try session.execute("SELECT 1")
                _ = try? session.savepoint { try session.execute("SELECT nonsense") }
                let row = try session.first("SELECT \(7) AS n")
                #expect(try row?.value("n") == 7)
            }
        }
    }

    @Test func `an unknown role is named, and a script without a transaction is not run with more rights`()
        async throws
    {
        try await Self.with(connections: 1, role: "nobody_at_all") { pool, _ in
            do {
                _ = try await pool.query("SELECT 1")
                Issue.record("a role that is not there was taken on")
            } catch let error as DatabaseError {
                #expect(error.message.contains("nobody_at_all"))
            }
            await #expect(throws: DatabaseError.self) {
                try await pool.run { session in try session.executeScript(unsafeUnescaped: "CREATE TABLE t (n int)") }
            }
            // What has no plan is not sent ahead of the role either.
            await #expect(throws: DatabaseError.self) { try await pool.query("CREATE TABLE t (n int)") }
        }
    }

    @Test func `what runs outside transactions works without a role`() async throws {
        try await Self.with(connections: 1) { pool, _ in
            _ = try await pool.query("CREATE TABLE t (n int8)")
            _ = try await pool.query("VACUUM t")
        }
    }

    @Test func `listening goes around it, or is replaced by looking`() async throws {
        try await ScratchDatabase.with { direct in
            try await Bouncer.with(direct, connections: 1) { bouncer in
                var configuration = Self.pooled(bouncer)
                var looks = notifications(configuration, channels: ["jobs"]).makeAsyncIterator()
                for _ in 0..<2 { #expect(await looks.next() == .reconnected) }

                configuration.listenURL = direct
                var heard = notifications(configuration, channels: ["jobs"]).makeAsyncIterator()
                #expect(await heard.next() == .reconnected)
                let pool = Pool(configuration)
                _ = try await pool.query("SELECT pg_notify('jobs', 'a')")
                #expect(await heard.next() == .notified(channel: "jobs", payload: "a"))
                await pool.close()
            }
        }
    }

    private static let done = "SELECT count(*) FROM queue.attempts WHERE outcome = 'succeeded'"
    private static let undone = """
        SELECT count(*) FROM queue.jobs j
        WHERE j.kind = 'refresh_partner_figures'
          AND NOT EXISTS (SELECT FROM queue.attempts a WHERE a.job_id = j.id AND a.outcome = 'succeeded')
        """

    private static func pooled(
        _ bouncer: Bouncer, role: String? = nil, limit: Duration = .seconds(30)
    ) -> DatabaseConfiguration {
        var configuration = DatabaseConfiguration(
            url: bouncer.url, maximumConnections: 4, statementTimeout: limit, role: role)
        configuration.pooler = .transaction
        return configuration
    }

    private static func with(
        connections: Int, role: String? = nil, limit: Duration = .seconds(30),
        _ body: (Pool, Bouncer) async throws -> Void
    ) async throws {
        try await ScratchDatabase.with { direct in
            try await Bouncer.with(direct, connections: connections) { bouncer in
                let pool = Pool(pooled(bouncer, role: role, limit: limit))
                do {
                    try await body(pool, bouncer)
                } catch {
                    await pool.close()
                    throw error
                }
                await pool.close()
            }
        }
    }
}
