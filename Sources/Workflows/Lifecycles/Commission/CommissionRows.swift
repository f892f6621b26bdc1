import Database
import Foundation
import StateMachines

/// The statements that read and write commissions.
enum CommissionRows {
    /// Reads commissions with what they wait for; their own locks when they are about to be changed.
    static func commissions(_ ids: SQL, locking: Bool) -> SQL {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF c" : ""
        return """
            SELECT c.id, c.type, c.reference_type, c.reference_id, c.order_id, c.reversal_of, c.share_bp,
                c.amount_cents, c.rate_bp, c.base_value_cents, c.reason, c.approvable_at, c.approved_by, c.approved_at,
                c.reversed_at, c.reversal_reason, c.payout_id, c.paid_at, c.period_start, c.period_end, c.status, c.status_seq,
                c.status_since, \(earnerColumns),
                CASE c.type
                    WHEN 'order' THEN (SELECT o.payment_status = 'paid' FROM orders o WHERE o.id = c.order_id)
                    WHEN 'new_partner' THEN EXISTS (
                        SELECT FROM orders o WHERE o.partner_id = c.reference_id AND o.payment_status = 'paid')
                    ELSE true
                END AS is_settled,
                CASE c.type
                    WHEN 'order' THEN coalesce((SELECT 'Invoice ' || i.invoice_number FROM invoices i
                            WHERE i.order_id = c.order_id ORDER BY i.id DESC LIMIT 1),
                        (SELECT 'Order ' || o.order_number FROM orders o WHERE o.id = c.order_id))
                    WHEN 'new_partner' THEN 'The first order'
                END AS waits_for
            FROM commissions c JOIN sales_reps r ON r.id = c.sales_rep_id
            WHERE c.id IN (\(ids))
            ORDER BY c.id
            \(lock)
            """
    }

    /// Who earns, of a row of `sales_reps r`: the same e-mail address counts as the same person.
    static let earnerColumns: SQL = """
        r.id AS sales_rep_id, r.time_zone AS rep_zone,
        ARRAY(SELECT a.id FROM admins a WHERE a.email = r.email) AS same_person
        """

    /// The payouts that a move names for the reps of commissions, locked, so that none is closed meanwhile.
    static func payouts(_ ids: SQL, of period: EarningPeriod?, locking: Bool) -> SQL {
        let lock: SQL = locking ? "FOR NO KEY UPDATE" : ""
        return """
            SELECT id, sales_rep_id, period, status FROM payouts
            WHERE period = \(period?.start) AND sales_rep_id IN (SELECT sales_rep_id FROM commissions WHERE id IN (\(ids)))
            ORDER BY id
            \(lock)
            """
    }

    static func insert(_ facts: CommissionFacts, _ standing: RecordStanding) -> SQL {
        """
        INSERT INTO commissions (id, sales_rep_id, type, reference_type, reference_id, order_id, reversal_of, share_bp,
            amount_cents, rate_bp, base_value_cents, reason, approvable_at, approved_at, period_start, period_end,
            status, status_seq, status_since)
        VALUES (\(facts.id), \(facts.earner.rep), \(facts.kind.rawValue), \(facts.reference?.type),
            \(facts.reference?.id), \(facts.order), \(facts.reversalOf), \(Int64(facts.shareBP)), \(facts.amountCents),
            \(Int64(facts.rateBP)), \(facts.baseCents), \(facts.reason), \(facts.approvableAt), \(facts.approvedAt),
            \(facts.period?.start), \(facts.period?.end), \(standing.state), \(standing.seq), \(standing.since))
        """
    }

    /// Makes the payout that a row goes into, if there is none yet; paid on the set day of the next month.
    static func make(_ payout: CommissionFacts.Payout, of rep: UUID) -> SQL {
        """
        INSERT INTO payouts (id, sales_rep_id, period, pay_on)
        VALUES (\(payout.id), \(rep), \(payout.period),
            (\(payout.period)::date + interval '1 month')::date + setting('commission.payout_day')::integer - 1)
        ON CONFLICT (sales_rep_id, period) DO NOTHING
        """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: CommissionFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        // An approval that was withdrawn is nobody's.
        let isApproved = standing.state != "pending"
        // The payout may have been made by another transaction meanwhile; one that was closed takes nothing more.
        let payout: SQL =
            facts.payoutID == nil
            ? "NULL"
            : """
            (SELECT id FROM payouts WHERE id = \(facts.payoutID)
             UNION ALL
             SELECT id FROM payouts
             WHERE sales_rep_id = \(facts.earner.rep) AND period = \(facts.named?.period) AND status = 'draft'
             LIMIT 1)
            """
        return """
            WITH moved AS (
                UPDATE commissions
                SET amount_cents = \(facts.amountCents), base_value_cents = \(facts.baseCents),
                    approvable_at = \(facts.approvableAt),
                    approved_by = \(isApproved ? facts.approvedBy : nil),
                    approved_at = \(isApproved ? facts.approvedAt : nil), reversed_at = \(facts.reversedAt),
                    reversal_reason = \(facts.reversalReason), payout_id = \(payout), paid_at = \(facts.paidAt), status = \(standing.state),
                    status_seq = \(standing.seq), status_since = \(standing.since)
                WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'commission')
            """
    }

    /// What was taken back of a commission that is reversed has nothing left to take, unless it is paid already.
    ///
    /// Otherwise the rows of the order would sum below zero.
    static func zeroClawbacks(of commission: UUID) -> SQL {
        """
        UPDATE commissions SET amount_cents = 0, base_value_cents = 0
        WHERE reversal_of = \(commission) AND status <> 'paid'
        """
    }
}

extension CommissionFacts {
    /// Reads a row of ``CommissionRows/commissions(_:locking:)``.
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), earner: try Earner(row),
            // The column is checked against the same values.
            kind: Accrual.Kind(rawValue: try row.value("type")) ?? .adjustment, reference: try Reference(row),
            order: try row.optional("order_id"), reversalOf: try row.optional("reversal_of"),
            shareBP: try row.value("share_bp"), amountCents: try row.value("amount_cents"),
            rateBP: try row.value("rate_bp"), baseCents: try row.value("base_value_cents"),
            reason: try row.optional("reason"), isSettled: try row.optional("is_settled") ?? false,
            waitsFor: try row.optional("waits_for"), approvableAt: try row.optional("approvable_at"),
            approvedBy: try row.optional("approved_by"), approvedAt: try row.optional("approved_at"),
            reversedAt: try row.optional("reversed_at"),
            reversalReason: try row.optional("reversal_reason"), payoutID: try row.optional("payout_id"),
            paidAt: try row.optional("paid_at"),
            period: EarningPeriod(start: try row.value("period_start"), end: try row.value("period_end")))
    }

    /// The facts with which a commission begins.
    init(
        earner: Earner, _ kind: Accrual.Kind, on reference: Reference?, amountCents: Int64, rateBP: Int = 0,
        baseCents: Int64 = 0, isSettled: Bool = true
    ) {
        self.init(
            id: UUID.v7(), earner: earner, kind: kind, reference: reference, amountCents: amountCents, rateBP: rateBP,
            baseCents: baseCents, isSettled: isSettled)
    }
}

extension CommissionFacts.Earner {
    /// Reads the columns of ``CommissionRows/earnerColumns``.
    init(_ row: Row) throws {
        let rep = try row.value("sales_rep_id", as: UUID.self)
        let zone = try row.value("rep_zone", as: String.self)
        self.init(
            rep: rep, samePerson: Set(try row.value("same_person", as: [UUID].self) + [rep]),
            zone: TimeZone(identifier: zone) ?? .gmt)
    }
}

extension CommissionFacts.Reference {
    fileprivate init?(_ row: Row) throws {
        guard let type = try row.optional("reference_type", as: String.self),
            let id = try row.optional("reference_id", as: UUID.self)
        else { return nil }
        self.init(type: type, id: id)
    }
}
