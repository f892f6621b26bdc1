internal import Database
internal import Jobs
internal import Logging
internal import Synchronization

/// Records successes, many in one statement: under load as many as came while the statement before was running.
final class CompletionBatcher: Sendable {
    private struct Success {
        let lease: JobLease
        let note: String?
    }

    private struct State {
        var pending: [Success] = []
        var isClosing = false
    }

    /// How often recording is tried when the process is to end and the database does not answer.
    private static let lastTries = 3

    private let state = Mutex(State())
    private let bell = Bell()
    private let pool: Pool
    private let waker: QueueWaker
    private let settings: WorkerSettings
    private let logger: Logger

    init(pool: Pool, waker: QueueWaker, settings: WorkerSettings, logger: Logger) {
        self.pool = pool
        self.waker = waker
        self.settings = settings
        self.logger = logger
    }

    /// Takes a success to be recorded soon.
    func add(_ lease: JobLease, note: String?) {
        state.withLock { $0.pending.append(Success(lease: lease, note: note)) }
        bell.ring()
    }

    /// Lets ``run()`` return once everything is recorded.
    func close() {
        state.withLock { $0.isClosing = true }
        bell.ring()
    }

    /// Records until closed.
    func run() async {
        var failures = 0
        while true {
            let (count, isClosing) = state.withLock { ($0.pending.count, $0.isClosing) }
            if count == 0 {
                guard !isClosing else { return }
                await bell.wait(atMost: .seconds(60))
                continue
            }
            if count < settings.flushCount, !isClosing { try? await Task.sleep(for: settings.flushInterval) }
            let batch = take()
            do {
                try await flush(batch)
                failures = 0
            } catch {
                failures += 1
                logger.error(
                    "successes not recorded yet",
                    metadata: ["jobs": "\(batch.count)", "reason": "\(SafeText.of(error))"])
                guard !isClosing || failures < Self.lastTries else { return }
                // Recording twice is harmless, and a lease that was lost meanwhile says so.
                state.withLock { $0.pending.insert(contentsOf: batch, at: 0) }
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    private func take() -> [Success] {
        state.withLock { state in
            let batch = Array(state.pending.prefix(settings.flushCount))
            state.pending.removeFirst(batch.count)
            return batch
        }
    }

    private func flush(_ batch: [Success]) async throws {
        let complete = Queue.complete(batch.map(\.lease), notes: batch.map(\.note))
        let (recorded, queues) = try await pool.run { session in
            let rows = try session.pipeline([Queue.plansByIndex, complete]).last?.rows ?? []
            let recorded = try Set(rows.map { JobID(rawValue: try $0.value("job_id")) })
            return (recorded, Self.follow(rows, in: session))
        }
        waker.wake(queues)
        for success in batch where !recorded.contains(success.lease.jobID) {
            logger.error(
                "a lease was lost before its job's success was recorded; the job runs again",
                metadata: [
                    "job": "\(success.lease.jobID)", "lease": "\(success.lease.number)",
                    "worker": "\(success.lease.workerID)",
                ])
        }
    }

    /// Gives the slots that became free to the next in line at once, on the same connection.
    ///
    /// What fails here must not look as if the successes had not been recorded; the sweeps make up for it.
    static func follow(_ rows: [Row], in session: Session) -> Set<String> {
        guard let followUp = try? QueueFollowUp(rows: rows), !followUp.isEmpty else { return [] }
        return (try? Queue.follow(followUp, in: session)) ?? []
    }
}
