public import Database
public import Foundation
public import Jobs
public import Logging
public import ServiceLifecycle

/// A worker process: claims jobs, runs their handlers, records how they ended.
///
/// On a graceful shutdown it claims nothing more, gives back what it has not begun, waits for what runs up to
/// ``WorkerSettings/shutdownLimit`` and gives back the rest. When it is cancelled it gives back everything at once.
public struct WorkerRuntime: Service {
    private let database: DatabaseConfiguration
    private let pool: Pool
    private let waker: QueueWaker
    private let handlers: HandlerSet
    private let settings: WorkerSettings
    private let now: @Sendable () -> Date
    private let metrics: WorkerMetrics
    private let logger: Logger

    /// Puts a worker together; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - database: How to reach the database, for connections of the worker's own: heartbeat, queue and listening.
    ///   - pool: For the handlers' transactions.
    ///   - waker: Wakes the fetchers; the one that those who enqueue in this process tell.
    ///   - handlers: The handlers.
    ///   - settings: How to work.
    ///   - now: The clock that retries are reckoned by and handlers see.
    ///   - metrics: Where to count.
    ///   - logger: Where to log.
    public init(
        database: DatabaseConfiguration, pool: Pool, waker: QueueWaker, handlers: HandlerSet, settings: WorkerSettings,
        now: @escaping @Sendable () -> Date, metrics: WorkerMetrics = WorkerMetrics(), logger: Logger
    ) {
        self.database = database
        self.pool = pool
        self.waker = waker
        self.handlers = handlers
        self.settings = settings
        self.now = now
        self.metrics = metrics
        self.logger = logger
    }

    /// Works until shut down or cancelled.
    public func run() async throws {
        let stop = StopSignal()
        // A task of its own: recording how jobs ended goes on after the caller was cancelled.
        let work = Task { await operate(until: stop) }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await work.value
            } onGracefulShutdown: {
                stop.request(.gracefully)
            }
        } onCancel: {
            stop.request(.now)
        }
    }

    private func operate(until stop: StopSignal) async {
        // A beat that takes longer leaves no time for a second try before the process has to fence itself.
        let beatPool = Pool(own(connections: 1, statementTimeout: (settings.life - settings.fenceMargin) / 2))
        let queuePool = Pool(own(connections: min(settings.queues.count + 1, 4), statementTimeout: .seconds(30)))
        let running = RunningJobs()
        let membership = Membership(
            pool: beatPool, settings: settings, kinds: handlers.kinds, running: running, logger: logger)
        let batcher = CompletionBatcher(
            pool: queuePool, waker: waker, settings: settings, metrics: metrics, logger: logger)
        let executor = JobExecutor(
            handlers: handlers, running: running, batcher: batcher, membership: membership, pool: pool,
            queuePool: queuePool, waker: waker, settings: settings, now: now, metrics: metrics,
            logger: logger)
        let gates = Dictionary(settings.queues.map { ($0.queue, QueueGate()) }) { first, _ in first }
        let overseer = Overseer(
            running: running, membership: membership, executor: executor, gates: gates,
            grace: settings.cancellationGrace)

        logger.info(
            "working", metadata: ["queues": "\(gates.keys.sorted().joined(separator: " "))"])
        await withTaskGroup { group in
            group.addTask { await membership.keepBeating() }
            group.addTask { await overseer.run() }
            group.addTask { await listen(gates, membership) }
            for (queue, gate) in gates {
                group.addTask { for await _ in waker.wakeUps(of: queue) { gate.wake() } }
            }
            await withTaskGroup { recording in
                recording.addTask { await batcher.run() }
                await fetch(gates, membership, executor, queuePool, stop)
                await drain(running, gates, stop)
                batcher.close()
            }
            group.cancelAll()
        }
        await membership.leave()
        await queuePool.close()
        await beatPool.close()
    }

    /// Fetches from each queue until told to stop.
    private func fetch(
        _ gates: [String: QueueGate], _ membership: Membership, _ executor: JobExecutor, _ queuePool: Pool,
        _ stop: StopSignal
    ) async {
        let solitude = Solitude()
        await withTaskGroup { group in
            for served in settings.queues {
                guard let gate = gates[served.queue] else { continue }
                let fetcher = QueueFetcher(
                    served: served, gate: gate, settings: settings, membership: membership, solitude: solitude,
                    executor: executor, queuePool: queuePool, stop: stop, metrics: metrics, logger: logger)
                group.addTask { await fetcher.run() }
            }
        }
    }

    /// Waits for what runs, for as long as the manner of the stop allows, then stops it.
    private func drain(_ running: RunningJobs, _ gates: [String: QueueGate], _ stop: StopSignal) async {
        var deadline = ContinuousClock.now + settings.shutdownLimit
        while gates.values.contains(where: { $0.running > 0 }) {
            let instant = ContinuousClock.now
            if stop.manner == .now { deadline = min(deadline, instant) }
            if instant >= deadline {
                for entry in running.all { entry.stop(because: .shutdown, at: instant) }
            }
            if instant >= deadline + settings.cancellationGrace + .seconds(5) {
                logger.error("the ends of some jobs could not be recorded; they will be rescued")
                return
            }
            // Ends are not announced here: a shutdown may be some milliseconds late.
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Passes on what other processes notify.
    private func listen(_ gates: [String: QueueGate], _ membership: Membership) async {
        for await event in notifications(database, channels: [Queue.channel, Queue.cancelChannel]) {
            switch event {
            case .notified(Queue.cancelChannel, let worker): membership.ask(about: worker)
            case .notified(_, let queue): gates[queue]?.wake()
            case .reconnected: for gate in gates.values { gate.wake() }
            }
        }
    }

    private func own(connections: Int, statementTimeout: Duration) -> DatabaseConfiguration {
        var configuration = database
        configuration.maximumConnections = connections
        configuration.statementTimeout = statementTimeout
        configuration.applicationName = database.applicationName + " worker"
        return configuration
    }
}
