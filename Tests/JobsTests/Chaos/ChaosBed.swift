import Database
import Foundation
import Jobs
import Synchronization
import TestSupport

/// A queue on which clients do random things, and what they share.
final class ChaosBed: Sendable {
    private struct State {
        var weakenings = 0
        var milliseconds = 0
        var moments = 0
        var counts: [String: Int] = [:]
        var faults: [String] = []
        /// The jobs in the order in which they were made, for stories that come out the same.
        var ordinals: [JobID: Int] = [:]
        /// For each rate limit, how many jobs it let go at which moment.
        var gone: [String: [(moment: Int, jobs: Int)]] = [:]
    }

    let pool: Pool
    let weakness: Weakness?
    private let state = Mutex(State())

    init(url: String, clients: Int, weakness: Weakness?) {
        // Nothing here survives the test, so nothing has to be on disk before it is answered.
        let separator = url.contains("?") ? "&" : "?"
        pool = Pool(
            DatabaseConfiguration(
                url: url + separator + "options=-c%20synchronous_commit%3Doff", maximumConnections: clients + 1,
                role: "drizzl_app"))
        self.weakness = weakness
    }

    /// The callers' clock, which goes on a little whenever it is read.
    var now: Date {
        state.withLock { state in
            state.milliseconds += 1
            return Date(timeIntervalSince1970: 1_900_000_000 + Double(state.milliseconds) / 1_000)
        }
    }

    /// A moment so many milliseconds from now, and no two the same: which of two equal ones comes first is not promised.
    func moment(in milliseconds: Int) -> Date {
        state.withLock { state in
            state.milliseconds += 1
            state.moments += 1
            let microseconds = (state.milliseconds + milliseconds) * 1_000 + 1 + state.moments % 999
            return Date(timeIntervalSince1970: 1_900_000_000 + Double(microseconds) / 1_000_000)
        }
    }

    /// Lets the callers' clock go on.
    func advance(by duration: Duration) {
        state.withLock { $0.milliseconds += Int(duration / .milliseconds(1)) }
    }

    /// How often each thing was done.
    var counts: [String: Int] { state.withLock(\.counts) }
    /// What did not hold.
    var faults: [String] { state.withLock(\.faults) }
    /// How many statements went out without their rule.
    var weakenings: Int { state.withLock(\.weakenings) }

    func count(_ name: String, _ number: Int = 1) {
        state.withLock { $0.counts[name, default: 0] += number }
    }

    func fault(_ text: String) {
        state.withLock { $0.faults.append(text) }
    }

    /// The statement as it is sent: without the rule that is being left out.
    func weakened(_ sql: SQL) -> SQL {
        guard let weakness, let weakened = weakness.weaken(sql) else { return sql }
        state.withLock { $0.weakenings += 1 }
        return weakened
    }

    /// Runs a statement by itself.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - byIndex: Whether as a worker runs it; otherwise as a duty does.
    /// - Returns: Its rows.
    /// - Throws: `DatabaseError`.
    func rows(_ sql: SQL, byIndex: Bool = false) async throws -> [Row] {
        let sql = weakened(sql)
        guard byIndex else { return try await pool.query(sql) }
        return try await pool.run { session in
            try session.pipeline([Queue.plansByIndex, sql]).last?.rows ?? []
        }
    }

    func ids(_ sql: SQL) async throws -> [JobID] {
        try await rows(sql, byIndex: true).map { JobID(rawValue: try $0.value("job_id")) }
    }

    /// Gives new jobs their numbers.
    func note(_ placed: [JobPlacement]) {
        state.withLock { state in
            for job in placed where state.ordinals[job.jobID] == nil {
                state.ordinals[job.jobID] = state.ordinals.count + 1
            }
        }
    }

    /// Jobs by the order in which they were made.
    func names(_ jobs: some Sequence<JobID>) -> String {
        state.withLock { state in
            jobs.map { state.ordinals[$0] ?? 0 }.sorted().map { "#\($0)" }.joined(separator: " ")
        }
    }

    /// The scheduled jobs that have a rate limit, and its key.
    func limited() async throws -> [JobID: String] {
        let rows = try await pool.query(
            """
            SELECT s.job_id, j.rate_key
            FROM queue.scheduled s
            JOIN queue.jobs j ON j.id = s.job_id
            WHERE j.rate_key IS NOT NULL
            """)
        let pairs = try rows.map { row in
            (JobID(rawValue: try row.value("job_id")), try row.value("rate_key", as: String.self))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// Notes what a promotion has let go.
    func note(_ after: [JobID: String], since before: [JobID: String], at now: Date) {
        let moment = Int(((now.timeIntervalSince1970 - 1_900_000_000) * 1_000).rounded())
        let gone = Dictionary(grouping: before.filter { after[$0.key] == nil }.values) { $0 }
        state.withLock { state in
            for (key, jobs) in gone { state.gone[key, default: []].append((moment, jobs.count)) }
        }
    }

    /// Looks whether more went than the rate limits allow in any stretch of time.
    private func lookAtRates() {
        for limit in ChaosLimits.rates {
            let gone = state.withLock { $0.gone[limit.key] ?? [] }
            let interval = limit.interval / .milliseconds(1)
            for first in gone.indices {
                var jobs = 0
                for last in gone[first...] {
                    jobs += last.jobs
                    let allowed = Double(limit.burst) + Double(last.moment - gone[first].moment) / interval
                    guard Double(jobs) > allowed + 0.001 else { continue }
                    fault("\(jobs) jobs of \(limit.key) went in \(last.moment - gone[first].moment) ms")
                    return
                }
            }
        }
    }

    /// Looks at every rule; a rule that is broken is a fault.
    func look(atRest: Bool = false) async throws {
        lookAtRates()
        for rule in Queue.rules + ChaosRules.all + (atRest ? Queue.rulesAtRest + ChaosRules.atRest : []) {
            for row in try await pool.query("\(rule.counterexamples) LIMIT 3") {
                fault("not so: \(rule.promise): \(try row.value("example", as: String.self))")
            }
        }
    }

    /// What is still to be done, but for what waits for dead letters.
    static let unfinished: SQL = """
        SELECT 'job ' || job_id || ' is ' || place AS example
        FROM (SELECT job_id, 'ready' AS place FROM queue.ready
              UNION ALL SELECT job_id, 'scheduled' FROM queue.scheduled
              UNION ALL SELECT job_id, 'waiting' FROM queue.waiting
              UNION ALL SELECT job_id, 'held' FROM queue.held
              UNION ALL SELECT job_id, 'leased' FROM queue.leases
              UNION ALL
              SELECT job_id, 'blocked' FROM queue.blocked b
              WHERE NOT EXISTS (SELECT FROM queue.dependencies d
                                WHERE d.job_id = b.job_id
                                  AND (EXISTS (SELECT FROM queue.dead x WHERE x.job_id = d.on_job_id)
                                       OR EXISTS (SELECT FROM queue.blocked x WHERE x.job_id = d.on_job_id)))) p
        """

    /// What the clients need beside the queue.
    static let schema = """
        CREATE SCHEMA chaos;
        CREATE TABLE chaos.reaped (id bigint PRIMARY KEY);
        CREATE TABLE chaos.effects (job_id bigint NOT NULL, lease integer NOT NULL);
        CREATE TABLE chaos.edges (on_job_id bigint NOT NULL, job_id bigint NOT NULL);
        GRANT USAGE ON SCHEMA chaos TO drizzl_app;
        GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA chaos TO drizzl_app;
        """

    static func with<Value>(
        clients: Int, weakness: Weakness?, _ body: (ChaosBed) async throws -> Value
    ) async throws -> Value {
        try await ScratchDatabase.with(migrations: Testbed.migrations) { url in
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            try await owner.run { session in try session.executeScript(unsafeUnescaped: schema) }
            await owner.close()
            let bed = ChaosBed(url: url, clients: clients, weakness: weakness)
            do {
                let value = try await body(bed)
                await bed.pool.close()
                return value
            } catch {
                await bed.pool.close()
                throw error
            }
        }
    }
}
