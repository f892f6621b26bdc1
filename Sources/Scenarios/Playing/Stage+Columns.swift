import Database
import Foundation
import StateMachines

extension Stage {
    /// What a scenario calls by another name than the table.
    private static let aliases = [
        "failures": "consecutive_failures", "token": "access_token_enc", "earner": "sales_rep_id",
        "rep": "sales_rep_id",
        "payout": "payout_id", "value_cents": "estimated_value_cents",
    ]

    /// A column of a record, or what is worked out for it; nil when there is no such thing.
    func value(of column: String, record: Record) async throws -> JSONValue? {
        if let computed = Self.computed["\(record.machine).\(column)"] {
            let rows = try await owner.query("SELECT to_jsonb((\(computed(record.id)))) AS value")
            return try rows.first?.optional("value", as: JSON.self).map(Self.json) ?? .null
        }
        let row = try await row(of: record)
        return Self.columnNames(column).first { row[$0] != nil }.flatMap { row[$0] }
    }

    /// The columns that a name may mean, the likeliest first.
    static func columnNames(_ name: String) -> [String] {
        [name, name + "_cents", name + "_at", name + "_on", name + "_bp", name + "_id"]
            + (aliases[name].map { [$0] } ?? [])
    }

    /// Figures that no column holds, by machine and name: an expression over the record's id.
    private static let computed: [String: @Sendable (UUID) -> SQL] = [
        "order.holds": { id in
            """
            SELECT coalesce(array_agg(reason ORDER BY placed_at, reason), '{}') FROM order_holds
            WHERE order_id = \(id) AND released_at IS NULL
            """
        },
        "order.quantity": { id in "SELECT coalesce(sum(quantity), 0) FROM order_items WHERE order_id = \(id)" },
        "order.allocated": { id in
            """
            SELECT coalesce(sum(r.quantity), 0) FROM stock_reservations r JOIN order_items i ON i.id = r.order_item_id
            WHERE i.order_id = \(id) AND r.released_at IS NULL
            """
        },
        "order.paid_cents": { id in
            """
            SELECT coalesce((SELECT amount_paid_cents FROM invoices WHERE order_id = \(id) AND status <> 'cancelled'), 0)
                + coalesce((SELECT sum(amount_cents) FROM payments WHERE order_id = \(id) AND state = 'succeeded'), 0)
            """
        },
        "shipment.quantity": { id in
            "SELECT coalesce(sum(quantity), 0) FROM shipment_items WHERE shipment_id = \(id)"
        },
        "invoice.late_fees": { id in
            """
            SELECT coalesce(array_agg(amount_cents ORDER BY number), '{}') FROM invoice_late_fees
            WHERE invoice_id = \(id) AND waived_reason IS NULL
            """
        },
        "partner.credit_cents": credit,
        "partner.exposure_cents": exposure,
        "partner.available_credit_cents": { id in
            "(SELECT credit_limit_cents FROM partners WHERE id = \(id)) - (\(exposure(id)))"
        },
        "ticket.messages": { id in
            """
            SELECT count(*) FROM messages m JOIN support_tickets t ON t.conversation_id = m.conversation_id
            WHERE t.id = \(id)
            """
        },
        "commission.payout": { id in
            """
            SELECT to_char(p.period, 'YYYY-MM') FROM payouts p JOIN commissions c ON c.payout_id = p.id
            WHERE c.id = \(id)
            """
        },
    ]

    private static func json(_ json: JSON) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(json.text.utf8))
    }

    /// Money of the partner that lies on no invoice.
    @Sendable private static func credit(_ partner: UUID) -> SQL {
        "SELECT coalesce(sum(unapplied_cents), 0) FROM payments WHERE partner_id = \(partner) AND state = 'succeeded'"
    }

    /// What a partner owes or has ordered on credit.
    ///
    /// Source: R-06. Orders on hold for credit do not count against each other.
    @Sendable private static func exposure(_ partner: UUID) -> SQL {
        """
        SELECT coalesce((SELECT sum(amount_due_cents) FROM invoices
                WHERE partner_id = \(partner) AND status IN ('pending', 'overdue')), 0)
            + coalesce((SELECT sum(total_cents) FROM orders o
                WHERE partner_id = \(partner) AND payment_terms <> 'prepaid' AND status <> 'cancelled'
                  AND NOT EXISTS (SELECT FROM invoices i WHERE i.order_id = o.id)
                  AND NOT EXISTS (SELECT FROM order_holds h
                    WHERE h.order_id = o.id AND h.released_at IS NULL AND h.reason = 'credit_limit')), 0)
            - (\(credit(partner)))
        """
    }
}
