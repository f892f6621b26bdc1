import Database
import Foundation
import Jobs
import TestSupport

/// A queue in a database of its own, used with the rights that the program has.
struct Testbed: Sendable {
    let pool: Pool
    let url: String
    /// The caller's clock: a moment of its own, for nothing here may depend on the real one.
    let now = Date(timeIntervalSince1970: 1_900_000_000)

    static var migrations: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "migrations")
    }

    static func with<Value>(connections: Int = 4, _ body: (Testbed) async throws -> Value) async throws -> Value {
        try await ScratchDatabase.with(migrations: migrations) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: connections, role: "drizzl_app"))
            do {
                let value = try await body(Testbed(pool: pool, url: url))
                await pool.close()
                return value
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    /// Runs what the program itself has no right to.
    func asOwner(_ sql: SQL) async throws {
        let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
        do {
            _ = try await owner.query(sql)
            await owner.close()
        } catch {
            await owner.close()
            throw error
        }
    }

    func request(_ kind: String = "noop", runAt: Date? = nil, key: String? = nil, priority: Int16 = 1) -> JobRequest {
        JobRequest(kind: kind, payload: JSON(text: "{}"), priority: priority, runAt: runAt, uniqueKey: key)
    }

    @discardableResult
    func enqueue(_ requests: [JobRequest]) async throws -> [JobPlacement] {
        try await pool.query(Queue.enqueue(requests, now: now)).map { try JobPlacement(row: $0) }
    }

    func enqueue(_ count: Int) async throws -> [JobID] {
        try await enqueue((0..<count).map { _ in request() }).map(\.jobID)
    }

    /// A registered worker whose heartbeat lasts for the length of a test.
    func worker(life: Duration = .seconds(3_600)) async throws -> WorkerID {
        let id = WorkerID.random()
        _ = try await pool.query(Queue.register(id, name: "test", queues: ["default"], kinds: ["noop"], life: life))
        return id
    }

    func claim(_ count: Int, by worker: WorkerID, floors: ClaimFloors = ClaimFloors()) async throws -> [ClaimedJob] {
        try await pool.run { session in
            try Queue.claimJobs(for: worker, from: "default", floors: floors, count: count, in: session)
        }
    }

    /// Runs a statement that answers with jobs.
    func ids(_ sql: SQL) async throws -> [JobID] {
        try await pool.query(sql).map { JobID(rawValue: try $0.value("job_id")) }
    }

    func details(_ id: JobID) async throws -> JobDetails? {
        try await pool.run { session in try JobDetails(of: id, in: session) }
    }

    func count(_ table: String) async throws -> Int {
        try await pool.query("SELECT count(*) AS n FROM \(unsafeUnescaped: table)").first?.value("n") ?? -1
    }
}
