import Database
import Foundation
import StateMachines
import Workflows

extension Stage {
    /// What a scenario calls by another name than the table.
    private static let aliases = [
        "failures": "consecutive_failures", "token": "access_token_enc", "earner": "sales_rep_id",
        "rep": "sales_rep_id",
        "payout": "payout_id", "base_cents": "base_value_cents", "base": "base_value_cents",
        "value_cents": "estimated_value_cents",
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
        "partner.credit_cents": { id in "SELECT credits_cents FROM (\(CreditStanding.query(partner: id))) c" },
        "partner.exposure_cents": { id in
            """
            SELECT open_invoices_cents + uninvoiced_cents - credits_cents FROM (\(CreditStanding.query(partner: id))) c
            """
        },
        "partner.available_credit_cents": { id in
            """
            SELECT credit_limit_cents - open_invoices_cents - uninvoiced_cents + credits_cents
            FROM (\(CreditStanding.query(partner: id))) c
            """
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
}
