public import Database
public import Foundation
import StateMachines

/// Pays what is approved: each row by its move, then the payout of each rep is closed with its sum.
///
/// Safe to be run again after it was cut short, and by two at once: a row is paid once, and a payout that is closed
/// takes nothing more. Source: R-18, J-18.
public struct PayoutRun: Sendable {
    /// What became of a rep's payout.
    public struct Result: Sendable, Hashable {
        /// The rep.
        public var rep: UUID
        /// What is paid, cents.
        public var amountCents: Int64
        /// What is taken from the next one, zero or negative, cents.
        public var carriedForwardCents: Int64
    }

    private let engine: Engine
    private let pool: Pool

    /// Makes it.
    public init(engine: Engine, pool: Pool) {
        (self.engine, self.pool) = (engine, pool)
    }

    /// Whether there is something to pay, or a payout that was cut short.
    ///
    /// - Parameters:
    ///   - month: The month that the payout names.
    ///   - payday: What was approved by then is paid; what is approved later waits for the next payout.
    /// - Returns: Whether ``run(_:approvedBefore:now:)`` has anything to do.
    /// - Throws: `DatabaseError`.
    public func isDue(_ month: EarningPeriod, approvedBefore payday: Date) async throws -> Bool {
        try await pool.query(
            """
            SELECT EXISTS (\(Self.drafts(until: month))) OR EXISTS (\(Self.payable(in: month, approvedBefore: payday)))
                AS is_due
            """
        ).first?.value("is_due") ?? false
    }

    /// What would be paid to a rep.
    public struct Expectation: Sendable, Hashable {
        /// The rep.
        public var rep: UUID
        /// What they are called.
        public var name: String
        /// How many rows it takes.
        public var rows: Int
        /// What they come to, cents.
        public var rowsCents: Int64
        /// What the payout before left, zero or negative, cents.
        public var carriedInCents: Int64
        /// What would be paid and carried forward.
        public var sum: PayoutSum { PayoutSum(rows: [rowsCents], carriedInCents: carriedInCents) }
    }

    /// What ``run(_:approvedBefore:now:)`` would pay at present.
    ///
    /// - Parameter month: The month that the payout names.
    /// - Returns: The statement; its rows are read with ``Expectation/init(_:)``, by the rep's name.
    public static func expected(in month: EarningPeriod) -> SQL {
        """
        SELECT r.id, r.first_name || ' ' || r.last_name AS name, count(*) AS rows, sum(c.amount_cents)::bigint AS cents,
            coalesce((
                SELECT p.carried_forward_cents FROM payouts p
                WHERE p.sales_rep_id = r.id AND p.period < \(month.start) AND p.status = 'paid'
                ORDER BY p.period DESC LIMIT 1), 0) AS carried_in
        FROM commissions c JOIN sales_reps r ON r.id = c.sales_rep_id
        WHERE c.id IN (SELECT x.id FROM (\(payable(in: month, approvedBefore: nil))) x)
           OR c.payout_id IN (SELECT id FROM payouts WHERE period = \(month.start) AND status = 'draft')
        GROUP BY r.id ORDER BY name, r.id
        """
    }

    /// Runs the payout of a month, and completes those before it that were cut short.
    ///
    /// - Parameters:
    ///   - month: The month that the payout names.
    ///   - payday: What is approved later waits for the next payout; nil: everything that is approved is paid.
    ///   - now: The present, UTC.
    /// - Returns: The payouts of the month, by rep, those of an earlier run of the same included.
    /// - Throws: `DatabaseError`, `EngineError`, `DecisionFault`; rows that were paid before stay paid.
    public func run(_ month: EarningPeriod, approvedBefore payday: Date? = nil, now: Date) async throws -> [Result] {
        let waiting = try await pool.query(
            "\(Self.payable(in: month, approvedBefore: payday)) ORDER BY c.sales_rep_id, c.id")
        for row in waiting {
            let commission = try row.value("id", as: UUID.self)
            let seq = try row.value("status_seq", as: Int.self)
            let command = Command(
                id: UUID(derivedFrom: "payout_run", month.text, commission.uuidString, "\(seq)"),
                machine: CommissionLifecycle.machine, record: commission, move: "pay",
                inputs: ["payout": .string(month.text)], actor: Actor(kind: .service, role: "payout_run"))
            // A row that was sent back meanwhile is refused, noted, and not paid.
            _ = try await engine.perform(command, now: now)
        }
        // The older first: what one carries forward, the next takes in.
        for row in try await pool.query("\(Self.drafts(until: month)) ORDER BY period, id") {
            try await close(try row.value("id"), now: now)
        }
        let closed = try await pool.query(
            """
            SELECT sales_rep_id, amount_cents, carried_forward_cents FROM payouts
            WHERE period = \(month.start) AND status = 'paid' ORDER BY sales_rep_id
            """)
        return try closed.map { row in
            Result(
                rep: try row.value("sales_rep_id"), amountCents: try row.value("amount_cents"),
                carriedForwardCents: try row.value("carried_forward_cents"))
        }
    }

    /// The rows that a payout takes.
    ///
    /// A payout that is closed is left alone: what was approved since waits for the next month. What takes a commission
    /// back waits until that is paid too, or a reversal of it could not take back what was never given.
    private static func payable(in month: EarningPeriod, approvedBefore payday: Date?) -> SQL {
        """
        SELECT c.id, c.status_seq FROM commissions c
        WHERE c.status = 'approved' AND (\(payday)::timestamptz IS NULL OR c.status_since < \(payday))
          AND NOT EXISTS (
            SELECT FROM payouts p
            WHERE p.sales_rep_id = c.sales_rep_id AND p.period = \(month.start) AND p.status = 'paid')
          AND NOT EXISTS (
            SELECT FROM commissions e
            WHERE e.id = c.reversal_of
              AND (e.status = 'pending' OR (e.status = 'approved' AND e.status_since >= \(payday))))
        """
    }

    /// The payouts that were begun and not closed.
    private static func drafts(until month: EarningPeriod) -> SQL {
        "SELECT id FROM payouts WHERE period <= \(month.start) AND status = 'draft'"
    }

    /// Adds up a payout and closes it, under its lock: what is paid at the same time comes before or not at all.
    private func close(_ payout: UUID, now: Date) async throws {
        try await pool.transaction { session in
            let results = try session.pipeline([
                "SET LOCAL ROLE drizzl_engine",
                "SELECT id FROM payouts WHERE id = \(payout) AND status = 'draft' FOR NO KEY UPDATE",
                "SELECT amount_cents FROM commissions WHERE payout_id = \(payout)",
                """
                SELECT before.carried_forward_cents
                FROM payouts before JOIN payouts this ON this.sales_rep_id = before.sales_rep_id
                WHERE this.id = \(payout) AND before.period < this.period
                ORDER BY before.period DESC LIMIT 1
                """,
            ])
            // Another run closed it.
            guard !results[1].rows.isEmpty else { return }
            let carriedIn = try results[3].rows.first?.value("carried_forward_cents", as: Int64.self) ?? 0
            let sum = PayoutSum(
                rows: try results[2].rows.map { try $0.value("amount_cents") }, carriedInCents: carriedIn)
            _ = try session.query(
                """
                UPDATE payouts
                SET amount_cents = \(sum.amountCents), carried_in_cents = \(carriedIn),
                    carried_forward_cents = \(sum.carriedForwardCents), status = 'paid', paid_at = \(now)
                WHERE id = \(payout)
                """)
        }
    }
}

extension PayoutRun.Expectation {
    /// Reads a row.
    ///
    /// - Throws: `DatabaseError`.
    public init(_ row: Row) throws {
        self.init(
            rep: try row.value("id"), name: try row.value("name"), rows: Int(try row.value("rows", as: Int64.self)),
            rowsCents: try row.value("cents"), carriedInCents: try row.value("carried_in"))
    }
}
