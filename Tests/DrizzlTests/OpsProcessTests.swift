import Database
import Foundation
import Jobs
import TestSupport
import Testing

/// What operators do, with real processes that work, are killed and begin again.
@Suite(.serialized) struct OpsProcessTests {
    @Test(.timeLimit(.minutes(5)))
    func `a worker that is drained takes nothing, another does it all, and then it takes jobs again`() async throws {
        try await Works.with { works in
            let first = try await works.work()
            let number = try #require(try await works.workers().first)
            let said = try await works.run(["workers", "drain", number, "--reason", "a new disk", "--by", "ann"])
            #expect(said == "The worker \(number) takes nothing new.\n")
            try await eventually("it has heard of it: \(first.output)") {
                first.output.contains("nothing new is taken")
            }
            let listed = try await works.run(["workers"])
            #expect(listed.contains("drained since") && listed.contains("by ann: a new disk"), "\(listed)")
            let second = try await works.work()
            try await works.enqueue(30)
            try await eventually("the other does them: \(second.output)") { try await works.finished() == 30 }
            #expect(try await works.count("queue.attempts", where: "to_hex(worker_id) = '\(number)'") == 0)
            #expect(await second.stop() == 0)
            // Nobody is left who would.
            try await works.enqueue(5)
            #expect(try await works.count("queue.ready") == 5)
            _ = try await works.run(["workers", "resume", number, "--reason", "it is in"])
            try await eventually("it takes jobs again: \(first.output)") { try await works.finished() == 35 }
            #expect(await first.stop() == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a paused kind stays paused when all processes are killed and begin again`() async throws {
        try await Works.with { works in
            let kind = BulkWish.kind
            _ = try await works.run(["jobs", "pause", "kind", kind, "--reason", "no paper", "--by", "ann"])
            let first = try await works.work()
            try await works.enqueue(1)
            try await eventually("it is put aside: \(first.output)") { try await works.count("queue.held") == 1 }
            await first.killHard()
            let second = try await works.work()
            try await works.enqueue(1)
            try await eventually("so is the next: \(second.output)") { try await works.count("queue.held") == 2 }
            let told = try await works.run(["jobs"])
            #expect(told.contains("The kind \(kind) is paused since") && told.contains("by ann: no paper"), "\(told)")
            _ = try await works.run(["jobs", "resume", "kind", kind, "--reason", "paper"])
            try await eventually("they are done: \(second.output)") { try await works.finished() == 2 }
            #expect(await second.stop() == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `whoever retries thousands is killed midway, and each is retried once`() async throws {
        try await Works.with { works in
            let all = 4_000
            try await works.bury(all, in: "elsewhere")
            var filter = JobFilter()
            (filter.place, filter.queue) = (.dead, "elsewhere")
            let ann = JobOperator(
                pool: works.pool, waker: QueueWaker(pool: works.pool),
                note: OperatorNote(name: "ann", reason: "the carrier is back"), now: { Date() })
            let wish = try #require(try await ann.wish(.retry, for: filter)).jobID
            let first = try await works.work()
            let number = try #require(try await works.workers().first)
            try await eventually("some are retried: \(first.output)") { try await works.retried().jobs > 0 }
            await first.killHard()
            let midway = try await works.retried().jobs
            #expect(midway > 0 && midway < all, "\(midway) of \(all)")
            // As the scheduler does once its life is over, which nobody waits for here.
            _ = try await works.pool.query(Queue.retire(WorkerID(rawValue: try #require(Int64(number, radix: 16)))))
            _ = try await works.pool.query(Queue.rescue(limit: 100))
            let second = try await works.work()
            try await eventually("all are: \(second.output)") { try await works.finished() == 1 }
            let (operations, jobs) = try await works.retried()
            #expect((operations, jobs) == (all, all))
            #expect(try await works.count("queue.ready", where: "queue = 'elsewhere'") == all)
            #expect(try await works.count("queue.dead") == 0)
            let told = try await works.pool.run { try ToldOfJob(of: wish, in: $0) }
            #expect(told.progress?.fraction == 1)
            #expect(await second.stop() == 0)
        }
    }
}

/// A queue, and the real program that works on it.
private struct Works: Sendable {
    let url: String
    let pool: Pool

    static func with(_ body: (Works) async throws -> Void) async throws {
        let migrations = DrizzlProcess.root.appending(path: "migrations")
        try await ScratchDatabase.with(migrations: migrations) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 2, role: "drizzl_app"))
            do {
                try await body(Works(url: url, pool: pool))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    /// A process that works, once it has been entered among the workers.
    func work() async throws -> DrizzlProcess {
        let before = try await workers().count
        let process = try DrizzlProcess.start(["work"], environment: ["DATABASE_URL": url])
        try await process.hasBegun()
        try await eventually("it is entered: \(process.output)") { try await workers().count > before }
        return process
    }

    func run(_ words: [String]) async throws -> String {
        try await DrizzlProcess.run(words, environment: ["DATABASE_URL": url])
    }

    /// The numbers of the workers, those that began first before the others.
    func workers() async throws -> [String] {
        try await pool.query("SELECT to_hex(id) AS id FROM queue.workers ORDER BY started_at").map {
            try $0.value("id")
        }
    }

    /// Jobs that every process can do, and that find nothing to do.
    func enqueue(_ count: Int) async throws {
        var filter = JobFilter()
        filter.queue = "nowhere"
        let wish = BulkWish(filter, .cancel, by: OperatorNote(name: "ann", reason: "nothing"), at: Date())
        try await pool.transaction { session in
            for _ in 0..<count { _ = try session.enqueue(wish, now: Date()) }
        }
        let waker = QueueWaker(pool: pool)
        waker.wake(["default"])
        await waker.settle()
    }

    func finished() async throws -> Int {
        try await count("queue.attempts", where: "outcome = 'succeeded'")
    }

    /// How often something was retried, and how many jobs were.
    func retried() async throws -> (operations: Int, jobs: Int) {
        let row = try await pool.query(
            "SELECT count(*) AS n, count(DISTINCT job_id) AS jobs FROM queue.operations WHERE action = 'retry'"
        ).first
        return (try row?.value("n") ?? 0, try row?.value("jobs") ?? 0)
    }

    func count(_ table: String, where condition: String = "true") async throws -> Int {
        let rows = try await pool.query(
            "SELECT count(*) AS n FROM \(unsafeUnescaped: table) WHERE \(unsafeUnescaped: condition)")
        return try rows.first?.value("n") ?? -1
    }

    /// Puts dead letters there.
    func bury(_ count: Int, in queue: String) async throws {
        _ = try await pool.query("INSERT INTO queue.queues (name) VALUES (\(queue))")
        _ = try await pool.query(
            """
            INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)
            SELECT queue.new_job_id(), 'print', \(queue), 1, 5, '{}' FROM generate_series(1, \(count)::bigint)
            """)
        _ = try await pool.query(
            """
            INSERT INTO queue.dead (job_id, queue, kind, attempts, lease, crashes, reason, detail, body)
            SELECT j.id, j.queue, j.kind, 3, 3, 0, 'attempts', 'no route', to_jsonb(j)
            FROM queue.jobs j WHERE j.queue = \(queue)
            """)
    }
}
