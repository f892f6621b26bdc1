import Database
import Foundation
import StateMachines

/// A rep's quota of a month or quarter, and what was sold in it.
///
/// Source.
struct QuotaPeriod {
    var id: UUID
    var quotaCents: Int64
    var creditedCents: Int64
    var period: EarningPeriod
    var mode: QuotaBonus.Mode
    var rate: BasisPoints

    /// Credited sales are what commissions of orders were worked out from, less what was returned.
    private static let columns: SQL = """
        q.id, q.amount_cents AS quota_cents, q.period_start, q.period_end, \(CommissionRows.earnerColumns),
        coalesce((SELECT sum(c.base_value_cents) FROM commissions c
            WHERE c.sales_rep_id = q.sales_rep_id AND c.type IN ('order', 'clawback')
              AND c.period_start BETWEEN q.period_start AND q.period_end), 0)::bigint AS credited_cents,
        (SELECT value #>> '{}' FROM settings WHERE key = 'commission.bonus_mode') AS bonus_mode,
        setting('commission.quota_bonus_bp')::integer AS rate_bp
        FROM (
            SELECT *, (period_start + CASE period_kind WHEN 'quarter' THEN interval '3 months' ELSE interval '1 month' END
                - interval '1 day')::date AS period_end
            FROM quota_periods
        ) q JOIN sales_reps r ON r.id = q.sales_rep_id
        """

    /// One quota.
    static func reached(_ quota: UUID?) -> SQL { "SELECT \(columns) WHERE q.id = \(quota)" }

    /// The quotas whose period is over by a day and was not closed.
    static func open(endedBy day: CalendarDay) -> SQL {
        """
        SELECT \(columns)
        WHERE q.closed_at IS NULL AND q.period_start <= \(day) AND q.period_end <= \(day)
        ORDER BY q.id
        """
    }

    /// Notes that nothing more is paid for quotas.
    static func close(_ quotas: [UUID], now: Date) -> SQL {
        "UPDATE quota_periods SET closed_at = \(now) WHERE id = ANY(\(quotas)) AND closed_at IS NULL"
    }

    init(_ row: Row) throws {
        self.id = try row.value("id")
        self.quotaCents = try row.value("quota_cents")
        self.creditedCents = try row.value("credited_cents")
        self.period = EarningPeriod(start: try row.value("period_start"), end: try row.value("period_end"))
        self.mode = try row.optional("bonus_mode").flatMap(QuotaBonus.Mode.init) ?? .firstDollar
        self.rate = BasisPoints(try row.value("rate_bp"))
    }

    /// What the bonus is worked out from; zero when the quota was not reached.
    var bonusBaseCents: Int64 {
        QuotaBonus.base(creditedCents: creditedCents, quotaCents: quotaCents, mode: mode)
    }

    /// The row that pays the bonus.
    ///
    /// - Throws: ``Refusal`` when the quota was not reached.
    func bonus(for earner: CommissionFacts.Earner) throws(Refusal) -> CommissionFacts {
        guard bonusBaseCents > 0 else {
            throw Refusal(status: 409, code: "quota_not_reached", message: "The quota was not reached.")
        }
        var facts = CommissionFacts(
            earner: earner, .quotaBonus, on: CommissionFacts.Reference(type: "quota_period", id: id),
            amountCents: rate.of(bonusBaseCents), rateBP: Int(rate.value), baseCents: bonusBaseCents)
        facts.period = period
        return facts
    }
}
