public import Accounts
import Database
import Foundation
import HTTPTypes
import StateMachines
public import Workflows

/// Runs the payout of a month for an admin, who has seen before what it comes to.
public struct PayoutDesk: Sendable {
    private let dependencies: WebDependencies

    /// Makes it.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    private var today: CalendarDay { CalendarDay(dependencies.now(), in: dependencies.zone) }

    /// The last month that is over, which is usually the one to be paid.
    public var usual: EarningPeriod {
        EarningPeriod(monthOf: EarningPeriod(monthOf: today).start.adding(days: -1))
    }

    /// The month that a text names; the usual one for none.
    ///
    /// - Throws: ``Problem`` 422 for what is no month, or one that is not over: what is earned in it could not be paid
    ///   with the rest.
    public func month(_ text: String?) throws(Problem) -> EarningPeriod {
        guard let text, !text.isEmpty else { return usual }
        guard let month = EarningPeriod(text) else { throw Self.invalid("Write a month, such as \(usual.text).") }
        guard month.end < today else { throw Self.invalid("This month is not over yet.") }
        return month
    }

    /// What a run would pay at present, to each rep.
    ///
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func expected(
        in month: EarningPeriod, _ visit: Visit
    ) async throws -> (visitor: Visitor, lines: [PayoutRun.Expectation]) {
        let (visitor, results) = try await visit.read([PayoutRun.expected(in: month)])
        return (visitor, try results[0].rows.map { try PayoutRun.Expectation($0) })
    }

    /// Pays what is approved; who asks for it again, or is cut short, pays nothing twice.
    ///
    /// - Returns: The payouts of the month.
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`; what the engine throws.
    public func run(_ month: EarningPeriod, _ visit: Visit) async throws -> [PayoutRun.Result] {
        let (visitor, lines) = try await expected(in: month, visit)
        let entry = AuditEntry(
            actor: visitor.actor, action: "payout.run", subjectType: "payout", subjectID: nil,
            after: [
                "month": .string(month.text), "reps": .count(lines.count),
                "amount_cents": .integer(lines.reduce(0) { $0 + $1.sum.amountCents }),
            ], at: dependencies.now(), address: visit.context.address, session: visitor.sessionID)
        // First: whatever becomes of the run, somebody asked for it.
        _ = try await dependencies.pool.query(entry.insert)
        return try await PayoutRun(engine: dependencies.engine, pool: dependencies.pool)
            .run(month, now: dependencies.now())
    }

    private static func invalid(_ sentence: String) -> Problem {
        Problem(
            .unprocessableContent, faults: [.init(code: "input_invalid", message: sentence, field: "month")])
    }
}
