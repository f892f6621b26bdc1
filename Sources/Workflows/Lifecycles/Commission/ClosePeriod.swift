public import Database
public import Foundation
import StateMachines

/// Closes a month: makes the bonus of each quota that was reached.
///
/// Safe to be run again, and by two at once: a bonus is made once. Source: R-16, J-18.
public struct ClosePeriod: Sendable {
    private let engine: Engine
    private let pool: Pool

    /// Makes it.
    public init(engine: Engine, pool: Pool) {
        (self.engine, self.pool) = (engine, pool)
    }

    /// Closes the periods that ended with a month: the month itself, and its quarter.
    ///
    /// - Parameters:
    ///   - month: The month.
    ///   - now: The present, UTC.
    /// - Returns: The commissions that were made, by this run or an earlier one of the same.
    /// - Throws: `DatabaseError`, `EngineError`, `DecisionFault`; what was made before stays.
    public func run(_ month: EarningPeriod, now: Date) async throws -> [UUID] {
        var made: [UUID] = []
        for quota in try await pool.query(QuotaPeriod.open(endedOn: month.end)).map(QuotaPeriod.init)
        where quota.bonusBaseCents > 0 {
            let record = UUID(derivedFrom: "quota_bonus", quota.id.uuidString)
            let command = Command(
                id: UUID(derivedFrom: "quota_bonus command", quota.id.uuidString), machine: CommissionLifecycle.machine,
                record: record, move: "create",
                inputs: ["type": "quota_bonus", "quota_period": .string(quota.id.uuidString)], actor: .system)
            // Refused only when a return came in between, so that the quota is not reached any more.
            if case .done = try await engine.perform(command, now: now) { made.append(record) }
        }
        return made
    }
}
