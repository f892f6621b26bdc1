internal import Database
internal import Jobs
internal import Logging
internal import Synchronization

/// This process's entry among the workers: its id, and whether it may still believe in it.
///
/// The process fences itself: when its last successful beat is too long ago by the monotonic clock, it stops before
/// anybody can have given it up. After that, or when it was given up, it starts over under a new id; whatever the old
/// id still holds is given back.
final class Membership: Sendable {
    private struct State {
        var worker: WorkerID?
        /// When the last successful beat was sent; `nil` once the fence has closed, which no later beat undoes.
        var lastBeat: ContinuousClock.Instant?

        /// The worker, unless its last beat is too long ago; closes the fence then.
        mutating func openWorker(at instant: ContinuousClock.Instant, trust: Duration) -> WorkerID? {
            guard let worker, let lastBeat, instant - lastBeat < trust else {
                // What ran was stopped, or will be, and is settled by nobody: only starting over gives it back.
                lastBeat = nil
                return nil
            }
            return worker
        }
    }

    private let state = Mutex(State())
    private let pool: Pool
    private let settings: WorkerSettings
    private let kinds: [String]
    private let logger: Logger

    /// Takes a pool of its own, so that no handler can keep the heart from beating.
    init(pool: Pool, settings: WorkerSettings, kinds: [String], logger: Logger) {
        self.pool = pool
        self.settings = settings
        self.kinds = kinds
        self.logger = logger
    }

    /// The id under which this process may claim and start jobs at this moment; `nil` while it may not.
    func worker(at instant: ContinuousClock.Instant = .now) -> WorkerID? {
        state.withLock { $0.openWorker(at: instant, trust: trust) }
    }

    /// How long a beat is trusted by this process itself: less than by the others.
    private var trust: Duration { settings.life - settings.fenceMargin }

    /// Whether a lease of this worker may still be settled by this process.
    func isCurrent(_ worker: WorkerID) -> Bool {
        state.withLock { $0.worker == worker }
    }

    /// Enters the process, or starts it over: gives back what the old id holds, and takes a new one.
    func join() async throws {
        let worker = WorkerID.random()
        let sent = ContinuousClock.now
        let register = Queue.register(
            worker, name: settings.name, queues: settings.queues.map(\.queue), kinds: kinds, life: settings.life)
        let farewell = state.withLock { $0.worker }.map { old in
            [Queue.releaseAll(of: old, reason: "the worker lost touch with the database"), Queue.retire(old)]
        }
        let results = try await pool.run { session in
            try session.pipeline((farewell ?? []) + [register]).map(\.rows.count)
        }
        if farewell != nil {
            logger.warning("the worker starts over", metadata: ["worker": "\(worker)", "given_back": "\(results[0])"])
        }
        state.withLock { $0 = State(worker: worker, lastBeat: sent) }
    }

    /// Beats once; starts over when the process was given up, or had fenced itself.
    func beat() async throws {
        let sent = ContinuousClock.now
        guard let worker = worker(at: sent) else { return try await join() }
        let isKnown = try await !pool.query(Queue.beat(worker, life: settings.life)).isEmpty
        guard isKnown else {
            logger.error("the worker was given up", metadata: ["worker": "\(worker)"])
            // From here on nothing may be started; what runs is stopped by the overseer.
            state.withLock { $0.lastBeat = nil }
            return
        }
        state.withLock { state in
            // An answer that came too late does not open the fence again.
            guard state.openWorker(at: .now, trust: trust) == worker else { return }
            // A beat counts from when it was sent: the database's clock cannot have read earlier.
            state.lastBeat = sent
        }
    }

    /// Beats until cancelled.
    func keepBeating() async {
        while !Task.isCancelled {
            do {
                try await beat()
                try await Task.sleep(for: worker() == nil ? .milliseconds(100) : settings.heartbeat)
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("no heartbeat", metadata: ["reason": "\(SafeText.of(error))"])
                try? await Task.sleep(for: min(settings.heartbeat, .milliseconds(500)))
            }
        }
    }

    /// Takes the process out, when it holds nothing any more.
    ///
    /// What it could not finish is rescued at once.
    func leave() async {
        guard let worker = state.withLock({ $0.worker }) else { return }
        state.withLock { $0 = State() }
        do {
            _ = try await pool.query(Queue.retire(worker))
        } catch {
            // The row lapses by itself.
            logger.warning("the worker's row stays until it lapses", metadata: ["reason": "\(SafeText.of(error))"])
        }
    }
}
