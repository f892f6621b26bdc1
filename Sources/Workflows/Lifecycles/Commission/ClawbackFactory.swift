import Database
import Foundation
import StateMachines

extension CommissionFactories {
    /// Rows that take back what was earned on money that was returned; once per credit note or refund.
    static let clawback = Factory<CommissionFacts> { source in
        let order = order(of: source)
        return [
            // The commissions of the order one after the other, so that two credits cannot take the same part twice.
            "SELECT id FROM commissions WHERE order_id IN (\(order)) ORDER BY id FOR NO KEY UPDATE",
            """
            SELECT c.id, c.order_id, c.share_bp, c.amount_cents, c.base_value_cents, c.rate_bp,
                \(CommissionRows.earnerColumns),
                coalesce((SELECT sum(b.amount_cents) FROM commissions b WHERE b.reversal_of = c.id), 0)::bigint
                    AS taken_cents,
                coalesce((SELECT sum(b.base_value_cents) FROM commissions b WHERE b.reversal_of = c.id), 0)::bigint
                    AS taken_base_cents
            FROM commissions c JOIN sales_reps r ON r.id = c.sales_rep_id
            WHERE c.order_id IN (\(order)) AND c.type = 'order' AND c.reversed_at IS NULL
            ORDER BY c.id
            """,
            // Ids rise with time, also where clocks are held.
            """
            SELECT n.id, 'credit_note' AS kind, n.amount_cents, n.amount_cents - n.applied_cents AS unapplied_cents
            FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id
            WHERE i.order_id IN (\(order))
            UNION ALL
            SELECT f.id, 'refund', f.amount_cents, 0 FROM refunds f
            WHERE f.order_id IN (\(order)) AND f.state <> 'failed'
            ORDER BY id
            """,
            """
            SELECT reference_id FROM commissions WHERE order_id IN (\(order)) AND type = 'clawback'
            """,
        ]
    } make: { results, source in
        let kind = source.machine == "invoice" ? "credit_note" : "refund"
        let returns = try results[2].rows.map(MoneyReturned.init)
        guard let newest = returns.last(where: { $0.kind == kind })?.id,
            try !results[3].rows.contains(where: { try $0.value("reference_id") == newest })
        else { return [] }
        let credit = MoneyReturned.countedCents(of: returns, kind: kind, lastCents: amount(of: source))
        let earned = try results[1].rows.map { row in
            Clawback.Earned(
                baseCents: try row.value("base_value_cents"), amountCents: try row.value("amount_cents"),
                takenBaseCents: try row.value("taken_base_cents"), takenCents: try row.value("taken_cents"))
        }
        let reference = Reference(type: kind, id: newest)
        return try zip(results[1].rows, Clawback.rows(for: credit, of: earned)).compactMap { row, taken in
            guard taken != Clawback.Row(baseCents: 0, amountCents: 0) else { return nil }
            var facts = CommissionFacts(
                earner: try CommissionFacts.Earner(row), .clawback, on: reference, amountCents: taken.amountCents,
                rateBP: try row.value("rate_bp"), baseCents: taken.baseCents)
            facts.order = try row.value("order_id")
            facts.shareBP = try row.value("share_bp")
            facts.reversalOf = try row.value("id")
            return NewRecord(id: facts.id, facts: facts)
        }
    }

    /// The order that the money was paid for: of its payment state the same row, of an invoice its order.
    private static func order(of source: ReactionSource) -> SQL {
        source.machine == "invoice"
            ? "SELECT order_id FROM invoices WHERE id = \(source.record)" : "SELECT \(source.record)::uuid"
    }

    private static func amount(of source: ReactionSource) -> Int64 {
        if case .integer(let cents) = source.inputs["amount"] { cents } else { 0 }
    }
}

/// A credit note or a part of a refund.
struct MoneyReturned {
    var id: UUID
    var kind: String
    var returned: Clawback.Return

    init(id: UUID, kind: String, returned: Clawback.Return) {
        (self.id, self.kind, self.returned) = (id, kind, returned)
    }

    init(_ row: Row) throws {
        let kind = try row.value("kind", as: String.self)
        let amount = try row.value("amount_cents", as: Int64.self)
        let returned: Clawback.Return =
            kind == "refund"
            ? .refund(amountCents: amount)
            : .creditNote(amountCents: amount, unappliedCents: try row.value("unapplied_cents"))
        self.init(id: try row.value("id"), kind: kind, returned: returned)
    }

    private var amountCents: Int64 {
        switch returned {
        case .creditNote(let amount, _), .refund(let amount): amount
        }
    }

    /// What the last move counts for: one refund may have several parts, out of several payments.
    static func countedCents(of returns: [MoneyReturned], kind: String, lastCents: Int64) -> Int64 {
        let counted = Clawback.countedCents(of: returns.map(\.returned))
        var rest = lastCents
        var credit: Int64 = 0
        for (one, cents) in zip(returns, counted).reversed() where one.kind == kind && rest > 0 {
            credit += cents
            rest -= one.amountCents
        }
        return credit
    }
}
