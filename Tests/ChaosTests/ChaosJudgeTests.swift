import Database
import Foundation
import Testing
import TestSupport

@testable import Chaos

/// What the judge finds when it is there: each case is a database in which one promise was broken.
@Suite struct ChaosJudgeTests {
    /// A broken promise, and how it looks in the database.
    struct Planted: Sendable, CustomTestStringConvertible {
        let promise: String
        let statements: String
        var testDescription: String { promise }
    }

    private static let job = "INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload)"
    private static let effect = "INSERT INTO chaos.effects (run_number, job_id, lease, worker_id, children)"

    static let planted = [
        Planted(
            promise: "what a handler does through its job's transaction happens exactly once",
            statements: "\(effect) VALUES (1, 7, 1, 1, '{}'), (2, 7, 2, 2, '{}')"),
        Planted(
            promise: "no write of a zombie was accepted", statements: "\(effect) VALUES (1, 7, 1, 1, '{}')"),
        Planted(
            promise: "every acknowledged request has its job",
            statements: "INSERT INTO chaos.acknowledged VALUES (5)"),
        Planted(
            promise:
                "a job and what was written in the transaction that asked for it are there together, or not at all",
            statements: "\(job) VALUES (7, 'chaos_plain', 'default', 1, 1, '{\"number\": 3}')"),
        Planted(
            promise: "every job is in exactly one place",
            statements: "\(job) VALUES (7, 'chaos_plain', 'default', 1, 1, '{}')"),
        Planted(
            promise: "a job that kills its worker is dead as worker_lost after three of them",
            statements: """
                \(job) VALUES (7, 'chaos_killer', 'default', 1, 1, '{}');
                INSERT INTO queue.ready (job_id, priority, queue, traits) VALUES (7, 1, 'default', 0)
                """),
        Planted(
            promise: "the jobs of a lost process run again within 30 seconds",
            statements: """
                INSERT INTO chaos.lives VALUES (1, 'worker 1');
                INSERT INTO chaos.losses VALUES ('worker 1', '2026-01-01 00:00:00Z');
                INSERT INTO queue.attempts (finished_at, job_id, worker_id, claimed_at, lease, attempt, queue, outcome)
                VALUES ('2026-01-01 00:00:20Z', 7, 1, '2025-12-31 23:59:00Z', 1, 1, 'default', 'lost'),
                       ('2026-01-01 00:00:40Z', 7, 2, '2026-01-01 00:00:31Z', 2, 1, 'default', 'succeeded')
                """),
        Planted(
            promise: "of the jobs with one unique key never two lived at once",
            statements: """
                INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload, unique_key)
                VALUES (7, 'chaos_write', 'default', 1, 1, '{}', 'k'), (8, 'chaos_write', 'default', 1, 1, '{}', 'k')
                """),
        Planted(
            promise: """
                no more jobs of a concurrency key ran at once than it allows, from what they wrote when they began and ended
                """,
            statements: """
                INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, payload, concurrency_key, concurrency_limit)
                VALUES (7, 'chaos_write', 'default', 1, 1, '{}', 'k', 1), (8, 'chaos_write', 'default', 1, 1, '{}', 'k', 1);
                INSERT INTO chaos.runs (job_id, lease, worker_id, label, begun_at)
                VALUES (7, 1, 1, 'a', '2026-01-01 00:00:00Z'), (8, 1, 2, 'b', '2026-01-01 00:00:01Z');
                INSERT INTO chaos.effects (run_number, job_id, lease, worker_id, children, ended_at)
                VALUES (1, 7, 1, 1, '{}', '2026-01-01 00:00:02Z'), (2, 8, 1, 2, '{}', '2026-01-01 00:00:03Z')
                """),
    ]

    @Test(arguments: planted) func `a promise that was broken is found`(_ planted: Planted) async throws {
        let broken = try await judge(planted.statements)
        #expect(broken.contains(planted.promise))
    }

    @Test func `where nothing was done, nothing is found`() async throws {
        let broken = try await judge("SELECT 1")
        #expect(broken.isEmpty)
    }

    /// The promises that are broken once these statements have been run.
    private func judge(_ statements: String) async throws -> [String] {
        let migrations = DrizzlProcess.root.appending(path: "migrations")
        return try await ScratchDatabase.with(migrations: migrations) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            let witness = ChaosWitness(
                acknowledged: [], unanswered: 0, losses: [], faults: [], deadlocks: [], isDrained: true)
            do {
                try await pool.run { session in
                    try session.executeScript(unsafeUnescaped: Ledger.schema)
                    try session.executeScript(unsafeUnescaped: statements)
                }
                let report = try await ChaosJudge(pool: pool)
                    .judge(witness, ChaosSettings(seconds: 10, seed: 1), disasters: [:])
                await pool.close()
                return report.promises.filter { !$0.isKept }.map(\.promise)
            } catch {
                await pool.close()
                throw error
            }
        }
    }
}
