internal import Jobs
internal import Synchronization

/// The jobs whose handlers run in this process.
///
/// Each run counts for itself: a server that forgot a claim in a crash may give the same lease again.
final class RunningJobs: Sendable {
    private let jobs = Mutex<[ObjectIdentifier: RunningJob]>([:])

    var all: [RunningJob] { jobs.withLock { Array($0.values) } }

    /// The leases that are to be stopped, as the last heartbeat said, begun or not.
    private let cancelled = Mutex<Set<JobLease>>([])

    /// Stops these jobs, and keeps those from being begun that are held ahead.
    func cancel(_ leases: Set<JobLease>, at instant: ContinuousClock.Instant = .now) {
        cancelled.withLock { $0 = leases }
        guard !leases.isEmpty else { return }
        for entry in all where leases.contains(entry.job.lease) { entry.stop(because: .cancelled, at: instant) }
    }

    /// Whether the job is not to be begun any more.
    func isCancelled(_ lease: JobLease) -> Bool { cancelled.withLock { $0.contains(lease) } }

    func add(_ running: RunningJob) {
        jobs.withLock { $0[ObjectIdentifier(running)] = running }
    }

    func remove(_ running: RunningJob) {
        _ = jobs.withLock { $0.removeValue(forKey: ObjectIdentifier(running)) }
    }
}
