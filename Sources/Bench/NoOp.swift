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
    let prefetch: Int
    let now: @Sendable () -> Date

    /// A worker of a database, with a number of jobs at once and as many fetched ahead as a claim takes.
    package init(url: String, concurrency: Int, prefetch: Int, now: @escaping @Sendable () -> Date) {
        (self.url, self.concurrency, self.prefetch, self.now) = (url, concurrency, prefetch, now)
    }

    /// A worker that does not work yet.
    func runtime(_ handlers: [any JobHandler] = [NoOp.handler], waker: QueueWaker? = nil) throws -> WorkerRuntime {
        var database = DatabaseConfiguration(url: url, maximumConnections: 4)
        database.role = "drizzl_app"
        let pool = Pool(database)
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        return WorkerRuntime(
            database: database, pool: pool, waker: waker ?? QueueWaker(pool: pool),
            handlers: try HandlerSet(handlers),
            settings: WorkerSettings(
                queues: [.init(concurrency: concurrency, prefetchLimit: prefetch)], name: "bench"),
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
