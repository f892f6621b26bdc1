internal import Foundation

/// Runs the jobs of one actor on one thread of its own, where they may block.
///
/// libpq blocks; on Swift's shared threads, of which there is one per core, a few slow statements would stop the whole
/// process.
///
/// Unchecked: `jobs` and `isStopped` are touched only while `condition` is locked.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isStopped = false

    init(name: String) {
        let thread = Thread { [self] in loop() }
        thread.name = name
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock { jobs.append(job) }
        // Outside: woken while the lock is held, the thread would go back to sleep for it.
        condition.signal()
    }

    /// Lets the thread end when it has run what is queued.
    ///
    /// Nothing may be enqueued afterwards.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.signal()
        }
    }

    private func loop() {
        let executor = asUnownedSerialExecutor()
        while let batch = nextBatch() {
            for job in batch { job.runSynchronously(on: executor) }
        }
    }

    private func nextBatch() -> [UnownedJob]? {
        condition.withLock {
            while jobs.isEmpty {
                if isStopped { return nil }
                condition.wait()
            }
            defer { jobs.removeAll(keepingCapacity: true) }
            return jobs
        }
    }
}
