internal import Database
internal import Foundation
internal import Jobs
internal import Logging
internal import Telemetry

/// Runs jobs and sees to it that each one's end is recorded.
final class JobExecutor: Sendable {
    private let handlers: HandlerSet
    private let running: RunningJobs
    private let batcher: CompletionBatcher
    private let membership: Membership
    /// For handlers.
    private let pool: Pool
    /// For the queue's own statements, so that handlers cannot keep their own ends from being recorded.
    private let queuePool: Pool
    private let waker: QueueWaker
    private let settings: WorkerSettings
    private let now: @Sendable () -> Date
    private let metrics: WorkerMetrics
    private let logger: Logger

    init(
        handlers: HandlerSet, running: RunningJobs, batcher: CompletionBatcher, membership: Membership, pool: Pool,
        queuePool: Pool, waker: QueueWaker, settings: WorkerSettings, now: @escaping @Sendable () -> Date,
        metrics: WorkerMetrics, logger: Logger
    ) {
        self.handlers = handlers
        self.running = running
        self.batcher = batcher
        self.membership = membership
        self.pool = pool
        self.queuePool = queuePool
        self.waker = waker
        self.settings = settings
        self.now = now
        self.metrics = metrics
        self.logger = logger
    }

    /// Starts a job; the gate hears of its end.
    func start(_ job: ClaimedJob, gate: QueueGate) {
        gate.begin()
        // What the handler writes and enqueues goes on in the trace of whatever caused the job.
        let trace = job.traceParent.flatMap { TraceContext($0) }?.next ?? .begin()
        let log = JobLog(logger, of: job, in: trace)
        let started = ContinuousClock.now
        guard !running.isCancelled(job.lease) else {
            Task {
                await carryOut(.cancelled(reason: "called off before it began"), for: job, note: nil, log: log)
                gate.end(after: ContinuousClock.now - started)
            }
            return
        }
        guard let handler = handlers[job.kind] else {
            let verdict = Verdict.postponed(
                .unknownKind, after: settings.unknownKindDelay, reason: "no handler for \(job.kind) in this worker")
            Task {
                metrics.count(verdict, of: job.kind)
                await carryOut(verdict, for: job, note: nil, log: log)
                gate.end(after: ContinuousClock.now - started)
            }
            return
        }
        let reporter = JobReporter(lease: job.lease, logger: log.logger) { [queuePool] report in
            _ = try await queuePool.query(report)
        }
        let context = JobContext(
            job: job, pool: pool, reporter: reporter, seal: handlers.seal, now: now, logger: log.logger)
        let entry = RunningJob(
            job: job, ending: context.ending, reporter: reporter, timeLimit: handler.timeLimit, startedAt: started)
        running.add(entry)
        let task = Task {
            let result: Result<Void, any Error>
            do {
                result = .success(
                    try await TraceContext.$current.withValue(trace) {
                        try await handler.run(job, openedWith: handlers.seal, in: context)
                    })
            } catch {
                result = .failure(error)
            }
            guard entry.conclude() else { return await noteLateEnd(of: entry, log: log) }
            await end(entry, result, retry: handler.retry, gate: gate, log: log)
        }
        entry.attach(task)
    }

    /// Concludes a job that was stopped and has not ended since.
    ///
    /// Its handler is left to itself; whatever it still does
    /// in its transaction is refused.
    func abandon(_ entry: RunningJob, gate: QueueGate) {
        let log = JobLog(logger, of: entry.job, in: nil)
        guard entry.conclude() else { return }
        if entry.cause != .fenced { log.logger.error("a handler does not stop; it is left to itself") }
        let retry = handlers[entry.job.kind]?.retry ?? .database
        Task {
            if entry.cause != .fenced {
                let mark = Queue.markStuck(
                    entry.job.lease, kind: entry.job.kind, queue: entry.job.queue, timeLimit: entry.timeLimit)
                await say(mark, log)
                // It may have ended meanwhile, and have said so before.
                if entry.hasEnded { await say(Queue.clearStuck(entry.job.lease), log) }
            }
            await end(entry, .failure(CancellationError()), isStuck: true, retry: retry, gate: gate, log: log)
        }
    }

    /// Says that a handler which was left to itself has ended after all.
    private func noteLateEnd(of entry: RunningJob, log: JobLog) async {
        entry.markEnded()
        guard entry.cause != .fenced else { return }
        log.logger.notice("a handler that did not stop has ended")
        // Its task is cancelled; saying so is not.
        await Task { await say(Queue.clearStuck(entry.job.lease), log) }.value
    }

    /// Sends a statement for operators' eyes, once: nothing hangs on it.
    private func say(_ statement: SQL, _ log: JobLog) async {
        do {
            _ = try await queuePool.query(statement)
        } catch {
            log.logger.warning("stuck handlers are not told rightly", metadata: ["reason": "\(SafeText.of(error))"])
        }
    }

    private func end(
        _ entry: RunningJob, _ result: Result<Void, any Error>, isStuck: Bool = false, retry: RetryPolicy,
        gate: QueueGate, log: JobLog
    ) async {
        let verdict = verdict(on: entry, result, isStuck: isStuck, retry: retry)
        metrics.count(verdict, of: entry)
        if verdict != .nothing {
            let lease = entry.job.lease
            await entry.reporter.finish { [membership] in membership.isCurrent(lease.workerID) }
        }
        await carryOut(verdict, for: entry.job, note: entry.ending.note, log: log)
        waker.wake(entry.ending.placed)
        await follow(entry.ending.followUp)
        running.remove(entry)
        gate.end(after: ContinuousClock.now - entry.startedAt)
    }

    /// Does what follows from an end that the handler committed itself: a hint that the sweeps make up for.
    private func follow(_ followUp: QueueFollowUp) async {
        guard !followUp.isEmpty else { return }
        let queues = try? await queuePool.run { session in try Queue.follow(followUp, in: session) }
        waker.wake(queues ?? [])
    }

    private func verdict(
        on entry: RunningJob, _ result: Result<Void, any Error>, isStuck: Bool, retry: RetryPolicy
    ) -> Verdict {
        if entry.ending.isCommitted { return .nothing }
        guard case .failure(var error) = result else { return .succeeded }
        switch entry.cause {
        case .fenced: return .nothing
        case .shutdown: return .released(reason: "the worker was shut down")
        case .cancelled: return .cancelled(reason: "called off while it ran")
        case .timeLimit(let limit): error = TimeLimitPassed(limit: limit, isStuck: isStuck)
        case nil: break
        }
        if case .unknownKey? = error as? PayloadSealError {
            // Another process may have the key, or this one at its next start.
            return .postponed(.unknownKey, after: settings.unknownKindDelay, reason: SafeText.of(error))
        }
        var generator = SystemRandomNumberGenerator()
        return .onFailure(
            error, attempt: entry.job.attempt, limit: entry.job.maxAttempts, retry: retry, using: &generator)
    }

    private func carryOut(_ verdict: Verdict, for job: ClaimedJob, note: String?, log: JobLog) async {
        switch verdict {
        case .nothing:
            return
        case .succeeded:
            batcher.add(job.lease, note: note)
        case .postponed(let why, let pause, let reason):
            log.logger.notice("put off", metadata: ["because": "\(why.rawValue)", "reason": "\(reason)"])
            let moment = now().addingTimeInterval(pause / .seconds(1))
            await settle(job, Queue.postpone(job.lease, to: moment, because: why, reason: reason), log)
        case .buried(let why, let reason):
            log.logger.error("dead letter", metadata: ["because": "\(why.rawValue)", "reason": "\(reason)"])
            await settle(job, Queue.bury(job.lease, because: why, reason: reason), log)
        case .cancelled(let reason):
            log.logger.notice("cancelled", metadata: ["reason": "\(reason)"])
            await settle(job, Queue.cancel(job.lease, reason: reason), log)
        case .released(let reason):
            await settle(job, Queue.release([job.lease], reason: reason), log)
        }
    }

    /// Sends a statement until it is answered, or the job is no longer ours to settle.
    ///
    /// Without this a job could stay leased for as long as the process lives.
    private func settle(_ job: ClaimedJob, _ statement: SQL, _ log: JobLog) async {
        // The handler's task may be cancelled; recording its end is not.
        await Task { [queuePool, membership, waker, metrics] in
            var pause = Duration.milliseconds(100)
            repeat {
                do {
                    let (isRecorded, queues) = try await queuePool.run { session in
                        let rows = try session.pipeline([Queue.plansByIndex, statement]).last?.rows ?? []
                        return (!rows.isEmpty, CompletionBatcher.follow(rows, in: session))
                    }
                    waker.wake(queues)
                    if !isRecorded {
                        metrics.lostLeases.add()
                        log.logger.warning("the job's lease was lost before its end was recorded")
                    }
                    return
                } catch {
                    log.logger.error("the job's end is not recorded yet", metadata: ["reason": "\(SafeText.of(error))"])
                }
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(5))
            } while membership.isCurrent(job.lease.workerID)
        }.value
    }
}
