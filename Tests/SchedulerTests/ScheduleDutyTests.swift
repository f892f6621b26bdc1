import Database
import Foundation
import Jobs
import Logging
import Scheduler
import Synchronization
import TestSupport
import Testing

@Suite struct ScheduleDutyTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static var migrations: URL {
        URL(filePath: #filePath).appending(path: "../../../migrations").standardizedFileURL
    }
    /// 2030-03-17 17:46:40 UTC.
    private static let start = Date(timeIntervalSince1970: 1_900_000_000)

    private static func every(minute name: String, catchUp: CatchUp) throws -> Schedule {
        try Schedule(
            name, cron: "* * * * *", in: .gmt, catchUp: catchUp,
            enqueues: JobRequest(kind: "noop", payload: JSON(text: #"{"of": "\#(name)"}"#)))
    }

    /// Gives what a scheduler connects by, and a pool with its rights.
    private func with(_ body: (DatabaseConfiguration, Pool) async throws -> Void) async throws {
        try await ScratchDatabase.with(migrations: Self.migrations) { url in
            let configuration = DatabaseConfiguration(url: url, maximumConnections: 2, role: "drizzl_app")
            let pool = Pool(configuration)
            do {
                try await body(configuration, pool)
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    private func duty(_ pool: Pool, at now: Date) -> ScheduleDuty {
        ScheduleDuty(pool: pool, waker: QueueWaker { _ in }, now: { now }, logger: Self.logger)
    }

    private func jobs(_ pool: Pool) async throws -> Int {
        try await pool.query("SELECT count(*) AS n FROM queue.jobs").first?.value("n") ?? -1
    }

    @Test func `schedulers that work at the same time fire each moment once while the clock goes on`() async throws {
        try await with { configuration, pool in
            _ = try await pool.query(
                Queue.declare(
                    try [Self.every(minute: "a", catchUp: .all), Self.every(minute: "b", catchUp: .last)],
                    now: Self.start))
            let clock = Shared(Self.start)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let own = Pool(configuration)
                        for _ in 0..<30 {
                            let now = clock.change { $0 += 20 }
                            while try await duty(own, at: now).run() {}
                        }
                        await own.close()
                    }
                }
                try await group.waitForAll()
            }
            let end = clock.change { _ in }
            while try await duty(pool, at: end).run() {}
            let fires = try await pool.query(
                "SELECT payload->>'of' AS schedule, count(*) AS n FROM queue.jobs GROUP BY payload ORDER BY 1")
            #expect(try fires.allSatisfy { try $0.value("n", as: Int.self) == 1 })
            // 2,400 seconds from 17:46:40: each minute of the one, and of the other those that were not passed over.
            #expect(try fires.count { try $0.value("schedule") == "a" } == 40)
            #expect(try fires.contains { try $0.value("schedule") == "b" })
        }
    }

    @Test func `a scheduler whose connection is cut in the middle loses nothing and doubles nothing`() async throws {
        try await with { configuration, pool in
            _ = try await pool.query(Queue.declare([try Self.every(minute: "a", catchUp: .all)], now: Self.start))
            let end = Self.start + 86_400
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let own = Pool(configuration)
                    while true {
                        // Cut off, a scheduler starts anew.
                        do { if try await !duty(own, at: end).run() { break } } catch is DatabaseError {}
                    }
                    await own.close()
                }
                group.addTask {
                    var configuration = configuration
                    configuration.role = nil
                    let owner = Pool(configuration)
                    for _ in 0..<40 {
                        _ = try? await owner.query(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%queue.%'
                            """)
                    }
                    await owner.close()
                }
                try await group.waitForAll()
            }
            let moments = try await pool.query(
                "SELECT count(*) AS n, count(DISTINCT payload->>'scheduled_for') AS moments FROM queue.jobs")
            #expect(try moments.first?.value("n", as: Int.self) == 1_440)
            #expect(try moments.first?.value("moments", as: Int.self) == 1_440)
        }
    }

    @Test func `one that cannot be fired does not hold the others up, and its queue is woken`() async throws {
        try await with { _, pool in
            _ = try await pool.query(
                Queue.declare(
                    try [Self.every(minute: "a", catchUp: .last), Self.every(minute: "b", catchUp: .last)],
                    now: Self.start))
            _ = try await pool.query("UPDATE queue.schedules SET zone = 'Mars/Base' WHERE name = 'a'")
            let woken = Shared<[String]>([])
            let waker = QueueWaker { queues in woken.change { $0 += queues } }
            let duty = ScheduleDuty(
                pool: pool, waker: waker, now: { Self.start + 60 }, logger: Self.logger)
            #expect(try await duty.run())
            await waker.settle()
            #expect(woken.change { _ in } == ["default"])
            #expect(try await jobs(pool) == 1)
            #expect(try await !duty.run())
        }
    }

    @Test func `the retention duty makes what is missing, drops what is old, and does both again`() async throws {
        try await with { _, pool in
            let duty = RetentionDuty(pool: pool, retention: .seconds(90 * 86_400), logger: Self.logger)
            for _ in 0..<2 {
                #expect(try await !duty.run())
                let missing = try await pool.query(Queue.missingPartitions(ahead: .seconds(14 * 86_400)))
                #expect(missing.isEmpty)
                _ = try await pool.query(
                    """
                    SELECT queue.make_partition(parent::text, date_trunc('week', now() - interval '120 days', 'UTC'))
                    FROM (SELECT DISTINCT parent FROM queue.partitions) p
                    """)
                let old = try await pool.query(Queue.expiredPartitions(after: .seconds(90 * 86_400)))
                #expect(try old.contains { try !$0.value("is_default", as: Bool.self) })
                #expect(try await !duty.run())
                let left = try await pool.query(Queue.expiredPartitions(after: .seconds(90 * 86_400)))
                #expect(try left.allSatisfy { try $0.value("is_default", as: Bool.self) })
            }
        }
    }
}

/// A value that several tasks change.
private final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    @discardableResult
    func change(_ body: @Sendable (inout Value) -> Void) -> Value {
        value.withLock { value in
            body(&value)
            return value
        }
    }
}
