internal import Database
internal import Jobs
internal import Logging

/// Claims the jobs of one queue and starts them, until told to stop.
struct QueueFetcher: Sendable {
    let served: WorkerSettings.Served
    let gate: QueueGate
    let settings: WorkerSettings
    let membership: Membership
    let executor: JobExecutor
    let queuePool: Pool
    let stop: StopSignal
    let logger: Logger

    /// Fetches until stopped, then gives back what was not begun.
    func run() async {
        stop.ringing(gate.bell)
        var buffer: ArraySlice<ClaimedJob> = []
        var floors = ClaimFloors()
        var poll = settings.shortestPoll
        // Whether there may be something to claim: at the beginning, after a full claim, a wake-up or a poll.
        var mayHaveMore = true
        while !stop.isRequested {
            if gate.takeWoken() {
                (mayHaveMore, poll) = (true, settings.shortestPoll)
                floors.reset()
            }
            guard let worker = membership.worker() else {
                await gate.bell.wait(atMost: .milliseconds(100))
                continue
            }
            // What an earlier life of the process claimed, perhaps after it had given back all it held, is not begun.
            let stale = buffer.filter { $0.lease.workerID != worker }
            if !stale.isEmpty {
                buffer.removeAll { $0.lease.workerID != worker }
                await giveBack(stale)
                mayHaveMore = true
            }
            start(&buffer)
            let wanted = wanted(beside: buffer.count)
            if mayHaveMore, wanted > 0 {
                let claimed = await claim(wanted, for: worker, floors: &floors)
                mayHaveMore = claimed?.count == wanted
                if let claimed, !claimed.isEmpty {
                    buffer += claimed
                    poll = settings.shortestPoll
                }
                continue
            }
            let hasRung = await gate.bell.wait(atMost: poll)
            if !hasRung, !mayHaveMore {
                mayHaveMore = true
                poll = min(poll * 2, settings.longestPoll)
            }
        }
        await giveBack(Array(buffer))
    }

    /// Starts as many as there are free places for.
    private func start(_ buffer: inout ArraySlice<ClaimedJob>) {
        while gate.running < served.concurrency, let job = buffer.popFirst() {
            executor.start(job, gate: gate)
        }
    }

    /// How many to claim: nothing until half of what is held ahead has been used up, then enough to fill up.
    private func wanted(beside buffered: Int) -> Int {
        let prefetch = gate.prefetch(for: served)
        let free = served.concurrency - gate.running + prefetch - buffered
        return free * 2 > prefetch ? free : 0
    }

    /// Claims, or logs why it could not.
    private func claim(_ count: Int, for worker: WorkerID, floors: inout ClaimFloors) async -> [ClaimedJob]? {
        floors.expire(at: .now)
        do {
            let claimed = try await queuePool.run { [floors] session in
                try Queue.claimJobs(for: worker, from: served.queue, floors: floors, count: count, in: session)
            }
            floors.advance(over: claimed, askedFor: count, at: .now)
            return claimed
        } catch {
            logger.error(
                "no jobs claimed", metadata: ["queue": "\(served.queue)", "reason": "\(SafeText.of(error))"])
            return nil
        }
    }

    private func giveBack(_ buffer: [ClaimedJob]) async {
        guard !buffer.isEmpty else { return }
        let release = Queue.release(buffer.map(\.lease), reason: nil)
        do {
            _ = try await queuePool.run { session in try session.pipeline([Queue.plansByIndex, release]).count }
        } catch {
            // They are rescued when the worker's row is gone.
            logger.warning("jobs not given back", metadata: ["reason": "\(SafeText.of(error))"])
        }
    }
}
