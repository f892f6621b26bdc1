internal import Database
internal import Foundation
internal import Synchronization

/// Does what the plan says, and counts what was done.
final class Saboteur: Sendable {
    private let done = Mutex<[Disaster: Int]>([:])
    private let crew: Crew
    private let pool: Pool
    private let crash: (@Sendable (Duration) async throws -> Void)?

    /// Takes a pool of its own, whose connections are spared.
    init(crew: Crew, pool: Pool, crash: (@Sendable (Duration) async throws -> Void)?) {
        (self.crew, self.pool, self.crash) = (crew, pool, crash)
    }

    /// What was done, and how often.
    var counts: [Disaster: Int] { done.withLock { $0 } }

    /// The name of the connections that are never cut.
    static let spared = "drizzl chaos saboteur"

    /// Does everything in its time; what takes its time does not hold up what comes next.
    func run(_ plan: ChaosPlan) async throws {
        let begun = ContinuousClock.now
        try await withThrowingTaskGroup { group in
            for planned in plan.disasters {
                try await Task.sleep(until: begun + planned.moment, clock: .continuous)
                group.addTask { try await self.perform(planned) }
            }
            try await group.waitForAll()
        }
    }

    private func perform(_ planned: PlannedDisaster) async throws {
        let wasDone: Bool
        switch planned.disaster {
        case .kill: wasDone = await crew.kill(planned.victim)
        case .shutdown: wasDone = await crew.shutDown(planned.victim)
        case .stop: wasDone = await crew.stop(planned.victim, for: .milliseconds(planned.measure))
        case .cut: wasDone = await cut(planned.measure)
        case .crash:
            try await crash?(.milliseconds(planned.measure))
            wasDone = crash != nil
        }
        if wasDone { done.withLock { $0[planned.disaster, default: 0] += 1 } }
    }

    /// Cuts some of the connections to this database; whether there were any.
    private func cut(_ share: Int) async -> Bool {
        let rows = try? await pool.query(
            """
            SELECT pg_terminate_backend(pid)
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
              AND application_name LIKE 'drizzl chaos%' AND application_name <> \(Self.spared)
              AND pid % 100 < \(share)
            """)
        return rows?.isEmpty == false
    }
}
