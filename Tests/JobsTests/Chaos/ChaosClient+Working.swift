import Database
import Foundation
import Jobs

/// Those who do the jobs, and those who look after them.
extension ChaosClient {
    mutating func claim() async throws -> String {
        let index = roll(hands.count)
        let claimed = try await claim(1 + roll(6), by: hands[index].worker)
        hands[index].held += claimed
        try await lookAtPauses(claimed)
        return bed.names(claimed.map(\.jobID))
    }

    /// Nothing that is paused is begun; told only where nobody else pauses anything at this moment.
    private func lookAtPauses(_ claimed: [JobLease]) async throws {
        guard isAlone, !claimed.isEmpty else { return }
        let begun = try await bed.pool.query(
            """
            SELECT FROM queue.jobs j
            JOIN queue.pauses p ON p.scope = 'kind' AND p.name = j.kind OR p.scope = 'key' AND p.name = j.concurrency_key
            WHERE j.id = ANY (\(claimed.map(\.jobID.rawValue))::bigint[])
            """)
        if !begun.isEmpty { bed.fault("a job was begun although its kind or its key is paused") }
    }

    func claim(_ count: Int, by worker: WorkerID) async throws -> [JobLease] {
        let claim = bed.weakened(
            Queue.claim(for: worker, from: "default", floors: ClaimFloors(), count: count))
        return try await bed.pool.run { session in
            try (session.pipeline([Queue.plansByIndex, claim]).last?.rows ?? []).compactMap { row in
                guard let number = try row.optional("lease", as: Int32.self) else { return nil }
                return JobLease(
                    jobID: JobID(rawValue: try row.value("job_id")), number: number, workerID: worker)
            }
        }
    }

    mutating func complete() async throws -> String {
        let leases = take(1 + roll(4))
        return try await settle(leases, Queue.complete(leases, notes: leases.map { _ in nil }))
    }

    /// As a handler does that writes: its effect and its job's end are one commit.
    mutating func completeInTransaction() async throws -> String {
        guard let lease = take(1).first else { return "nothing held" }
        guard let rows = try await write(lease) else {
            bed.fault("a living worker lost the lease of \(bed.names([lease.jobID]))")
            return "refused"
        }
        return try await bed.names([lease.jobID]) + follow(QueueFollowUp(rows: rows))
    }

    /// Writes an effect with the job's end; nothing when the lease is lost.
    private func write(_ lease: JobLease) async throws -> [Row]? {
        let end = bed.weakened(Queue.completeOrAbort(lease, note: nil))
        do {
            return try await bed.pool.run { session in
                try session.begin(with: [
                    "INSERT INTO chaos.effects (job_id, lease) VALUES (\(lease.jobID), \(lease.number))"
                ])
                return try session.commit(with: [Queue.plansByIndex, end]).last?.rows ?? []
            }
        } catch let error as DatabaseError where error.sqlState == Queue.leaseLostState {
            return nil
        }
    }

    mutating func postpone(_ why: Postponement) async throws -> String {
        let leases = take(1)
        guard let lease = leases.first else { return "nothing held" }
        let moment = bed.moment(in: roll(30))
        return try await settle(leases, Queue.postpone(lease, to: moment, because: why, reason: "x"))
    }

    mutating func bury() async throws -> String {
        let leases = take(1)
        guard let lease = leases.first else { return "nothing held" }
        let cause: DeathCause = [.attempts, .discarded, .undecodable][roll(3)]
        return try await settle(leases, Queue.bury(lease, because: cause, reason: "x"))
    }

    mutating func giveBack() async throws -> String {
        let leases = take(1 + roll(3))
        return try await settle(leases, Queue.release(leases, reason: Bool.random(using: &dice) ? "x" : nil))
    }

    /// Gives everything back and begins anew under another name.
    mutating func startOver() async throws -> String {
        let hand = hands.remove(at: roll(hands.count))
        haunt(hand.held)
        let text = try await settle(hand.held, Queue.releaseAll(of: hand.worker, reason: "started over"))
        _ = try await bed.rows(Queue.retire(hand.worker))
        return text
    }

    /// Is given up, and claims once more before it knows.
    mutating func crash() async throws -> String {
        let hand = hands.remove(at: roll(hands.count))
        _ = try await bed.rows(Queue.beat(hand.worker, life: .seconds(-1)))
        try await reap()
        var text = "lost \(bed.names(hand.held.map(\.jobID)))"
        if roll(2) == 0 { text += try await ", " + rescue() }
        let claimed = roll(3) == 0 ? try await claim(1 + roll(2), by: hand.worker) : []
        // Until somebody rescues them, they are the zombie's to finish, and that would be fine. Then they are not.
        if roll(2) == 0 { return try await text + ", finished as a zombie " + finishUnrescued(hand.held + claimed) }
        // Another client may be rescuing at this moment: only when nothing is left has everything been taken back.
        for _ in 0..<200 where try await isHeld(by: hand.worker) { _ = try await rescue() }
        if try await isHeld(by: hand.worker) { bed.fault("a rescue does not take back what a zombie has claimed") }
        haunt(hand.held + claimed)
        return text + ", claimed \(bed.names(claimed.map(\.jobID)))"
    }

    /// A worker that was given up finishes what nobody has taken from it yet.
    private mutating func finishUnrescued(_ leases: [JobLease]) async throws -> String {
        var finished: [JobID] = []
        for lease in leases where try await write(lease) != nil { finished.append(lease.jobID) }
        haunt(leases)
        return bed.names(finished)
    }

    private func isHeld(by worker: WorkerID) async throws -> Bool {
        try await !bed.pool.query("SELECT FROM queue.leases WHERE worker_id = \(worker)").isEmpty
    }

    /// The server crashes and forgets a claim that was not yet on disk: its number is given again, to another worker, for
    /// the one whose claim was forgotten starts over.
    mutating func beForgotten() async throws -> String {
        guard let index = hands.indices.filter({ !hands[$0].held.isEmpty }).randomElement(using: &dice) else {
            return "nothing held"
        }
        let hand = hands.remove(at: index)
        let lease = hand.held[0]
        let forgotten = try await bed.pool.query(
            """
            WITH forgotten AS (
                DELETE FROM queue.leases
                WHERE job_id = \(lease.jobID) AND lease = \(lease.number) AND worker_id = \(lease.workerID)
                  AND cancel_requested_at IS NULL
                RETURNING *
            )
            INSERT INTO queue.ready (seq, job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT seq, job_id, lease - 1, shard, priority, attempt - 1, crashes, traits, queue FROM forgotten
            RETURNING job_id
            """)
        haunt(hand.held)
        // One that is to be cancelled was on disk when that was asked for.
        let kept = forgotten.isEmpty ? hand.held : Array(hand.held.dropFirst())
        let text = try await settle(kept, Queue.releaseAll(of: hand.worker, reason: "another life of the server"))
        _ = try await bed.rows(Queue.retire(hand.worker))
        return bed.names([lease.jobID]) + ", given back: " + text
    }

    /// Tries leases that are settled or lost, with every statement that a worker has.
    mutating func writeAsZombie() async throws -> String {
        // Where somebody has the job again, only the lease's number and its worker tell the two apart.
        let taken = Set(hands.flatMap(\.held).map(\.jobID))
        let doubles = ghosts.filter { taken.contains($0.jobID) }
        let candidates = doubles.isEmpty || roll(3) == 0 ? ghosts : doubles
        let leases = Array(candidates.shuffled(using: &dice).prefix(3))
        guard let one = leases.first else { return "no ghosts" }
        let moment = bed.moment(in: 0)
        let statement: SQL
        switch roll(7) {
        case 0: statement = Queue.complete(leases, notes: leases.map { _ in nil })
        case 1: statement = Queue.postpone(one, to: moment, because: .failed, reason: "z")
        case 2: statement = Queue.postpone(one, to: moment, because: .snoozed, reason: "z")
        case 3: statement = Queue.bury(one, because: .discarded, reason: "z")
        case 4: statement = Queue.release(leases, reason: "z")
        case 5: statement = Queue.cancel(one, reason: "z")
        default:
            if try await write(one) != nil { bed.fault("a zombie's transaction was committed: \(one)") }
            bed.count("a zombie's write was refused")
            return "refused \(bed.names([one.jobID]))"
        }
        let accepted = try await bed.ids(statement)
        if !accepted.isEmpty { bed.fault("a zombie's write was accepted: \(bed.names(accepted))") }
        bed.count("a zombie's write was refused", leases.count)
        return "refused \(bed.names(leases.map(\.jobID)))"
    }

    // MARK: - Duties

    func reap() async throws {
        let gone = try await bed.rows(Queue.reap()).map { try $0.value("id", as: Int64.self) }
        // For the rescue that knows no more than this; see Weakness.
        guard bed.weakness != nil, !gone.isEmpty else { return }
        _ = try await bed.pool.query("INSERT INTO chaos.reaped SELECT unnest(\(gone)::bigint[]) ON CONFLICT DO NOTHING")
    }

    mutating func rescue() async throws -> String {
        try await reap()
        let rows = try await bed.rows(Queue.rescue(limit: 1_000))
        if bed.weakness != nil { _ = try await bed.pool.query("DELETE FROM chaos.reaped") }
        let jobs = try rows.map { JobID(rawValue: try $0.value("job_id")) }
        bed.count("a lost job was rescued", jobs.count)
        return try await "rescued \(bed.names(jobs))" + follow(QueueFollowUp(rows: rows))
    }

    mutating func promote() async throws -> String {
        let now = bed.now
        let before = isAlone ? try await bed.limited() : [:]
        let rows = try await bed.rows(Queue.promote(now: now, limit: 1 + roll(30)))
        if isAlone { bed.note(try await bed.limited(), since: before, at: now) }
        let keys = try rows.flatMap { try $0.value("keys", as: [String].self) }
        var followUp = QueueFollowUp()
        followUp.keys = Set(keys)
        let due = try rows.reduce(0) { try $0 + $1.value("jobs", as: Int.self) }
        return try await "\(due) due" + follow(followUp)
    }

    mutating func sweep() async throws -> String {
        switch roll(5) {
        case 0: return try await "admitted \(moved(Queue.admitSweep(after: nil, limit: 10)))"
        case 1:
            let rows = try await bed.rows(Queue.unblockSweep(after: nil, limit: 50))
            let jobs = try rows.compactMap { try $0.optional("job_id", as: Int64.self) }.map(JobID.init(rawValue:))
            return "unblocked \(bed.names(jobs))"
        case 2: return try await "let go \(moved(Queue.letGo(limit: 20)))"
        case 3: return try await "counted \(bed.rows(Queue.foldBatches(limit: 1 + roll(40))).count)"
        default: return try await "closed \(closeBatches())"
        }
    }

    private func closeBatches() async throws -> Int {
        let now = bed.now
        let (closed, placed) = try await bed.pool.run { session in
            try Queue.closeBatches(now: now, limit: 10, in: session)
        }
        bed.note(placed)
        return closed
    }

    // MARK: - The end

    /// Works everything off that can be: only what waits for dead letters is left, and what waits for that.
    mutating func finish() async throws {
        for scope in Self.scopes { _ = try await bed.rows(Queue.resume(scope)) }
        _ = try await bed.pool.query("DELETE FROM queue.workers")
        for batch in try await bed.pool.query("SELECT id FROM queue.batches WHERE sealed_at IS NULL") {
            _ = try await bed.rows(Queue.seal(BatchID(rawValue: try batch.value("id"))))
        }
        let worker = WorkerID.random()
        _ = try await bed.rows(
            Queue.register(worker, name: "finisher", queues: ["default"], kinds: [], life: .seconds(36_000)))
        for _ in 0..<100 {
            bed.advance(by: .seconds(10))
            _ = try await rescue()
            try await promoteAll()
            try await exhaust { Queue.letGo(limit: 500) }
            for _ in 0..<20
            where try await !bed.rows(Queue.unblockSweep(after: nil, limit: 10_000)).allSatisfy({
                try $0.optional("job_id", as: Int64.self) == nil
            }) {}
            for _ in 0..<20
            where try await bed.rows(Queue.foldBatches(limit: 10_000)).contains(where: {
                try $0.value("rows", as: Int.self) > 0
            }) {}
            let closed = try await closeBatches()
            if try await !workOff(worker), closed == 0, try await bed.pool.query(ChaosBed.unfinished).isEmpty { return }
        }
        for row in try await bed.pool.query("\(ChaosBed.unfinished) LIMIT 5") {
            bed.fault("not worked off in the end: \(try row.value("example", as: String.self))")
        }
    }

    /// Lets the clock go on until nothing is scheduled.
    ///
    /// In small steps: of what becomes due together, a rate limit lets only its burst go.
    private func promoteAll() async throws {
        for _ in 0..<5_000 where try await !bed.pool.query("SELECT FROM queue.scheduled LIMIT 1").isEmpty {
            bed.advance(by: .milliseconds(100))
            _ = try await bed.rows(Queue.promote(now: bed.now, limit: 500))
        }
    }

    /// Does what is ready, and what gets a slot then, until there is nothing; whether there was anything.
    private mutating func workOff(_ worker: WorkerID) async throws -> Bool {
        var hasWorked = false
        // As many times as the longest line for a slot is long.
        for _ in 0..<5_000 {
            _ = try await moved(Queue.admitSweep(after: nil, limit: 100))
            let claimed = try await claim(500, by: worker)
            guard !claimed.isEmpty else { break }
            hasWorked = true
            _ = try await bed.rows(Queue.complete(claimed, notes: claimed.map { _ in nil }), byIndex: true)
        }
        return hasWorked
    }
}
