package import Database
package import Foundation
package import Jobs
package import Logging
internal import Synchronization

/// Does claimed jobs in the calling task, without the rest of a worker: for the test kit.
package struct TrialRunner: Sendable {
    private let handlers: HandlerSet
    private let pool: Pool
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// Makes a runner.
    package init(handlers: HandlerSet, pool: Pool, now: @escaping @Sendable () -> Date, logger: Logger) {
        (self.handlers, self.pool, self.now, self.logger) = (handlers, pool, now, logger)
    }

    /// Runs a job's handler, and records its end as a worker does.
    ///
    /// - Parameters:
    ///   - job: The job, claimed by a worker that lives.
    ///   - passing: Called at each point where a process may die; when it throws, it does.
    /// - Returns: Whether the process lived; if not, nothing was recorded.
    /// - Throws: `DatabaseError`.
    package func run(
        _ job: ClaimedJob, passing: @escaping @Sendable (CrashPoint) throws -> Void
    ) async throws -> Bool {
        let reporter = JobReporter(lease: job.lease, logger: logger) { [pool] report in _ = try await pool.query(report)
        }
        let death = Death(passing)
        let context = JobContext(
            job: job, pool: pool, reporter: reporter, seal: handlers.seal, now: now, logger: logger,
            passing: { point in try death.pass(point) })
        var verdict = Verdict.postponed(.unknownKind, after: .seconds(60), reason: "no handler for \(job.kind)")
        if let handler = handlers[job.kind] {
            verdict = await outcome(of: job, handler, context, death)
        }
        guard !death.hasCome else {
            await reporter.hold()
            return false
        }
        guard verdict != .nothing else { return true }
        await reporter.finish { false }
        guard let statement = statement(for: verdict, job, note: context.ending.note) else { return true }
        _ = try await pool.query(statement)
        return true
    }

    private func outcome(
        of job: ClaimedJob, _ handler: AnyJobHandler, _ context: JobContext, _ death: Death
    ) async -> Verdict {
        do {
            try death.pass(.beforeRun)
            try await within(handler.timeLimit) {
                try await handler.run(job, openedWith: handlers.seal, in: context)
            }
            if !context.ending.isCommitted { try death.pass(.afterRun) }
            return context.ending.isCommitted ? .nothing : .succeeded
        } catch {
            if context.ending.isCommitted { return .nothing }
            if case .unknownKey? = error as? PayloadSealError {
                return .postponed(.unknownKey, after: .seconds(60), reason: SafeText.of(error))
            }
            var generator = SystemRandomNumberGenerator()
            return .onFailure(
                error, attempt: job.attempt, limit: job.maxAttempts, retry: handler.retry, using: &generator)
        }
    }

    /// Runs a body, and cancels it when it takes too long by the real clock.
    private func within(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let work = Task { try await body() }
        let watch = Task {
            try await Task.sleep(for: limit)
            work.cancel()
            return true
        }
        let result = await work.result
        watch.cancel()
        if case .failure = result, (try? await watch.value) == true {
            throw TimeLimitPassed(limit: limit, isStuck: false)
        }
        try result.get()
    }

    private func statement(for verdict: Verdict, _ job: ClaimedJob, note: String?) -> SQL? {
        switch verdict {
        case .nothing: nil
        case .succeeded: Queue.complete([job.lease], notes: [note])
        case .postponed(let why, let pause, let reason):
            Queue.postpone(
                job.lease, to: now().addingTimeInterval(pause / .seconds(1)), because: why, reason: reason)
        case .buried(let why, let reason): Queue.bury(job.lease, because: why, reason: reason)
        case .cancelled(let reason): Queue.cancel(job.lease, reason: reason)
        case .released(let reason): Queue.release([job.lease], reason: reason)
        }
    }
}

/// Whether the process has died, as it were.
///
/// A handler may catch what is thrown at the moment of its death; it is dead nevertheless.
private final class Death: Sendable {
    private let passing: @Sendable (CrashPoint) throws -> Void
    private let state = Mutex(false)

    init(_ passing: @escaping @Sendable (CrashPoint) throws -> Void) { self.passing = passing }

    var hasCome: Bool { state.withLock { $0 } }

    func pass(_ point: CrashPoint) throws {
        do {
            try passing(point)
        } catch {
            state.withLock { $0 = true }
            throw error
        }
    }
}
