import Database
import Foundation
import Jobs
import Testing

/// Several clients do random things to one queue at the same time; afterwards each job is in one place, nothing was
/// recorded twice, and no worker that was given up has written anything.
@Suite struct ChaosTests {
    @Test func `whatever clients do, each job is in one place and succeeds once`() async throws {
        let report = try await Chaos.run(fence: .whole, seed: 20_261_123)
        #expect(report.faults.isEmpty, "\(report.faults)")
        // The test has to have met what it is about.
        #expect(report.zombieWritesTried > 20)
        #expect(report.rescued > 20)
        #expect(report.dead > 0)
    }

    @Test func `the test has teeth: with the fence weakened it finds the fault`() async throws {
        let report = try await Chaos.run(fence: .withoutLeaseAndWorker, seed: 20_261_123)
        #expect(!report.faults.isEmpty)
    }
}

struct Chaos {
    enum Fence {
        case whole
        /// A finish that looks at the job alone. It exists in this test and nowhere else.
        case withoutLeaseAndWorker
    }

    struct Report {
        var faults: [String] = []
        var zombieWritesTried = 0
        var rescued = 0
        var dead = 0
    }

    static let clients = 5
    static let stepsPerClient = 500

    static func run(fence: Fence, seed: UInt64) async throws -> Report {
        try await Testbed.with(connections: clients) { bed in
            var report = try await withThrowingTaskGroup(of: Report.self) { group in
                for client in 0..<clients {
                    group.addTask {
                        var client = ChaosClient(bed: bed, fence: fence, dice: Dice(state: seed &+ UInt64(client)))
                        for _ in 0..<stepsPerClient { try await client.step() }
                        return client.report
                    }
                }
                return try await group.reduce(into: Report()) { sum, one in
                    sum.faults += one.faults
                    sum.zombieWritesTried += one.zombieWritesTried
                    sum.rescued += one.rescued
                }
            }
            report.faults += try await faults(in: bed)
            report.dead = try await bed.count("queue.dead")
            return report
        }
    }

    /// What does not hold of the queue as it stands.
    static func faults(in bed: Testbed) async throws -> [String] {
        let places: SQL = """
            SELECT job_id FROM queue.ready UNION ALL SELECT job_id FROM queue.scheduled
            UNION ALL SELECT job_id FROM queue.waiting UNION ALL SELECT job_id FROM queue.blocked
            UNION ALL SELECT job_id FROM queue.held
            UNION ALL SELECT job_id FROM queue.leases UNION ALL SELECT job_id FROM queue.dead
            UNION ALL SELECT job_id FROM queue.attempts WHERE outcome IN ('succeeded', 'cancelled')
            """
        let rules: [(String, SQL)] = [
            ("a job in no place", "SELECT FROM queue.jobs j WHERE id NOT IN (\(places))"),
            ("a job in two places", "SELECT FROM (\(places)) p GROUP BY job_id HAVING count(*) > 1"),
            ("a place without a job", "SELECT FROM (\(places)) p WHERE job_id NOT IN (SELECT id FROM queue.jobs)"),
            (
                "two ends of one lease",
                "SELECT FROM queue.attempts GROUP BY job_id, lease HAVING count(*) > 1"
            ),
            (
                "a key of a job that has ended",
                """
                SELECT FROM queue.unique_keys u
                WHERE u.job_id IN (SELECT job_id FROM queue.dead UNION ALL
                                   SELECT job_id FROM queue.attempts WHERE outcome IN ('succeeded', 'cancelled'))
                """
            ),
            (
                "a slot of a job that neither runs nor may run",
                """
                SELECT FROM queue.concurrency_slots
                WHERE job_id NOT IN (SELECT job_id FROM queue.ready UNION ALL SELECT job_id FROM queue.leases)
                """
            ),
            (
                "a job that may run without its slot",
                """
                SELECT FROM queue.jobs j
                WHERE j.concurrency_key IS NOT NULL
                  AND j.id IN (SELECT job_id FROM queue.ready UNION ALL SELECT job_id FROM queue.leases)
                  AND NOT EXISTS (SELECT FROM queue.concurrency_slots s
                                  WHERE s.job_id = j.id AND s.concurrency_key = j.concurrency_key
                                    AND s.slot <= j.concurrency_limit)
                """
            ),
            (
                "a batch that counts wrong",
                """
                SELECT FROM queue.batches b
                WHERE b.total + (SELECT coalesce(sum(jobs), 0) FROM queue.batch_joins n WHERE n.batch_id = b.id)
                        <> (SELECT count(*) FROM queue.jobs j WHERE j.batch_id = b.id)
                   OR b.succeeded + b.dead + b.cancelled
                        + (SELECT count(*) FROM queue.batch_ends e WHERE e.batch_id = b.id)
                        <> (SELECT count(*) FROM queue.jobs j
                            WHERE j.batch_id = b.id
                              AND j.id IN (SELECT job_id FROM queue.dead UNION ALL
                                           SELECT job_id FROM queue.attempts
                                           WHERE outcome IN ('succeeded', 'cancelled')))
                """
            ),
            (
                "a dependency of a job that is not blocked",
                "SELECT FROM queue.dependencies WHERE job_id NOT IN (SELECT job_id FROM queue.blocked)"
            ),
            (
                "a live job without its key",
                """
                SELECT FROM queue.jobs j
                WHERE j.unique_key IS NOT NULL
                  AND j.id IN (SELECT job_id FROM queue.ready UNION ALL SELECT job_id FROM queue.scheduled UNION ALL
                               SELECT job_id FROM queue.waiting UNION ALL SELECT job_id FROM queue.blocked UNION ALL
                               SELECT job_id FROM queue.held UNION ALL SELECT job_id FROM queue.leases)
                  AND NOT EXISTS (SELECT FROM queue.unique_keys u WHERE u.job_id = j.id AND u.key = j.unique_key)
                """
            ),
            ("a negative attempt", "SELECT FROM queue.attempts WHERE attempt < 1"),
        ]
        var faults: [String] = []
        for (name, rule) in rules {
            let count = try await bed.pool.query(rule).count
            if count > 0 { faults.append("\(name): \(count)") }
        }
        return faults
    }
}

/// One client: a worker that now and then is given up and comes back as a zombie.
private struct ChaosClient {
    let bed: Testbed
    let fence: Chaos.Fence
    var dice: Dice
    var report = Chaos.Report()
    private var worker: WorkerID?
    private var held: [JobLease] = []

    init(bed: Testbed, fence: Chaos.Fence, dice: Dice) {
        (self.bed, self.fence, self.dice) = (bed, fence, dice)
    }

    mutating func step() async throws {
        guard let worker else {
            self.worker = try await bed.worker()
            return
        }
        switch Int.random(in: 0..<100, using: &dice) {
        case 0..<18: try await enqueue()
        case 18..<48: held += try await bed.claim(4, by: worker).map(\.lease)
        case 48..<68: try await complete(take(4))
        case 68..<74: for lease in take(1) { try await check(lease, postpone(lease)) }
        case 74..<77:
            for lease in take(1) { try await check(lease, Queue.bury(lease, because: .discarded, reason: "x")) }
        case 77..<81:
            let leases = take(2)
            try await checkAll(leases, Queue.release(leases, reason: "x"))
        case 81..<86: try await crash(worker)
        case 86..<91: report.rescued += try await bed.ids(Queue.rescue(limit: 1_000)).count
        default: _ = try await bed.pool.query(Queue.promote(now: bed.now, limit: 10))
        }
    }

    private mutating func take(_ count: Int) -> [JobLease] {
        defer { held.removeFirst(min(count, held.count)) }
        return Array(held.prefix(count))
    }

    private mutating func enqueue() async throws {
        let requests = (0..<5).map { _ in
            let key = Int.random(in: 0..<3, using: &dice) == 0 ? "k\(Int.random(in: 0..<40, using: &dice))" : nil
            let later = Int.random(in: 0..<4, using: &dice) == 0 ? bed.now.addingTimeInterval(-1) : nil
            return bed.request(runAt: later, key: key, priority: Int16.random(in: 0...3, using: &dice))
        }
        let placed = try await bed.enqueue(requests)
        if placed.count != requests.count { report.faults.append("a request without an answer") }
    }

    private func postpone(_ lease: JobLease) -> SQL {
        Queue.postpone(lease, to: bed.now, because: .failed, reason: "x")
    }

    private func completion(_ leases: [JobLease]) -> SQL {
        let whole = Queue.complete(leases, notes: leases.map { _ in nil })
        guard fence == .withoutLeaseAndWorker else { return whole }
        return """
            WITH gone AS (
                DELETE FROM queue.leases WHERE job_id = ANY (\(leases.map(\.jobID.rawValue))::bigint[]) RETURNING *
            )
            INSERT INTO queue.attempts (job_id, worker_id, lease, attempt, queue, outcome)
            SELECT job_id, worker_id, lease, attempt, queue, 'succeeded' FROM gone
            RETURNING job_id
            """
    }

    private mutating func complete(_ leases: [JobLease]) async throws {
        try await checkAll(leases, completion(leases))
    }

    private mutating func check(_ lease: JobLease, _ statement: SQL) async throws {
        try await checkAll([lease], statement)
    }

    /// A worker that was not given up loses nothing.
    private mutating func checkAll(_ leases: [JobLease], _ statement: SQL) async throws {
        guard !leases.isEmpty else { return }
        let accepted = try await bed.ids(statement).count
        if accepted != leases.count { report.faults.append("a living worker lost a lease") }
    }

    /// Is given up, claims once more, and tries to finish what it held.
    private mutating func crash(_ worker: WorkerID) async throws {
        let old = held
        (self.worker, held) = (nil, [])
        _ = try await bed.pool.query(Queue.beat(worker, life: .seconds(-1)))
        _ = try await bed.pool.query(Queue.reap())
        report.rescued += try await bed.ids(Queue.rescue(limit: 1_000)).count
        let claimed = try await bed.claim(2, by: worker).map(\.lease)
        // Another client may be rescuing at this moment: only when nothing is left has everything been taken back.
        while try await bed.count("queue.leases WHERE worker_id = \(worker.rawValue)") > 0 {
            report.rescued += try await bed.ids(Queue.rescue(limit: 1_000)).count
        }
        let zombies = old + claimed
        guard !zombies.isEmpty else { return }
        report.zombieWritesTried += zombies.count
        for statement in [completion(zombies), Queue.release(zombies, reason: "x")] {
            let accepted = try await bed.ids(statement).count
            if accepted > 0 { report.faults.append("writes of a zombie accepted: \(accepted)") }
        }
    }
}
