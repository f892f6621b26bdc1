import Database
package import Foundation
import Jobs
import Logging
import ServiceLifecycle
import UnixSignals
import Workers

/// A job that does nothing.
struct NoOp: Job {
    static let kind = "bench"
    var n: Int

    func run(in context: JobContext) async throws {}
}

/// A worker as in production, whose jobs do nothing.
package struct NoOpWorker {
    let url: String
    let concurrency: Int
    let batch: Int
    let now: @Sendable () -> Date

    /// A worker of a database, with a number of jobs at once and at most so many in a statement.
    package init(url: String, concurrency: Int, batch: Int, now: @escaping @Sendable () -> Date) {
        (self.url, self.concurrency, self.batch, self.now) = (url, concurrency, batch, now)
    }

    /// A worker that does not work yet.
    func runtime(_ handlers: [any JobHandler] = [NoOp.handler], waker: QueueWaker? = nil) throws -> WorkerRuntime {
        var database = DatabaseConfiguration(url: url, maximumConnections: 4)
        database.role = "drizzl_app"
        let pool = Pool(database)
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        // While one claim's jobs are done the next is under way.
        var settings = WorkerSettings(
            queues: [.init(concurrency: concurrency, prefetchLimit: 2 * batch)], name: "bench")
        (settings.claimCount, settings.flushCount) = (batch, batch)
        return WorkerRuntime(
            database: database, pool: pool, waker: waker ?? QueueWaker(pool: pool),
            handlers: try HandlerSet(handlers), settings: settings,
            now: now, logger: logger)
    }

    /// Works in this process until it is asked to end.
    package func work() async throws {
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: try runtime())], gracefulShutdownSignals: [.sigterm], logger: logger))
        try await group.run()
    }
}
