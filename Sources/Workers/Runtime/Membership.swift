internal import Database
internal import Jobs
internal import Logging
internal import Synchronization

/// This process's entry among the workers: its id, and whether it may still believe in it.
///
/// The process fences itself: when its last successful beat is too long ago by the monotonic clock, it stops before
/// anybody can have given it up. After that, or when it was given up, when the server has begun a new life, or when
/// the process may hold jobs it does not know of, it starts over under a new id; whatever the old id still holds is
/// given back.
final class Membership: Sendable {
    private struct State {
        var worker: WorkerID?
        /// The life of the server in which the worker was registered.
        var serverLife: String?
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
    /// Rings when the next beat cannot wait.
    private let bell = Bell()
    private let pool: Pool
    private let settings: WorkerSettings
    private let kinds: [String]
    /// Told with each beat what is to be stopped.
    private let running: RunningJobs
    /// Told with each beat whether anything new may be taken.
    let draining = DrainSignal()
    private let logger: Logger

    /// Takes a pool of its own, so that no handler can keep the heart from beating.
    init(pool: Pool, settings: WorkerSettings, kinds: [String], running: RunningJobs, logger: Logger) {
        self.pool = pool
        self.settings = settings
        self.kinds = kinds
        self.running = running
        self.logger = logger
    }

    /// The id under which this process may claim and start jobs at this moment; `nil` while it may not.
    func worker(at instant: ContinuousClock.Instant = .now) -> WorkerID? {
        state.withLock { $0.openWorker(at: instant, trust: trust) }
    }

    /// The life of the server in which a worker of this process was registered; `nil` when it is not the present one.
    func serverLife(of worker: WorkerID) -> String? {
        state.withLock { $0.worker == worker ? $0.serverLife : nil }
    }

    /// How long a beat is trusted by this process itself: less than by the others.
    private var trust: Duration { settings.life - settings.fenceMargin }

    /// Whether a lease of this worker may still be settled by this process.
    func isCurrent(_ worker: WorkerID) -> Bool {
        state.withLock { $0.worker == worker }
    }

    /// Closes the fence, as the worker may hold jobs that this process does not know of; it starts over at once.
    ///
    /// Otherwise nobody would ever do them: the process lives, so nobody rescues them either.
    func doubt(_ worker: WorkerID) {
        let isDoubted = state.withLock { state in
            guard state.worker == worker else { return false }
            state.lastBeat = nil
            return true
        }
        if isDoubted { bell.ring() }
    }

    /// Beats at once, for jobs of this worker may have been called off, or it is to take nothing new.
    func ask(about worker: String) {
        if state.withLock({ $0.worker })?.description == worker { bell.ring() }
    }

    /// Enters the process, or starts it over: gives back what the old id holds, and takes a new one.
    func join() async throws {
        let worker = WorkerID.random()
        let sent = ContinuousClock.now
        let register = Queue.register(
            worker, name: settings.name, queues: settings.queues.map(\.queue), kinds: kinds, life: settings.life,
            drain: draining.drain)
        let farewell = state.withLock { $0.worker }.map { old in
            [Queue.releaseAll(of: old, reason: "the worker lost touch with the database"), Queue.retire(old)]
        }
        let (givenBack, life) = try await pool.run { session in
            let results = try session.pipeline((farewell ?? []) + [register])
            return (results[0].rows.count, try results.last?.rows.first?.value("server_life", as: String.self))
        }
        if farewell != nil {
            logger.warning("the worker starts over", metadata: ["worker": "\(worker)", "given_back": "\(givenBack)"])
        }
        state.withLock { $0 = State(worker: worker, serverLife: life, lastBeat: sent) }
    }

    /// Beats once; starts over when the fence is closed.
    func beat() async throws {
        let sent = ContinuousClock.now
        guard let worker = worker(at: sent) else { return try await join() }
        let row = try await pool.query(Queue.beat(worker, life: settings.life)).first
        let life = try row?.value("server_life", as: String.self)
        guard life != nil, life == state.withLock({ $0.serverLife }) else {
            let reason = life == nil ? "it was given up" : "the server was restarted and may have forgotten claims"
            logger.error("the worker has to start over", metadata: ["worker": "\(worker)", "reason": "\(reason)"])
            // From here on nothing may be started; what runs is stopped by the overseer.
            return doubt(worker)
        }
        if let row {
            try stopCancelled(row, of: worker)
            try heedDrain(row)
        }
        state.withLock { state in
            // An answer that came too late does not open the fence again.
            guard state.openWorker(at: .now, trust: trust) == worker else { return }
            // A beat counts from when it was sent: the database's clock cannot have read earlier.
            state.lastBeat = sent
        }
    }

    private func stopCancelled(_ beat: Row, of worker: WorkerID) throws {
        let jobs = try beat.value("cancelled_jobs", as: [Int64].self)
        let numbers = try beat.value("cancelled_leases", as: [Int32].self)
        running.cancel(
            Set(
                zip(jobs, numbers).map { job, number in
                    JobLease(jobID: JobID(rawValue: job), number: number, workerID: worker)
                }))
    }

    private func heedDrain(_ beat: Row) throws {
        let drain = try WorkerDrain(row: beat)
        guard draining.set(drain) else { return }
        logger.notice(drain == nil ? "taking jobs again" : "draining: nothing new is taken")
    }

    /// Beats until cancelled.
    func keepBeating() async {
        while !Task.isCancelled {
            do {
                try await beat()
                await pause(worker() == nil ? .milliseconds(100) : settings.heartbeat)
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("no heartbeat", metadata: ["reason": "\(SafeText.of(error))"])
                try? await Task.sleep(for: min(settings.heartbeat, .milliseconds(500)))
            }
        }
    }

    /// Waits until the next beat is due, something is doubted, or the task is cancelled.
    private func pause(_ limit: Duration) async {
        await withTaskCancellationHandler {
            _ = await bell.wait(atMost: limit)
        } onCancel: {
            bell.ring()
        }
    }

    /// Takes the process out, and gives back what it may still hold.
    func leave() async {
        guard let worker = state.withLock({ $0.worker }) else { return }
        state.withLock { $0 = State() }
        do {
            let farewell = [Queue.releaseAll(of: worker, reason: "the worker ended"), Queue.retire(worker)]
            _ = try await pool.run { session in try session.pipeline(farewell).count }
        } catch {
            // The row lapses by itself.
            logger.warning("the worker's row stays until it lapses", metadata: ["reason": "\(SafeText.of(error))"])
        }
    }
}
