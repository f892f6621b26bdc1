internal import Jobs
internal import Synchronization

/// The jobs whose handlers run in this process.
///
/// Each run counts for itself: a server that forgot a claim in a crash may give the same lease again.
final class RunningJobs: Sendable {
    private let jobs = Mutex<[ObjectIdentifier: RunningJob]>([:])

    var all: [RunningJob] { jobs.withLock { Array($0.values) } }

    func add(_ running: RunningJob) {
        jobs.withLock { $0[ObjectIdentifier(running)] = running }
    }

    func remove(_ running: RunningJob) {
        _ = jobs.withLock { $0.removeValue(forKey: ObjectIdentifier(running)) }
    }
}
