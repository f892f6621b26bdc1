public import Database
public import Foundation
import StateMachines

/// Settles the quotas of the months and quarters that are over: makes the bonus of each that was reached.
///
/// Each is settled once, however late: a quota that is lowered afterwards opens nothing again, and a month in which
/// nobody closed is closed with the next. Safe to be run by two at once. Source, J-18.
public struct ClosePeriod: Sendable {
    private let engine: Engine
    private let pool: Pool

    /// Makes it.
    public init(engine: Engine, pool: Pool) {
        (self.engine, self.pool) = (engine, pool)
    }

    /// Closes the periods that ended with a month or before it and were not closed yet.
    ///
    /// - Parameters:
    ///   - month: The month.
    ///   - now: The present, UTC.
    /// - Returns: The commissions that were made, by this run or an earlier one of the same.
    /// - Throws: `DatabaseError`, `EngineError`, `DecisionFault`; what was made before stays.
    public func run(_ month: EarningPeriod, now: Date) async throws -> [UUID] {
        let open = try await pool.query(QuotaPeriod.open(endedBy: month.end)).map(QuotaPeriod.init)
        var made: [UUID] = []
        for quota in open where quota.bonusBaseCents > 0 {
            let record = UUID(derivedFrom: "quota_bonus", quota.id.uuidString)
            let command = Command(
                id: UUID(derivedFrom: "quota_bonus command", quota.id.uuidString), machine: CommissionLifecycle.machine,
                record: record, move: "create",
                inputs: ["type": "quota_bonus", "quota_period": .string(quota.id.uuidString)], actor: .system)
            // Refused only when a return came in between, so that the quota is not reached any more.
            if case .done = try await engine.perform(command, now: now) { made.append(record) }
        }
        // Last: after a crash the same commands answer as before.
        if !open.isEmpty { _ = try await pool.query(QuotaPeriod.close(open.map(\.id), now: now)) }
        return made
    }
}
