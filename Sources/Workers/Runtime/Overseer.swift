internal import Jobs

/// Stops the jobs that must not go on: those past their time limits, and all when the process has fenced itself.
struct Overseer: Sendable {
    let running: RunningJobs
    let membership: Membership
    let executor: JobExecutor
    let gates: [String: QueueGate]
    let grace: Duration

    /// Looks again and again until cancelled.
    func run() async {
        while !Task.isCancelled {
            look(at: .now)
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    func look(at instant: ContinuousClock.Instant) {
        let worker = membership.worker(at: instant)
        for entry in running.all {
            if entry.job.lease.workerID != worker {
                entry.stop(because: .fenced, at: instant)
                // Somebody else may run it by now: nothing of it is to be recorded, so nothing is waited for.
                if entry.cause == .fenced { abandon(entry) }
            } else if instant - entry.startedAt >= entry.timeLimit {
                entry.stop(because: .timeLimit(entry.timeLimit), at: instant)
            }
            if entry.isStuck(at: instant, grace: grace) { abandon(entry) }
        }
    }

    private func abandon(_ entry: RunningJob) {
        guard let gate = gates[entry.job.queue] else { return }
        executor.abandon(entry, gate: gate)
    }
}
