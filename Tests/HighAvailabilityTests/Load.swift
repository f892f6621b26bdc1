import Database
import Foundation
import Jobs
import Synchronization
import TestSupport

/// Programs that enqueue without pause, and what the database told them.
final class Load: Sendable {
    private struct State {
        var acknowledged: [Int64] = []
        var unknown = 0
        var refused = 0
    }

    private let state = Mutex(State())
    private let pool: Pool
    private let batch: Int

    init(pool: Pool, batch: Int) {
        (self.pool, self.batch) = (pool, batch)
    }

    /// Jobs of which the database said that they are kept.
    var acknowledged: [Int64] { state.withLock(\.acknowledged) }
    /// How often it could not be told what became of an enqueue.
    var unknown: Int { state.withLock(\.unknown) }
    /// How often an enqueue failed for certain.
    var refused: Int { state.withLock(\.refused) }

    /// Enqueues until cancelled.
    func run(clients: Int = 3, pause: Duration = .milliseconds(5)) async {
        await withTaskGroup { group in
            for _ in 0..<clients {
                group.addTask { [self] in
                    while !Task.isCancelled {
                        await enqueue()
                        try? await Task.sleep(for: pause)
                    }
                }
            }
        }
    }

    private func enqueue() async {
        let requests = (0..<batch).map { _ in
            // A record that is not there: the handler looks it up and ends its job in the same transaction.
            let payload = #"{"machine": "order", "record": "\#(UUID())", "event": "\#(UUID())", "with": {}}"#
            return JobRequest(kind: "refresh_partner_figures", payload: JSON(text: payload))
        }
        do {
            // In a task of its own, as being told to stop is no reason to cancel what is under way.
            let ids = try await Task { [pool] in
                try await pool.transaction { session in
                    // wall-clock: due at once, whatever the time.
                    try session.query(Queue.enqueue(requests, now: Date())).map { row in
                        try row.value("job_id", as: Int64.self)
                    }
                }
            }.value
            state.withLock { $0.acknowledged += ids }
        } catch let error as DatabaseError where error.isOutcomeUnknown {
            state.withLock { $0.unknown += 1 }
        } catch {
            state.withLock { $0.refused += 1 }
        }
    }

    /// Runs `body` under load.
    func during<Value>(_ body: () async throws -> Value) async throws -> Value {
        let run = Task { await self.run() }
        do {
            let value = try await body()
            run.cancel()
            await run.value
            return value
        } catch {
            run.cancel()
            await run.value
            throw error
        }
    }
}

/// What must hold of a queue, whatever happened to its servers.
enum Invariants {
    /// What does not hold, of all jobs and of those that the database acknowledged, which are done by now.
    static func faults(_ url: String, acknowledged: [Int64]) async throws -> [String] {
        let places = """
            SELECT job_id FROM queue.ready UNION ALL SELECT job_id FROM queue.scheduled
            UNION ALL SELECT job_id FROM queue.leases UNION ALL SELECT job_id FROM queue.dead
            UNION ALL SELECT job_id FROM queue.waiting UNION ALL SELECT job_id FROM queue.blocked
            UNION ALL SELECT job_id FROM queue.held
            UNION ALL SELECT job_id FROM queue.attempts WHERE outcome IN ('succeeded', 'cancelled')
            """
        let rules = [
            ("a job in no place", "SELECT id FROM queue.jobs WHERE id NOT IN (\(places))"),
            ("a job in two places", "SELECT job_id FROM (\(places)) p GROUP BY job_id HAVING count(*) > 1"),
            (
                "a place without a job",
                "SELECT job_id FROM (\(places)) p WHERE job_id NOT IN (SELECT id FROM queue.jobs)"
            ),
            ("two ends of one lease", "SELECT job_id FROM queue.attempts GROUP BY job_id, lease HAVING count(*) > 1"),
        ]
        var faults: [String] = []
        for (name, query) in rules {
            let jobs = try await ScratchDatabase.rows(url, query)
            if !jobs.isEmpty { faults.append("\(name): \(jobs.count)") }
        }
        let done = Set(
            try await ScratchDatabase.rows(url, "SELECT job_id FROM queue.attempts WHERE outcome = 'succeeded'"))
        let lost = acknowledged.filter { !done.contains(Int($0)) }
        if !lost.isEmpty { faults.append("jobs that were acknowledged are not done: \(lost.count)") }
        if Set(acknowledged).count != acknowledged.count { faults.append("an id was given twice") }
        return faults
    }
}
