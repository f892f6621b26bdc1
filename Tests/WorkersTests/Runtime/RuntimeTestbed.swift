import Database
import Foundation
import Jobs
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Workers

/// A queue with a worker in a database of its own.
struct RuntimeTestbed: Sendable {
    let database: DatabaseConfiguration
    let pool: Pool
    let waker = QueueWaker { _ in }
    let now = Date(timeIntervalSince1970: 1_900_000_000)

    static func with(_ body: (RuntimeTestbed) async throws -> Void) async throws {
        let migrations = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "migrations")
        try await ScratchDatabase.with(migrations: migrations) { url in
            let database = DatabaseConfiguration(url: url, maximumConnections: 6, role: "drizzl_app")
            let bed = RuntimeTestbed(database: database, pool: Pool(database))
            do {
                try await body(bed)
                await bed.pool.close()
            } catch {
                await bed.pool.close()
                throw error
            }
        }
    }

    var settings: WorkerSettings {
        var settings = WorkerSettings(queues: [.init(concurrency: 2, prefetchLimit: 0)], name: "test")
        settings.shortestPoll = .milliseconds(20)
        settings.longestPoll = .milliseconds(50)
        return settings
    }

    func runtime(_ handlers: [any JobHandler], _ settings: WorkerSettings? = nil) throws -> WorkerRuntime {
        runtime(try HandlerSet(handlers), settings)
    }

    func runtime(
        _ handlers: HandlerSet, _ settings: WorkerSettings? = nil, metrics: WorkerMetrics = WorkerMetrics()
    ) -> WorkerRuntime {
        WorkerRuntime(
            database: database, pool: pool, waker: waker, handlers: handlers,
            settings: settings ?? self.settings, now: { [now] in now }, metrics: metrics,
            logger: Logger(label: "test") { _ in SilentLogHandler() })
    }

    /// Runs a worker while `body` runs, and shuts it down gracefully.
    func working(
        _ handlers: [any JobHandler], _ settings: WorkerSettings? = nil, metrics: WorkerMetrics = WorkerMetrics(),
        _ body: () async throws -> Void
    ) async throws {
        try await working(HandlerSet(handlers), settings, metrics: metrics, body)
    }

    func working(
        _ handlers: HandlerSet, _ settings: WorkerSettings? = nil, metrics: WorkerMetrics = WorkerMetrics(),
        _ body: () async throws -> Void
    ) async throws {
        let group = ServiceGroup(
            services: [runtime(handlers, settings, metrics: metrics)],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let run = Task { try await group.run() }
        do {
            try await body()
        } catch {
            await group.triggerGracefulShutdown()
            try await run.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await run.value
    }

    @discardableResult
    func enqueue(_ kind: String, _ count: Int = 1, payload: String = #"{"n": 1}"#, key: String? = nil) async throws
        -> [JobID]
    {
        let requests = (0..<count).map { _ in
            JobRequest(kind: kind, payload: JSON(text: payload), uniqueKey: key)
        }
        let placed = try await pool.query(Queue.enqueue(requests, now: now)).map { try JobPlacement(row: $0) }
        waker.wake(["default"])
        return placed.map(\.jobID)
    }

    func details(_ id: JobID) async throws -> JobDetails {
        guard let details = try await pool.run({ session in try JobDetails(of: id, in: session) }) else {
            throw Missing()
        }
        return details
    }

    /// Looks at a job until it is as wanted.
    ///
    /// Fails when that does not come true in time.
    func until(_ id: JobID, _ isWanted: (JobDetails) -> Bool) async throws -> JobDetails {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let details = try await details(id)
            if isWanted(details) { return details }
            try await Task.sleep(for: .milliseconds(5))
        }
        let details = try await details(id)
        throw NotInTime(last: "\(details.summary.place), \(details.attempts.map { ($0.outcome, $0.reason) })")
    }

    /// Looks at the database until something is so.
    ///
    /// Fails when that does not come true in time.
    func until(_ isSo: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !isSo() {
            guard ContinuousClock.now < deadline else { throw NotInTime(last: "it is not so") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Connections that may do anything; close it.
    func owner() -> Pool {
        var configuration = database
        configuration.role = nil
        return Pool(configuration)
    }

    func count(_ table: String) async throws -> Int {
        try await pool.query("SELECT count(*) AS n FROM \(unsafeUnescaped: table)").first?.value("n") ?? -1
    }

    struct Missing: Error {}
    struct NotInTime: Error { let last: String }
}

/// Says nothing, and keeps what each line would name.
private struct SilentLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {}
}

/// A handler given as a closure.
struct Doing: JobHandler {
    struct Payload: Codable { let n: Int }
    static let kind = "do"
    var retry = RetryPolicy.database
    var timeLimit = Duration.seconds(60)
    let work: @Sendable (JobContext) async throws -> Void

    func run(_ payload: Payload, in context: JobContext) async throws { try await work(context) }
}

/// Something that a test waits for.
final class Gate: Sendable {
    private struct State {
        var count = 0
        var waiters: [(Int, CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    func open() {
        let ready = state.withLock { state in
            state.count += 1
            defer { state.waiters.removeAll { $0.0 <= state.count } }
            return state.waiters.filter { $0.0 <= state.count }
        }
        for (_, waiter) in ready { waiter.resume() }
    }

    var count: Int { state.withLock(\.count) }

    func opened(times: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.count < times { state.waiters.append((times, continuation)) }
                return state.count >= times
            }
            if isOpen { continuation.resume() }
        }
    }
}
