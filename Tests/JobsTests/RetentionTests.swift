import Database
import Foundation
import Jobs
import Testing

@Suite struct RetentionTests {
    static let retention = Duration.seconds(90 * 86_400)

    // MARK: Ahead

    @Test func `partitions are made for this week and two more, once`() async throws {
        try await Testbed.with { bed in
            let made = try await bed.makeMissing()
            #expect(made.filter { $0 == .made }.count == made.count)
            let parents = try await bed.count("(SELECT DISTINCT parent FROM queue.partitions) p")
            #expect(made.count == parents * 3)
            let again = try await bed.makeMissing()
            #expect(again.isEmpty)
            let week = try #require(
                try await bed.pool.query("SELECT min(lower) AS week FROM queue.partitions").first?
                    .value("week", as: Date.self))
            let twice = try await bed.outcome(Queue.makePartition(of: "jobs", week: week))
            #expect(twice == .exists)
            let jobs = try await bed.enqueue(3)
            let inDefault = try await bed.inDefault("jobs")
            #expect((jobs.count, inDefault) == (3, 0))
        }
    }

    @Test func `rows that came before their partition are moved into it, and the jobs run`() async throws {
        try await Testbed.with { bed in
            let jobs = try await bed.enqueue(20)
            let worker = try await bed.worker()
            let claimed = try await bed.claim(5, by: worker)
            _ = try await bed.ids(Queue.complete(claimed.prefix(2).map(\.lease), notes: [nil, nil]))
            let made = try await bed.makeMissing()
            #expect(Set(made) == [.made])
            let left = try await bed.inDefault("jobs") + (try await bed.inDefault("attempts"))
            #expect(left == 0)
            let done = try await bed.ids(Queue.complete(claimed.suffix(3).map(\.lease), notes: [nil, nil, nil]))
            let rest = try await bed.claim(50, by: worker)
            #expect(done.count == 3)
            #expect(Set(rest.map(\.lease.jobID) + claimed.map(\.lease.jobID)) == Set(jobs))
        }
    }

    @Test func `a week that fills the default stays there, and the next week is made`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.enqueue(1_001)
            let outcomes = try await bed.makeMissing()
            #expect(outcomes.filter { $0 == .occupied }.count == 1)
            let (kept, weeks) = (
                try await bed.inDefault("jobs"),
                try await bed.count("queue.partitions WHERE parent = 'jobs' AND NOT is_default")
            )
            #expect((kept, weeks) == (1_001, 2))
        }
    }

    @Test func `who holds a lock is not waited for`() async throws {
        try await Testbed.with { bed in
            let week = try await bed.makeOldWeek()
            try await bed.holding("LOCK TABLE queue.jobs IN ROW EXCLUSIVE MODE") {
                let clock = ContinuousClock.now
                let made = try await bed.outcome(Queue.makePartition(of: "jobs", week: week + 7 * 86_400))
                let dropped = try await bed.outcome(Queue.dropPartition(bed.old("jobs"), after: Self.retention))
                #expect((made, dropped) == (.busy, .busy))
                #expect(ContinuousClock.now - clock < .seconds(5))
            }
            let dropped = try await bed.outcome(Queue.dropPartition(bed.old("jobs"), after: Self.retention))
            #expect(dropped == .dropped)
        }
    }

    // MARK: Gone

    @Test func `what has ended long ago is gone, bodies first`() async throws {
        try await Testbed.with { bed in
            try await bed.makeOldWeek()
            let jobs = try await bed.oldJobs(50)
            try await bed.end(jobs, daysAgo: 120)
            let early = try await bed.outcome(Queue.dropPartition(bed.old("attempts"), after: Self.retention))
            #expect(early == .waiting)
            let outcomes = try await bed.dropExpired()
            #expect(Set(outcomes) == [.dropped])
            let left = try await bed.count("queue.jobs") + (try await bed.count("queue.attempts"))
            #expect(left == 0)
            let again = try await bed.outcome(Queue.dropPartition(bed.old("jobs"), after: Self.retention))
            #expect(again == .gone)
        }
    }

    @Test func `nothing that is younger than the retention is dropped, and nothing younger than a day`() async throws {
        try await Testbed.with { bed in
            _ = try await bed.makeMissing()
            try await bed.makeOldWeek()
            let names = try await bed.pool.query(Queue.expiredPartitions(after: .seconds(365 * 86_400))).map {
                (try $0.value("name", as: String.self), try $0.value("is_default", as: Bool.self))
            }
            #expect(names.allSatisfy { $0.1 })
            let young = Queue.dropPartition(try await bed.old("jobs"), after: .seconds(365 * 86_400))
            await #expect(throws: DatabaseError.self) { try await bed.pool.query(young) }
            let careless = Queue.dropPartition(try await bed.old("jobs"), after: .seconds(3_600))
            await #expect(throws: DatabaseError.self) { try await bed.pool.query(careless) }
            let pruning = Queue.prunePartition("jobs_default", after: .zero, from: nil, portion: 9)
            await #expect(throws: DatabaseError.self) { try await bed.pool.query(pruning) }
        }
    }

    @Test func `a job that is alive in any place, or ended lately, stays with its story`() async throws {
        try await Testbed.with { bed in
            try await bed.makeOldWeek()
            let jobs = try await bed.oldJobs(OldPlace.allCases.count + 20)
            try await bed.end(jobs, outcome: "snoozed", daysAgo: 120)
            for (place, job) in zip(OldPlace.allCases, jobs) { try await bed.asOwner(place.row(of: job)) }
            let outcomes = try await bed.dropExpired()
            #expect(Set(outcomes) == [.dropped])
            for _ in 0..<2 {
                let bodies = Set(try await bed.ids("SELECT id AS job_id FROM queue.jobs"))
                let lost = zip(OldPlace.allCases, jobs).filter { !bodies.contains($0.1) }.map(\.0)
                #expect(lost.isEmpty, "\(lost)")
                #expect(bodies.count == OldPlace.allCases.count)
                let stories = try await bed.count("queue.attempts WHERE finished_at < now() - interval '100 days'")
                #expect(stories == OldPlace.allCases.count)
                // Looked at again it stays, while it is alive.
                try await bed.pruneDefaults()
            }
        }
    }

    @Test func `a place that nobody thought of keeps its jobs`() async throws {
        try await Testbed.with { bed in
            try await bed.makeOldWeek()
            let jobs = try await bed.oldJobs(3)
            try await bed.asOwner("CREATE TABLE queue.elsewhere AS SELECT \(jobs[1].rawValue)::bigint AS job_id")
            _ = try await bed.dropExpired()
            let bodies = try await bed.ids("SELECT id AS job_id FROM queue.jobs")
            #expect(bodies == [jobs[1]])
        }
    }

    @Test func `what was kept for its life goes when its story has become old`() async throws {
        try await Testbed.with { bed in
            try await bed.makeOldWeek()
            let jobs = try await bed.oldJobs(3)
            for job in jobs { try await bed.asOwner(OldPlace.scheduled.row(of: job)) }
            _ = try await bed.dropExpired()
            try await bed.asOwner("DELETE FROM queue.scheduled")
            try await bed.end([jobs[0]], daysAgo: 95)
            try await bed.end([jobs[1]], daysAgo: 80)
            try await bed.pruneDefaults()
            let bodies = try await bed.ids("SELECT id AS job_id FROM queue.jobs")
            let stories = try await bed.ids("SELECT job_id FROM queue.attempts")
            #expect((bodies, stories) == ([jobs[1]], [jobs[1]]))
        }
    }

    @Test func `a partition with too many live jobs is emptied row by row instead`() async throws {
        try await Testbed.with { bed in
            try await bed.makeOldWeek()
            let jobs = try await bed.oldJobs(1_101)
            try await bed.asOwner(
                """
                INSERT INTO queue.scheduled (run_at, job_id, priority, queue)
                SELECT now(), id, 1, 'default' FROM queue.jobs WHERE id > \(jobs[99].rawValue)
                """)
            let outcomes = try await bed.dropExpired()
            #expect(Set(outcomes) == [.crowded, .waiting])
            let bodies = try await bed.count("queue.jobs")
            #expect(bodies == 1_101)
            try await bed.prune(try await bed.old("jobs"))
            let left = try await bed.count("queue.jobs")
            #expect(left == 1_001)
        }
    }

    @Test func `while jobs of that time are run, and others come, nothing is lost`() async throws {
        try await Testbed.with(connections: 6) { bed in
            try await bed.makeOldWeek()
            let jobs = try await bed.oldJobs(600)
            for job in jobs { try await bed.asOwner(OldPlace.ready.row(of: job)) }
            let done = try await withThrowingTaskGroup(of: Int.self) { group in
                for client in 0..<4 {
                    group.addTask { try await bed.workAround(Dice(state: UInt64(client)), steps: 60) }
                }
                group.addTask {
                    var outcomes: [PartitionOutcome] = []
                    while outcomes.last != .dropped {
                        outcomes.append(
                            try await bed.outcome(Queue.dropPartition(bed.old("jobs"), after: Self.retention)))
                        if outcomes.count > 10_000 { throw Stuck() }
                    }
                    return 0
                }
                return try await group.reduce(0, +)
            }
            #expect(done > 100)
            for rule in Queue.rules {
                let examples = try await bed.pool.query(rule.counterexamples).map {
                    try $0.value("example", as: String.self)
                }
                #expect(examples.isEmpty, "\(rule.promise): \(examples)")
            }
            let left = try await bed.count("queue.jobs WHERE id <= \(try #require(jobs.last).rawValue)")
            #expect(left == 600)
        }
    }

    struct Stuck: Error {}
}

/// Where a job of long ago may still be named.
enum OldPlace: String, CaseIterable {
    case ready, scheduled, leases, dead, waiting, blocked, held
    case uniqueKey, slot, dependent, dependedOn, endedLately

    func row(of job: JobID) -> SQL {
        let id: SQL = "\(job.rawValue)::bigint"
        return switch self {
        case .ready: "INSERT INTO queue.ready (job_id, priority, queue) SELECT \(id), 1, 'default'"
        case .scheduled:
            "INSERT INTO queue.scheduled (run_at, job_id, priority, queue) SELECT now(), \(id), 1, 'default'"
        case .leases:
            """
            INSERT INTO queue.leases (job_id, worker_id, seq, lease, shard, priority, attempt, crashes, queue)
            SELECT \(id), 1, 1, 1, 0, 1, 1, 0, 'default'
            """
        case .dead:
            """
            INSERT INTO queue.dead (job_id, kind, queue, reason, lease, attempts, crashes, body)
            SELECT \(id), 'noop', 'default', 'attempts', 1, 1, 0, '{}'
            """
        case .waiting:
            """
            INSERT INTO queue.waiting (concurrency_key, priority, job_id, slots, traits, queue)
            SELECT 'k', 1, \(id), 1, 2, 'default'
            """
        case .blocked:
            "INSERT INTO queue.blocked (job_id, priority, traits, queue) SELECT \(id), 1, 0, 'default'"
        case .held:
            """
            INSERT INTO queue.held (job_id, seq, lease, shard, priority, attempt, crashes, traits, queue, scope, name)
            SELECT \(id), 1, 0, 0, 1, 0, 0, 0, 'default', 'kind', 'noop'
            """
        case .uniqueKey: "INSERT INTO queue.unique_keys (kind, key, job_id) SELECT 'noop', \(id)::text, \(id)"
        case .slot:
            "INSERT INTO queue.concurrency_slots (concurrency_key, slot, job_id) SELECT \(id)::text, 1, \(id)"
        case .dependent: "INSERT INTO queue.dependencies (on_job_id, job_id) SELECT 1, \(id)"
        case .dependedOn: "INSERT INTO queue.dependencies (on_job_id, job_id) SELECT \(id), 1"
        case .endedLately:
            """
            INSERT INTO queue.attempts (finished_at, job_id, lease, attempt, queue, outcome)
            SELECT now() - interval '80 days', \(id), 9, 1, 'default', 'succeeded'
            """
        }
    }
}

extension Testbed {
    /// The partition of a week that is long over.
    func old(_ parent: String) async throws -> String {
        try await pool.query(
            """
            SELECT \(parent)::text || to_char(date_trunc('week', now() - interval '120 days', 'UTC') AT TIME ZONE 'UTC',
                                              '_YYYY_MM_DD') AS name
            """
        ).first?.value("name") ?? ""
    }

    /// Makes the partitions of that week; gives its Monday.
    @discardableResult
    func makeOldWeek() async throws -> Date {
        let week = try await pool.query("SELECT date_trunc('week', now() - interval '120 days', 'UTC') AS week").first?
            .value("week", as: Date.self)
        for parent in try await pool.query("SELECT DISTINCT parent::text AS parent FROM queue.partitions") {
            let made = try await outcome(
                Queue.makePartition(of: try parent.value("parent"), week: week ?? .distantPast))
            #expect(made == .made)
        }
        return week ?? .distantPast
    }

    /// Bodies of that week, in no place yet.
    func oldJobs(_ count: Int) async throws -> [JobID] {
        try await ids(
            """
            INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)
            SELECT queue.first_job_id(date_trunc('week', now() - interval '120 days', 'UTC')) + n, 'noop', 'default', 1,
                   3, '{}'
            FROM generate_series(1, \(count)) n
            RETURNING id AS job_id
            """
        ).sorted()
    }

    func end(_ jobs: [JobID], outcome: String = "succeeded", daysAgo: Int) async throws {
        _ = try await pool.query(
            """
            INSERT INTO queue.attempts (finished_at, job_id, lease, attempt, queue, outcome)
            SELECT now() - \(daysAgo) * interval '1 day', job, 1, 1, 'default', \(outcome)::text
            FROM unnest(\(jobs.map(\.rawValue))::bigint[]) job
            """)
    }

    func outcome(_ statement: SQL) async throws -> PartitionOutcome {
        let text: String = try await pool.query(statement).first?.value("outcome") ?? ""
        return try #require(PartitionOutcome(rawValue: text))
    }

    func makeMissing() async throws -> [PartitionOutcome] {
        var outcomes: [PartitionOutcome] = []
        for row in try await pool.query(Queue.missingPartitions(ahead: .seconds(14 * 86_400))) {
            outcomes.append(
                try await outcome(Queue.makePartition(of: try row.value("parent"), week: try row.value("week"))))
        }
        return outcomes
    }

    /// Drops what may be dropped, and gives what became of each.
    func dropExpired() async throws -> [PartitionOutcome] {
        var outcomes: [PartitionOutcome] = []
        for row in try await pool.query(Queue.expiredPartitions(after: RetentionTests.retention))
        where try !row.value("is_default", as: Bool.self) {
            outcomes.append(
                try await outcome(Queue.dropPartition(try row.value("name"), after: RetentionTests.retention)))
        }
        return outcomes
    }

    func inDefault(_ parent: String) async throws -> Int {
        try await count("queue.\(parent) WHERE tableoid = 'queue.\(parent)_default'::regclass")
    }

    func prune(_ name: String) async throws {
        var job: JobID?
        repeat {
            job = try await pool.query(
                Queue.prunePartition(name, after: RetentionTests.retention, from: job, portion: 7_000)
            ).first?.optional("job_id", as: Int64.self).map(JobID.init(rawValue:))
        } while job != nil
    }

    func pruneDefaults() async throws {
        for row in try await pool.query(Queue.expiredPartitions(after: RetentionTests.retention))
        where try row.value("is_default", as: Bool.self) {
            try await prune(try row.value("name"))
        }
    }

    /// Keeps a transaction open that has run a statement, for the length of `body`.
    func holding(_ statement: SQL, _ body: () async throws -> Void) async throws {
        let (held, isHeld) = AsyncStream<Void>.makeStream()
        let end = DispatchSemaphore(value: 0)
        let holder = Task {
            defer { isHeld.finish() }
            try await pool.transaction { session in
                try session.execute(statement)
                isHeld.finish()
                end.wait()
            }
        }
        for await _ in held {}
        do { try await body() } catch {
            end.signal()
            throw error
        }
        end.signal()
        try await holder.value
    }

    /// Claims, finishes, gives back and adds jobs; gives how many it finished.
    func workAround(_ dice: Dice, steps: Int) async throws -> Int {
        var dice = dice
        let worker = try await worker()
        var done = 0
        for _ in 0..<steps {
            let leases = try await claim(Int.random(in: 1...3, using: &dice), by: worker).map(\.lease)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: _ = try await ids(Queue.release(leases, reason: "test"))
            case 1: _ = try await enqueue(2)
            default: break
            }
            done += try await ids(Queue.complete(leases, notes: leases.map { _ in nil })).count
        }
        return done
    }
}
