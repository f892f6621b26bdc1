import Database
import Foundation
import Jobs

/// How fast jobs that do nothing get through worker processes, with their history kept.
struct Draining {
    let ground: Ground
    let settings: BenchSettings

    /// Drains with a number of processes, beside pgbench that claims and completes with the same statements.
    ///
    /// - Parameters:
    ///   - name: What the case is called.
    ///   - processes: How many worker processes; as many clients does pgbench get.
    ///   - other: What to compare with instead of pgbench.
    ///   - prepare: What stands in the tables beside the jobs.
    /// - Returns: What was measured.
    /// - Throws: ``BenchFailure`` when not every job was done once; whatever went wrong.
    func measure(
        _ name: String, processes: Int = 1, beside other: [Double]? = nil,
        prepare: (Ground) async throws -> Void = { _ in }
    ) async throws -> [Measure] {
        var measure = Measure(name, "jobs/s")
        var memory = Measure("\(name)_worker_mb", "MB")
        measure.limit = other ?? []
        try await ground.clear()
        try await prepare(ground)
        for _ in 0..<settings.rounds {
            try await ground.fill(settings)
            measure.product.append(try await drain(processes, into: &measure, &memory))
            guard other == nil else { continue }
            try await ground.fill(settings)
            measure.limit.append(try await limit(clients: processes))
        }
        return [measure, memory]
    }

    /// Jobs per second from the first claim to the last recorded success, by the server's clock.
    private func drain(
        _ processes: Int, into measure: inout Measure, _ memory: inout Measure
    ) async throws -> Double {
        let since: Date =
            try await ground.pool.query("SELECT clock_timestamp() AS at").first?.value("at") ?? ground.now()
        let (wal, microseconds) = (try await ground.wal(), try await ground.serverMicroseconds())
        let workers = try (0..<processes).map { _ in
            try Program.begin([
                ground.program, "bench", "--work", ground.url, "--concurrency", "\(settings.concurrency)", "--batch",
                "\(settings.batch)",
            ])
        }
        defer {
            for worker in workers {
                worker.terminate()
                worker.waitUntilExit()
            }
        }
        while try await ground.isBusy() { try await Task.sleep(for: .milliseconds(100)) }
        memory.product += try workers.map { try Program.megabytes("VmHWM", of: $0) }
        measure.wal.append(Double(try await ground.wal() - wal) / Double(settings.jobs))
        measure.serverMicroseconds.append(
            Double(try await ground.serverMicroseconds() - microseconds) / Double(settings.jobs))
        let rows = try await ground.pool.query(
            """
            SELECT count(*) AS jobs,
                   extract(epoch FROM max(finished_at) - min(claimed_at))::double precision AS seconds
            FROM queue.attempts WHERE finished_at >= \(since) AND outcome = 'succeeded'
            """)
        guard let row = rows.first, try row.value("jobs", as: Int.self) == settings.jobs else {
            throw BenchFailure("not every job was done once")
        }
        return Double(settings.jobs) / (try row.value("seconds", as: Double.self))
    }

    /// The same claims and completions, by clients that do nothing else.
    private func limit(clients: Int) async throws -> Double {
        let worker = WorkerID.random()
        _ = try await ground.pool.query(
            Queue.register(worker, name: "limit", queues: ["default"], kinds: ["bench"], life: .seconds(3_600)))
        // A claim whose shards are known, as all but the first of a second are.
        let floors = try await ground.pool.run { session in
            var floors = ClaimFloors()
            let claim = try Queue.take(for: worker, from: "default", floors: floors, count: 1, in: session)
            floors.advance(over: claim, askedFor: 1, at: .now)
            _ = try session.query(Queue.release(claim.jobs.map(\.lease), reason: nil))
            return floors
        }
        let claim = Queue.claim(for: worker, from: "default", floors: floors, count: settings.batch).script(
            "ARRAY[0]", "ARRAY[0,1,2,3]", "ARRAY[0,:floor,0,0]", "'default'", "0", "\(settings.batch)", "'default'",
            "\(settings.batch)", "\(worker.rawValue)")
        let complete = Queue.complete([], notes: []).script(
            ":jobs", ":leases", ":workers")
        let script = """
            \\set floor 0
            BEGIN;
            SELECT set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true),
                   set_config('enable_bitmapscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);
            \(Self.gathered(claim)) \\gset
            COMMIT;
            BEGIN;
            SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
                   set_config('plan_cache_mode', 'force_generic_plan', true);
            \(complete);
            COMMIT;
            """
        let times = settings.jobs / settings.batch / clients
        let run = try Limit(url: ground.url).run(script, clients: clients, transactions: times)
        guard try await !ground.isBusy() else { throw BenchFailure("pgbench left jobs behind") }
        return run.rate * Double(settings.batch)
    }

    /// The claim with its answer as three arrays, which is how a script can hand it on; its last part alone is a query.
    private static func gathered(_ claim: String) -> String {
        let parts = claim.split(separator: " SELECT l.job_id, l.worker_id", maxSplits: 1)
        precondition(parts.count == 2, "the claim ends otherwise now: \(claim)")
        return """
            \(parts[0]) SELECT array_agg(job_id)::text AS jobs, array_agg(lease)::text AS leases, \
            array_agg(worker_id)::text AS workers FROM (SELECT l.job_id, l.worker_id\(parts[1])) c
            """
    }
}
