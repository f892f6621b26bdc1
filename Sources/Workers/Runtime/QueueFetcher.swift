internal import Database
internal import Jobs
internal import Logging
internal import Synchronization
internal import Telemetry

/// Claims the jobs of one queue and starts them, until told to stop.
struct QueueFetcher: Sendable {
    let served: WorkerSettings.Served
    let gate: QueueGate
    let settings: WorkerSettings
    let membership: Membership
    let solitude: Solitude
    let executor: JobExecutor
    let queuePool: Pool
    let stop: StopSignal
    let metrics: WorkerMetrics
    let logger: Logger

    /// Fetches until stopped, then gives back what was not begun.
    func run() async {
        stop.ringing(gate.bell)
        membership.draining.ringing(gate.bell)
        var buffer: ArraySlice<ClaimedJob> = []
        /// Who claimed what is in the buffer.
        var claimant: WorkerID?
        var floors = ClaimFloors()
        var turn = 0
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
            if claimant != worker {
                if !buffer.isEmpty {
                    await giveBack(Array(buffer))
                    buffer = []
                    mayHaveMore = true
                }
                claimant = worker
            }
            // Somebody wishes that this process takes nothing new: what is held ahead is for others.
            if membership.draining.isRequested {
                await giveBack(Array(buffer))
                buffer = []
                floors.reset()
                mayHaveMore = true
                if gate.running == 0 {
                    solitude.end(served.queue)
                    solitude.withdraw(served.queue)
                }
                await gate.bell.wait(atMost: settings.longestPoll)
                continue
            }
            // Another queue has a job that must run alone: nothing is held, begun or claimed here meanwhile.
            guard solitude.enter(served.queue) else {
                await giveBack(Array(buffer))
                buffer = []
                floors.reset()
                mayHaveMore = true
                if gate.running == 0 { solitude.withdraw(served.queue) }
                await gate.bell.wait(atMost: .milliseconds(50))
                continue
            }
            // This queue has one: it waits until nothing else runs, runs, and then the others are let in again.
            if solitude.isHermit(served.queue) {
                if gate.running == 0, buffer.isEmpty {
                    solitude.end(served.queue)
                    continue
                }
                if gate.running == 0, solitude.isAlone(served.queue), let suspect = buffer.popFirst() {
                    executor.start(suspect, gate: gate)
                }
                await gate.bell.wait(atMost: .milliseconds(50))
                continue
            }
            start(&buffer)
            if let suspect = buffer.first, isSuspect(suspect), solitude.seek(served.queue) {
                // Held beside it, they would be lost with it.
                await giveBack(Array(buffer.dropFirst()))
                buffer = [suspect]
                floors.reset()
                mayHaveMore = true
                continue
            }
            let wanted = wanted(beside: buffer.count)
            if mayHaveMore, wanted > 0 {
                let claim = await claim(wanted, for: worker, floors: &floors, turn: turn) { start(&buffer) }
                turn &+= 1
                // What was put aside because it is paused was there, too.
                mayHaveMore = claim?.taken == wanted
                if let claim, claim.taken > 0 {
                    buffer += claim.jobs
                    poll = settings.shortestPoll
                }
                continue
            }
            if buffer.isEmpty, gate.running == 0 { solitude.withdraw(served.queue) }
            let hasRung = await gate.bell.wait(atMost: poll)
            if !hasRung, !mayHaveMore {
                mayHaveMore = true
                poll = min(poll * 2, settings.longestPoll)
            }
        }
        await giveBack(Array(buffer))
    }

    /// Whether processes were lost more than once while they held the job, perhaps by its doing; it runs alone.
    ///
    /// Once says nothing: whatever a lost process held has been there once, and to run all that alone, one after the
    /// other and beside nothing long, would keep it waiting for longer than the loss itself.
    private func isSuspect(_ job: ClaimedJob) -> Bool { job.crashes > 1 }

    /// Starts as many as there are free places for, up to a suspect.
    private func start(_ buffer: inout ArraySlice<ClaimedJob>) {
        while gate.running < served.concurrency, let job = buffer.first, !isSuspect(job) {
            buffer.removeFirst()
            executor.start(job, gate: gate)
        }
    }

    /// How many to claim: nothing until half of what is held ahead has been used up, then enough to fill up.
    private func wanted(beside buffered: Int) -> Int {
        let prefetch = gate.prefetch(for: served)
        let free = served.concurrency - gate.running + prefetch - buffered
        return free * 2 > prefetch ? min(free, settings.claimCount) : 0
    }

    /// Claims, or logs why it could not.
    ///
    /// `meanwhile` is done whenever a job has ended before the server answers: what is held ahead would otherwise lie
    /// idle for as long as the claim takes.
    private func claim(
        _ count: Int, for worker: WorkerID, floors: inout ClaimFloors, turn: Int, meanwhile: () -> Void
    ) async -> Claim? {
        floors.expire(at: .now)
        guard let life = membership.serverLife(of: worker) else { return nil }
        let hasAnswer = Atomic(false)
        do {
            async let answer = { [floors] in
                defer {
                    hasAnswer.store(true, ordering: .releasing)
                    gate.bell.ring()
                }
                return try await take(count, for: worker, life: life, floors: floors, turn: turn)
            }()
            while !hasAnswer.load(ordering: .acquiring) {
                meanwhile()
                await gate.bell.wait(atMost: settings.longestPoll)
            }
            let claimed = try await answer
            metrics.claims.add(1, served.queue, claimed.taken == 0 ? "empty" : "found")
            metrics.claimed.add(claimed.jobs.count, served.queue)
            floors.advance(over: claimed, askedFor: count, at: .now)
            return claimed
        } catch {
            let failure = error as? ClaimFailed
            metrics.claims.add(1, served.queue, "failed")
            if failure?.isInAnotherLife == true {
                logger.warning("the server was restarted or replaced", metadata: ["queue": "\(served.queue)"])
                membership.doubt(worker)
                floors.reset()
                return nil
            }
            logger.error(
                "no jobs claimed",
                metadata: ["queue": "\(served.queue)", "reason": "\(SafeText.of(failure?.cause ?? error))"])
            if failure?.mayHaveCommitted == true {
                membership.doubt(worker)
                // What is given back stands before where this fetcher has got to.
                floors.reset()
            }
            return nil
        }
    }

    private func take(
        _ count: Int, for worker: WorkerID, life: String, floors: ClaimFloors, turn: Int
    ) async throws -> Claim {
        try await queuePool.run { session in
            do {
                return try Queue.take(
                    for: worker, life: life, from: served.queue, floors: floors, count: count, turn: turn, in: session)
            } catch let error as DatabaseError {
                throw ClaimFailed(cause: error)
            }
        }
    }

    private func giveBack(_ buffer: [ClaimedJob]) async {
        guard !buffer.isEmpty else { return }
        metrics.returned.add(buffer.count, served.queue)
        let release = Queue.release(buffer.map(\.lease), reason: nil)
        do {
            _ = try await queuePool.run { session in try session.pipeline([Queue.plansByIndex, release]).count }
        } catch {
            // They are given back when the worker starts over, or rescued when its row is gone.
            logger.warning("jobs not given back", metadata: ["reason": "\(SafeText.of(error))"])
            for worker in Set(buffer.map(\.lease.workerID)) { membership.doubt(worker) }
        }
    }

    /// A claim that failed after there was a session to ask on.
    private struct ClaimFailed: Error {
        let cause: DatabaseError

        /// Whether the server is not the one, or not in the life, in which the worker was registered.
        var isInAnotherLife: Bool { cause.sqlState == Queue.leaseLostState }

        /// Whether the worker may hold jobs whose rows never came, or could not be read.
        var mayHaveCommitted: Bool {
            switch cause.kind {
            case .connection, .cancelled, .decoding: true
            default: cause.isOutcomeUnknown
            }
        }
    }
}
