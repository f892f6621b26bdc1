import Database
import Foundation
import Jobs

extension Ground {
    /// Empties the queue.
    func clear() async throws {
        _ = try await pool.query(
            """
            TRUNCATE queue.jobs, queue.ready, queue.scheduled, queue.leases, queue.attempts, queue.unique_keys,
                     queue.workers, queue.dead
            """)
        try await settle()
    }

    /// Puts the jobs of a round into the queue, with whatever else is there.
    func fill(_ settings: BenchSettings) async throws {
        for start in stride(from: 0, to: settings.jobs, by: 10_000) {
            let requests = (start..<min(start + 10_000, settings.jobs)).map(settings.request)
            _ = try await pool.query(Queue.enqueue(requests, now: now()))
        }
        try await settle()
    }

    /// Whether something is ready or running.
    func isBusy() async throws -> Bool {
        try await number(
            """
            SELECT (EXISTS (SELECT FROM queue.ready) OR EXISTS (SELECT FROM queue.leases))::integer AS number
            """) == 1
    }

    /// How fast `body` did so many units of work, per second; what it cost goes into `measure`.
    func rate(of count: Int, into measure: inout Measure, _ body: () async throws -> Void) async throws -> Double {
        let (wal, microseconds) = (try await wal(), try await serverMicroseconds())
        let start = ContinuousClock.now
        try await body()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        measure.wal.append(Double(try await self.wal() - wal) / Double(count))
        measure.serverMicroseconds.append(Double(try await serverMicroseconds() - microseconds) / Double(count))
        return Double(count) / seconds
    }

    /// Other jobs: as many that are finished as come later.
    func growBig(_ settings: BenchSettings) async throws {
        _ = try await pool.query(
            """
            INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)
            SELECT n, 'bench', 'default', 1, 20, '{"n": 0}' FROM generate_series(1, \(2 * settings.others)) n
            """)
        _ = try await pool.query(
            """
            INSERT INTO queue.attempts (job_id, worker_id, claimed_at, lease, attempt, queue, outcome)
            SELECT n, 1, now(), 1, 1, 'default', 'succeeded' FROM generate_series(1, \(settings.others)) n
            """)
        _ = try await pool.query(
            """
            INSERT INTO queue.scheduled (run_at, job_id, priority, queue, traits)
            SELECT now() + interval '1 year' + n * interval '1 second', n, 1, 'default', 0
            FROM generate_series(\(settings.others + 1), \(2 * settings.others)) n
            """)
        try await settle()
    }

    /// Keeps an old snapshot open, as a forgotten report does, for the length of `body`.
    func holdingSnapshot<Value>(_ body: () async throws -> Value) async throws -> Value {
        let holder = Pool(DatabaseConfiguration(url: url, maximumConnections: 1, statementTimeout: .seconds(3_600)))
        let sleep: SQL = "SELECT pg_sleep(3600)"
        let held = Task { _ = try? await holder.query(sleep) }
        while try await number("SELECT count(*) AS number FROM pg_stat_activity WHERE query = \(sleep.text)") == 0 {
            try await Task.sleep(for: .milliseconds(20))
        }
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        _ = try await pool.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = \(sleep.text)")
        await held.value
        await holder.close()
        return try outcome.get()
    }
}
