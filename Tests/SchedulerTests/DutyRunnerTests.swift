import Database
import Foundation
import Jobs
import Logging
import Scheduler
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite struct DutyRunnerTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withDatabase(_ body: (DatabaseConfiguration, Pool) async throws -> Void) async throws {
        let migrations = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "migrations")
        try await ScratchDatabase.with(migrations: migrations) { url in
            let database = DatabaseConfiguration(url: url, maximumConnections: 3, role: "drizzl_app")
            let pool = Pool(database)
            do {
                try await body(database, pool)
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    private func settings() -> LeadershipSettings {
        var settings = LeadershipSettings()
        (settings.term, settings.margin, settings.renewal) = (.seconds(6), .seconds(4), .milliseconds(100))
        return settings
    }

    private func runner(
        _ database: DatabaseConfiguration, _ duties: [any Duty], _ settings: LeadershipSettings? = nil
    ) -> DutyRunner {
        DutyRunner(database: database, duties: duties, settings: settings ?? self.settings(), logger: Self.quiet)
    }

    @Test func `due jobs become ready by the given clock, and their queues are woken`() async throws {
        try await withDatabase { database, pool in
            let clock = Clock(now: Date(timeIntervalSince1970: 1_900_000_000))
            let waker = QueueWaker { _ in }
            var wakeUps = waker.wakeUps(of: "default").makeAsyncIterator()
            let request = JobRequest(
                kind: "k", payload: JSON(text: "{}"), runAt: clock.now.addingTimeInterval(86_400))
            _ = try await pool.query(Queue.enqueue([request], now: clock.now))
            let duty = PromoteDuty(pool: pool, waker: waker, interval: .milliseconds(10)) { clock.now }
            #expect(try await duty.run() == false)
            let before = try await pool.query("SELECT FROM queue.ready").count
            #expect(before == 0)
            let run = Task { try await runner(database, [duty]).run() }
            clock.advance(by: 86_400)
            await wakeUps.next()
            run.cancel()
            try await run.value
            let after = try await pool.query("SELECT FROM queue.ready").count
            #expect(after == 1)
        }
    }

    @Test func `of two schedulers one works, and the other takes over when it leaves`() async throws {
        try await withDatabase { database, _ in
            let (firstCount, secondCount) = (Counter(), Counter())
            let firstDuty = NamedDuty(name: "d", interval: .milliseconds(5)) { firstCount.increment() }
            let secondDuty = NamedDuty(name: "d", interval: .milliseconds(5)) { secondCount.increment() }
            let (firstRunner, secondRunner) = (runner(database, [firstDuty]), runner(database, [secondDuty]))
            let first = Task { try await firstRunner.run() }
            while firstCount.value == 0 { await Task.yield() }
            let second = Task { try await secondRunner.run() }
            let soFar = firstCount.value
            while firstCount.value < soFar + 30 { await Task.yield() }
            #expect(secondCount.value == 0)
            first.cancel()
            try await first.value
            let final = firstCount.value
            while secondCount.value == 0 { await Task.yield() }
            #expect(firstCount.value == final)
            second.cancel()
            try await second.value
        }
    }

    @Test func `a leader that cannot renew stops its duty before another may begin`() async throws {
        try await withDatabase { database, pool in
            let stopped = Mutex<Date?>(nil)
            let (running, hasBegun) = AsyncStream.makeStream(of: Void.self)
            let (ending, hasEnded) = AsyncStream.makeStream(of: Void.self)
            let duty = NamedDuty(name: "long", interval: .seconds(60)) {
                hasBegun.finish()
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    stopped.withLock { $0 = Date() }
                    hasEnded.finish()
                }
                return false
            }
            let run = Task { try await runner(database, [duty]).run() }
            for await _ in running {}
            // As if the database did not answer: its row is locked, so it is renewed no more.
            let expiresAt = try await pool.run { session in
                let row = try session.begin(with: ["SELECT expires_at FROM queue.leader FOR UPDATE"])[0].rows[0]
                while stopped.withLock({ $0 }) == nil { try session.execute("SELECT pg_sleep(0.01)") }
                try session.rollback()
                return try row.value("expires_at", as: Date.self)
            }
            for await _ in ending {}
            let end = try #require(stopped.withLock { $0 })
            // One machine, one clock: here the moments can be compared.
            #expect(end < expiresAt)
            run.cancel()
            try await run.value
        }
    }

    @Test func `a duty that fails is tried again, and one with more to do goes on at once`() async throws {
        try await withDatabase { database, _ in
            struct Trouble: Error {}
            let tries = Mutex(0)
            let portions = Mutex(0)
            let failing = NamedDuty(name: "failing", interval: .milliseconds(5)) {
                tries.withLock { $0 += 1 }
                throw Trouble()
            }
            // Its interval is an hour: what is done more than once was done at once.
            let busy = NamedDuty(name: "busy", interval: .seconds(3_600)) {
                portions.withLock { count in
                    count += 1
                    return count < 50
                }
            }
            let run = Task { try await runner(database, [failing, busy]).run() }
            while tries.withLock({ $0 }) < 3 || portions.withLock({ $0 }) < 50 { await Task.yield() }
            run.cancel()
            try await run.value
            #expect(portions.withLock { $0 } == 50)
        }
    }

    @Test func `lost workers are given up and their jobs rescued`() async throws {
        try await withDatabase { database, pool in
            let waker = QueueWaker { _ in }
            var wakeUps = waker.wakeUps(of: "default").makeAsyncIterator()
            let now = Date(timeIntervalSince1970: 1_900_000_000)
            let lost = WorkerID.random()
            let register = Queue.register(lost, name: "x", queues: ["default"], kinds: [], life: .seconds(-1))
            _ = try await pool.query(register)
            _ = try await pool.query(Queue.enqueue([JobRequest(kind: "k", payload: JSON(text: "{}"))], now: now))
            let claimed = try await pool.run { session in
                try Queue.claimJobs(for: lost, from: "default", floors: ClaimFloors(), count: 1, in: session).count
            }
            #expect(claimed == 1)
            let duties: [any Duty] = [
                ReapDuty(pool: pool, interval: .milliseconds(10), patience: .zero),
                RescueDuty(pool: pool, waker: waker, interval: .milliseconds(10)),
            ]
            let run = Task { try await runner(database, duties).run() }
            await wakeUps.next()
            run.cancel()
            try await run.value
            let ready = try await pool.query("SELECT crashes FROM queue.ready")
            #expect(try ready.map { try $0.value("crashes", as: Int16.self) } == [1])
        }
    }

    @Test func `a graceful shutdown ends it and lets the next one lead at once`() async throws {
        try await withDatabase { database, pool in
            let (running, hasBegun) = AsyncStream.makeStream(of: Void.self)
            let duty = NamedDuty(name: "d", interval: .seconds(60)) {
                hasBegun.finish()
                return false
            }
            let group = ServiceGroup(services: [runner(database, [duty])], logger: Self.quiet)
            let run = Task { try await group.run() }
            for await _ in running {}
            await group.triggerGracefulShutdown()
            try await run.value
            let next = try await pool.query(Queue.lead("scheduler", holder: 1, for: .seconds(1))).count
            #expect(next == 1)
        }
    }
}

/// Counts how often a duty was performed; there is never more to do.
private final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func increment() -> Bool {
        count.withLock { $0 += 1 }
        return false
    }
}

/// A clock that a test moves.
private final class Clock: Sendable {
    private let moment: Mutex<Date>

    init(now: Date) {
        moment = Mutex(now)
    }

    var now: Date { moment.withLock { $0 } }

    func advance(by seconds: TimeInterval) {
        moment.withLock { $0 = $0.addingTimeInterval(seconds) }
    }
}
