internal import Jobs
internal import Synchronization

/// The jobs whose handlers run in this process.
final class RunningJobs: Sendable {
    private let jobs = Mutex<[JobLease: RunningJob]>([:])

    var all: [RunningJob] { jobs.withLock { Array($0.values) } }

    func add(_ running: RunningJob) {
        jobs.withLock { $0[running.job.lease] = running }
    }

    func remove(_ running: RunningJob) {
        _ = jobs.withLock { $0.removeValue(forKey: running.job.lease) }
    }
}
