import Database
import Foundation
import StateMachines

/// How commissions are made by what happens to an order, a partner, a deal or money.
///
/// Source.
enum CommissionFactories {
    typealias Reference = CommissionFacts.Reference

    /// One row for each rep with a share, at the rep's rate of this moment; once per order.
    static let forOrder = Factory<CommissionFacts> { source in
        [
            """
            SELECT o.subtotal_cents - o.discount_cents AS net_cents, o.is_sample, o.type = 'D2C' AS is_consumers,
                o.payment_status IS NOT DISTINCT FROM 'paid' AS is_paid
            FROM orders o WHERE o.id = \(source.record)
            """,
            """
            SELECT \(CommissionRows.earnerColumns), r.commission_rate_bp, s.share_bp
            FROM (
                SELECT sales_rep_id, share_bp FROM order_commission_shares WHERE order_id = \(source.record)
                UNION ALL
                SELECT sales_rep_id, 10000 FROM orders
                WHERE id = \(source.record) AND sales_rep_id IS NOT NULL
                  AND NOT EXISTS (SELECT FROM order_commission_shares WHERE order_id = \(source.record))
            ) s JOIN sales_reps r ON r.id = s.sales_rep_id
            ORDER BY s.share_bp DESC, r.id
            """,
            "SELECT id FROM commissions WHERE type = 'order' AND order_id = \(source.record)",
        ]
    } make: { results, source in
        guard let order = results[0].rows.first, results[2].rows.isEmpty,
            let base = Accrual.base(
                ofOrderNet: try order.value("net_cents"), isSample: try order.value("is_sample"),
                isConsumers: try order.value("is_consumers"))
        else { return [] }
        let isPaid = try order.value("is_paid", as: Bool.self)
        let shares = try results[1].rows.map { try $0.value("share_bp", as: Int64.self) }
        return try zip(results[1].rows, Accrual.parts(of: base, by: shares)).map { row, part in
            let rate = try row.value("commission_rate_bp", as: Int.self)
            var facts = CommissionFacts(
                earner: try CommissionFacts.Earner(row), .order, on: Reference(type: "order", id: source.record),
                amountCents: BasisPoints(Int64(rate)).of(part), rateBP: rate, baseCents: part, isSettled: isPaid)
            facts.order = source.record
            facts.shareBP = try row.value("share_bp")
            return NewRecord(id: facts.id, facts: facts)
        }
    }

    /// A part of the won deal's value; once per partner, none for a partner that came without a deal.
    static let newPartner = Factory<CommissionFacts> { source in
        [
            """
            SELECT \(CommissionRows.earnerColumns), d.value_cents, setting('commission.new_partner_bp')::integer AS rate_bp
            FROM leads l
            JOIN deals d ON d.lead_id = l.id AND d.kind = 'new_business' AND d.stage = 'closed_won'
            JOIN sales_reps r ON r.id = d.sales_rep_id
            WHERE l.converted_to_partner_id = \(source.record)
            ORDER BY d.id
            LIMIT 1
            """,
            "SELECT id FROM commissions WHERE type = 'new_partner' AND reference_id = \(source.record)",
        ]
    } make: { results, source in
        guard let row = results[0].rows.first, results[1].rows.isEmpty else { return [] }
        return [try annual(row, .newPartner, on: Reference(type: "partner", id: source.record), isSettled: false)]
    }

    /// A part of an upsell's increase or of a renewal; once for each time that it is won.
    static let forDeal = Factory<CommissionFacts> { source in
        [
            """
            SELECT \(CommissionRows.earnerColumns), d.kind, d.value_cents,
                setting('commission.' || d.kind || '_bp')::integer AS rate_bp
            FROM deals d JOIN sales_reps r ON r.id = d.sales_rep_id
            WHERE d.id = \(source.record) AND d.kind IN ('upsell', 'renewal')
            """,
            """
            SELECT id FROM commissions
            WHERE reference_type = 'deal' AND reference_id = \(source.record) AND reversed_at IS NULL
            """,
        ]
    } make: { results, source in
        guard let row = results[0].rows.first, results[1].rows.isEmpty,
            let kind = Accrual.Kind(rawValue: try row.value("kind"))
        else { return [] }
        return [try annual(row, kind, on: Reference(type: "deal", id: source.record), isSettled: true)]
    }

    private static func annual(
        _ row: Row, _ kind: Accrual.Kind, on reference: Reference, isSettled: Bool
    ) throws -> NewRecord<CommissionFacts> {
        let value = try row.value("value_cents", as: Int64.self)
        let rate = try row.value("rate_bp", as: Int.self)
        let facts = CommissionFacts(
            earner: try CommissionFacts.Earner(row), kind, on: reference,
            amountCents: BasisPoints(Int64(rate)).of(value), rateBP: rate, baseCents: value, isSettled: isSettled)
        return NewRecord(id: facts.id, facts: facts)
    }
}
