public import Database
public import Foundation
public import Jobs
internal import Logging
public import Workers

/// A queue for tests: it is asked what is in it, and does what is in it, in the test's own task and by the test's own
/// clock.
///
/// The queue is the real one, in a database of the test's own; only the worker is not there.
///
/// ```swift
/// let queue = try TestQueue(pool, handlers: [SendWelcome.handler])
/// try await queue.enqueue(SendWelcome(customer: id))
/// try await queue.assertEnqueued(SendWelcome.self) { $0.customer == id }
/// let drained = try await queue.drainJobs()
/// #expect(drained.outcomes(of: SendWelcome.self) == ["succeeded"])
/// ```
public struct TestQueue: Sendable {
    /// The clock that decides what is due, and that handlers see.
    public let clock: MovedClock
    /// The keys of sealed payloads.
    public let seal: PayloadSeal?
    let pool: Pool
    private let runner: TrialRunner
    private let kinds: [String]

    /// Puts a queue together.
    ///
    /// - Parameters:
    ///   - pool: A migrated database in which nothing else works.
    ///   - handlers: Those of the jobs that are to be done; others wait, as they would.
    ///   - clock: The clock.
    ///   - seal: The keys of sealed payloads.
    /// - Throws: `HandlerSet.DuplicateKinds`.
    public init(
        _ pool: Pool, handlers: [any JobHandler] = [], clock: MovedClock = MovedClock(), seal: PayloadSeal? = nil
    ) throws {
        let set = try HandlerSet(handlers, seal: seal)
        (self.clock, self.seal, self.pool, kinds) = (clock, seal, pool, set.kinds)
        runner = TrialRunner(
            handlers: set, pool: pool, now: clock.reading,
            logger: Logger(label: "jobs") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Asks for jobs, in a transaction of its own.
    ///
    /// - Parameters:
    ///   - jobs: What is to be done.
    ///   - runAt: When; nil is at once.
    /// - Returns: What became of each.
    /// - Throws: What `Queue.enqueue` throws.
    @discardableResult
    public func enqueue(_ jobs: any JobPayload..., runAt: Date? = nil) async throws -> [JobPlacement] {
        let requests = try jobs.map { try $0.request(runAt: runAt, sealedWith: seal) }
        return try await pool.query(Queue.enqueue(requests, now: clock.now)).map { try JobPlacement(row: $0) }
    }

    /// Does what is due, and what follows from it, until nothing is due any more.
    ///
    /// One job after the other, in the order in which a worker would begin them. With `through`, the clock is moved on
    /// from one moment at which something is due to the next, and stands at the end of the time.
    ///
    /// - Parameters:
    ///   - duration: How far the clock is moved, at most; zero: it stands still.
    ///   - plan: Where the process dies, as it were; nil: nowhere.
    ///   - limit: How many runs there may be.
    /// - Returns: What ran.
    /// - Throws: ``DrainWithoutEnd``; `DatabaseError`.
    @discardableResult
    public func drainJobs(
        through duration: Duration = .zero, crashing plan: CrashPlan? = nil, limit: Int = 10_000
    ) async throws -> DrainedJobs {
        let deadline = clock.now.addingTimeInterval(duration / .seconds(1))
        var drained = DrainedJobs(plan: plan)
        let deaths = plan.map(CrashPlanInForce.init)
        var worker = try await beginWorker()
        while true {
            let queues = try await prepare()
            guard let job = try await claim(from: queues, by: worker) else {
                guard let next = queues.compactMap(\.nextRunAt).min(), next <= deadline else { break }
                clock.set(to: max(next, clock.now))
                continue
            }
            guard drained.runs.count < limit else { throw DrainWithoutEnd(drained: drained, limit: limit) }
            let moment = clock.now
            let isAlive = try await runner.run(job) { point in try deaths?.pass(point, job: job.id.rawValue) }
            if !isAlive {
                _ = try await pool.query(Queue.retire(worker))
                _ = try await pool.query(Queue.rescue(limit: 1_000))
                worker = try await beginWorker()
            }
            drained.runs.append(try await story(of: job, at: moment))
        }
        _ = try await pool.query(Queue.retire(worker))
        if duration > .zero { clock.set(to: deadline) }
        return drained
    }

    /// Makes ready what is due, and says what is where.
    private func prepare() async throws -> [QueueOverview] {
        _ = try await pool.query(Queue.promote(now: clock.now, limit: 10_000))
        return try await pool.query(Queue.overview()).map { try QueueOverview(row: $0) }
    }

    private func claim(from queues: [QueueOverview], by worker: WorkerID) async throws -> ClaimedJob? {
        for queue in queues where queue.ready > 0 {
            let claimed = try await pool.run { session in
                try Queue.claimJobs(for: worker, from: queue.queue, floors: ClaimFloors(), count: 1, in: session)
            }
            if let job = claimed.first { return job }
        }
        return nil
    }

    private func beginWorker() async throws -> WorkerID {
        let worker = WorkerID.random()
        _ = try await pool.query(
            Queue.register(worker, name: "test", queues: [], kinds: kinds, life: .seconds(86_400)))
        return worker
    }

    private func story(of job: ClaimedJob, at moment: Date) async throws -> DrainedJobs.Run {
        let attempts = try await pool.query(Queue.attempts(of: job.id)).map { try JobAttempt(row: $0) }
        let attempt = attempts.last { $0.lease == Int(job.lease.number) }
        return DrainedJobs.Run(
            id: job.id, kind: job.kind, moment: moment, outcome: attempt?.outcome ?? "lost", reason: attempt?.reason)
    }
}
