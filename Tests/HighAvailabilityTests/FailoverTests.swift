import Database
import Foundation
import Jobs
import TestSupport
import Testing

/// The primary is killed under load and its synchronous standby takes over.
@Suite(.serialized) struct FailoverTests {
    @Test func `when the primary is killed under load, nothing acknowledged is lost and everybody goes on`()
        async throws
    {
        try await Replicas.with { replicas in
            let environment = ["DATABASE_URL": replicas.url, "DRIZZL_DATABASE_CONNECTIONS": "6"]
            try await DrizzlProcess.run(["migrate"], environment: environment)
            let programs = try (["work", "work", "schedule", "schedule"]).map { word in
                try DrizzlProcess.start([word], environment: environment)
            }
            let pool = Pool(DatabaseConfiguration(url: replicas.url, maximumConnections: 4, role: "drizzl_app"))
            do {
                for program in programs { try await program.hasBegun() }
                let load = Load(pool: pool, batch: 10)
                try await load.during {
                    try await eventually("jobs are done under load") {
                        try await succeeded(replicas.url) > 500
                    }
                    let killing = ContinuousClock.now
                    await replicas.primary.kill()
                    let before = load.acknowledged.count
                    try await replicas.standby.promote()
                    let done = try await succeeded(replicas.url)
                    try await eventually("a job is done on the new primary", within: .seconds(60)) {
                        try await succeeded(replicas.url) > done
                    }
                    let outage = killing.duration(to: .now)
                    #expect(outage < .seconds(30))
                    try await eventually("jobs are enqueued and done on the new primary", within: .seconds(60)) {
                        let doneNow = try await succeeded(replicas.url)
                        return load.acknowledged.count > before + 500 && doneNow > done + 500
                    }
                }
                // The test has to have met what it is about.
                #expect(load.refused + load.unknown > 0)
                try await eventually("all jobs are done", within: .seconds(120)) {
                    try await ScratchDatabase.rows(replicas.url, Self.undone).first == 0
                }
                let faults = try await Invariants.faults(replicas.url, acknowledged: load.acknowledged)
                #expect(faults.isEmpty, "\(faults)")
                // An outage of the database is no crash of a worker.
                let crashed = try await ScratchDatabase.rows(
                    replicas.url, "SELECT count(*) FROM queue.attempts WHERE outcome = 'lost'")
                #expect(crashed == [0])
                for program in programs { #expect(program.isRunning, "\(program.output)") }
            } catch {
                for program in programs { await program.killHard() }
                await pool.close()
                throw error
            }
            await pool.close()
            for program in programs { #expect(await program.stop() == 0) }
        }
    }

    @Test func `a claim that the standby never saw cannot be made again by the worker that holds it`() async throws {
        try await Replicas.with { replicas in
            try await DrizzlProcess.run(["migrate"], environment: ["DATABASE_URL": replicas.url])
            let pool = Pool(DatabaseConfiguration(url: replicas.url, maximumConnections: 2, role: "drizzl_app"))
            let worker = WorkerID.random()
            let life = try await register(worker, pool)
            // wall-clock: due at once, whatever the time.
            let requests = (0..<10).map { _ in JobRequest(kind: "noop", payload: JSON(text: "{}")) }
            _ = try await pool.query(Queue.enqueue(requests, now: Date()))

            // From here on the primary is alone, and only what need not wait for the standby is answered.
            try await replicas.standby.stopFollowing()
            let first = try await claim(worker, life, pool)
            #expect(first.count == 10)
            await replicas.primary.kill()
            try await replicas.standby.promote()

            // The jobs are ready again, under the same lease numbers, and the worker is known as well.
            #expect(try await ScratchDatabase.rows(replicas.url, "SELECT count(*) FROM queue.ready") == [10])
            #expect(try await ScratchDatabase.rows(replicas.url, "SELECT count(*) FROM queue.workers") == [1])
            do {
                _ = try await claim(worker, life, pool)
                Issue.record("the worker claimed in another life of the server")
            } catch let error as DatabaseError {
                #expect(error.sqlState == Queue.leaseLostState)
            }
            let completion = Queue.complete(first.map(\.lease), notes: first.map { _ in nil })
            #expect(try await pool.query(completion).isEmpty)

            let successor = WorkerID.random()
            let second = try await claim(successor, register(successor, pool), pool)
            #expect(Set(second.map(\.id)) == Set(first.map(\.id)))
            await pool.close()
        }
    }

    @Test func `a former primary that comes back alone cannot acknowledge a commit, and no worker claims there`()
        async throws
    {
        try await Replicas.with { replicas in
            try await DrizzlProcess.run(["migrate"], environment: ["DATABASE_URL": replicas.url])
            let pool = Pool(DatabaseConfiguration(url: replicas.url, maximumConnections: 1, role: "drizzl_app"))
            let worker = WorkerID.random()
            _ = try await register(worker, pool)
            _ = try await pool.query(
                // wall-clock: due at once, whatever the time.
                Queue.enqueue([JobRequest(kind: "noop", payload: JSON(text: "{}"))], now: Date()))
            await pool.close()
            await replicas.primary.kill()
            try await replicas.standby.promote()
            let life = try await replicas.standby.ask("SELECT queue.server_life()")
            // Nobody has told it: it comes up as the primary that it was.
            try await replicas.primary.start()

            let former = Pool(
                DatabaseConfiguration(url: replicas.url(replicas.primary), maximumConnections: 2, role: "drizzl_app"))
            let enqueuing = Task {
                // wall-clock: due at once, whatever the time.
                try await former.query(
                    Queue.enqueue([JobRequest(kind: "noop", payload: JSON(text: "{}"))], now: Date())
                ).count
            }
            try await eventually("the commit waits for a standby") {
                try await replicas.primary.ask(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1"
            }
            do {
                _ = try await claim(worker, life, former)
                Issue.record("the worker claimed from a former primary")
            } catch let error as DatabaseError {
                #expect(error.sqlState == Queue.leaseLostState)
            }
            // PostgreSQL answers a cancelled wait as if all were well; whoever asked must not believe it.
            enqueuing.cancel()
            do {
                _ = try await enqueuing.value
                Issue.record("a commit that no standby has was acknowledged")
            } catch let error as DatabaseError {
                #expect(error.isOutcomeUnknown)
                #expect(!error.isRetryable)
            }
            await former.close()
        }
    }

    private static let undone = """
        SELECT (SELECT count(*) FROM queue.ready) + (SELECT count(*) FROM queue.scheduled)
             + (SELECT count(*) FROM queue.leases)
        """

    private func succeeded(_ url: String) async throws -> Int {
        try await ScratchDatabase.rows(url, "SELECT count(*) FROM queue.attempts WHERE outcome = 'succeeded'").first
            ?? 0
    }

    private func register(_ worker: WorkerID, _ pool: Pool) async throws -> String {
        let register = Queue.register(worker, name: "x", queues: ["default"], kinds: ["noop"], life: .seconds(3_600))
        return try await #require(pool.query(register).first).value("server_life")
    }

    private func claim(_ worker: WorkerID, _ life: String, _ pool: Pool) async throws -> [ClaimedJob] {
        try await pool.run { session in
            try Queue.claimJobs(
                for: worker, life: life, from: "default", floors: ClaimFloors(), count: 100, in: session)
        }
    }
}
