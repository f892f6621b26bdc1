internal import Database
public import Foundation
internal import Jobs
internal import Logging
internal import Scheduler
internal import ServiceLifecycle
internal import UnixSignals
internal import Workers

/// One process of the play: a real worker, or a real scheduler, with handlers that leave traces.
public enum ChaosPart {
    /// Plays until told to stop by SIGTERM, or until whoever started it is gone.
    ///
    /// - Parameters:
    ///   - orders: Where the orders come from, one line of JSON; its end is the end of this process.
    ///   - now: The clock.
    /// - Throws: When the orders cannot be read, or the services fail.
    public static func play(_ orders: FileHandle, now: @escaping @Sendable () -> Date) async throws {
        let orders = try JSONDecoder().decode(ChaosOrders.self, from: line(of: orders))
        // Nobody is left behind: when the one who started this is gone, however it went, so is this.
        Thread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            _exit(EXIT_FAILURE)
        }.start()
        var logger = Logger(label: orders.label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        let database = DatabaseConfiguration(
            url: orders.url, maximumConnections: 10, connectTimeout: .seconds(2), role: "drizzl_app",
            applicationName: "drizzl chaos")
        let pool = Pool(database)
        let services: [any Service] =
            switch orders.role {
            case .worker: [try worker(orders, database, pool, now, logger)]
            case .scheduler: [scheduler(orders, database, pool, now, logger)]
            }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        try await ServiceGroup(configuration: configuration).run()
        await pool.close()
    }

    private static func worker(
        _ orders: ChaosOrders, _ database: DatabaseConfiguration, _ pool: Pool,
        _ now: @escaping @Sendable () -> Date, _ logger: Logger
    ) throws -> WorkerRuntime {
        var settings = WorkerSettings(queues: [.init(concurrency: 6, prefetchLimit: 8)], name: orders.label)
        settings.heartbeat = orders.settings.heartbeat
        settings.life = orders.settings.life
        settings.fenceMargin = orders.settings.fenceMargin
        settings.longestPoll = .seconds(1)
        settings.shutdownLimit = .seconds(2)
        settings.cancellationGrace = .seconds(1)
        let waker = QueueWaker(pool: pool)
        let ledger = Ledger(pool: pool, waker: waker, label: orders.label, now: now)
        return WorkerRuntime(
            database: database, pool: pool, waker: waker, handlers: try HandlerSet(Deeds.all(ledger)),
            settings: settings, now: now, logger: logger)
    }

    private static func scheduler(
        _ orders: ChaosOrders, _ database: DatabaseConfiguration, _ pool: Pool,
        _ now: @escaping @Sendable () -> Date, _ logger: Logger
    ) -> DutyRunner {
        let waker = QueueWaker(pool: pool)
        let interval = orders.settings.dutyInterval
        var leadership = LeadershipSettings()
        leadership.term = orders.settings.term
        leadership.margin = .seconds(1)
        leadership.renewal = .milliseconds(500)
        return DutyRunner(
            database: database,
            duties: [
                PromoteDuty(pool: pool, waker: waker, interval: interval, now: now),
                ReapDuty(pool: pool, interval: interval), RescueDuty(pool: pool, waker: waker, interval: interval),
                AdmitDuty(pool: pool, waker: waker, interval: interval),
                UnblockDuty(pool: pool, waker: waker, interval: interval),
                BatchDuty(pool: pool, waker: waker, interval: interval, now: now),
            ],
            settings: leadership, logger: logger)
    }

    private static func line(of input: FileHandle) -> Data {
        var line = Data()
        while line.last != UInt8(ascii: "\n"), let byte = try? input.read(upToCount: 1), !byte.isEmpty { line += byte }
        return line
    }
}
