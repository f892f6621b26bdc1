public import Database
public import Foundation

extension CreditStanding {
    /// How much of a partner's limit is used at this moment: what a page, a guard and a scenario show alike.
    ///
    /// - Parameter partner: The partner.
    /// - Returns: A query of one row with the parts of R-06.
    public static func query(partner: UUID) -> SQL {
        "SELECT \(columns()) FROM partners p WHERE p.id = \(partner)"
    }

    /// Reads a row of ``query(partner:)``.
    ///
    /// - Throws: `DatabaseError` when it cannot be decoded.
    public init(_ row: Row) throws {
        self.init(
            limitCents: try row.value("credit_limit_cents"), openInvoicesCents: try row.value("open_invoices_cents"),
            uninvoicedCents: try row.value("uninvoiced_cents"), creditsCents: try row.value("credits_cents"))
    }

    /// R-06 of a partner `p`; `others` narrows its orders `x`.
    static func columns(_ others: SQL = "") -> SQL {
        """
        p.credit_limit_cents,
        (SELECT coalesce(sum(i.amount_due_cents), 0)::bigint FROM invoices i
         WHERE i.partner_id = p.id AND i.status IN ('pending', 'overdue')) AS open_invoices_cents,
        (SELECT coalesce(sum(x.total_cents), 0)::bigint FROM orders x
         WHERE x.partner_id = p.id AND x.status <> 'cancelled' AND x.payment_terms <> 'prepaid'
           AND NOT EXISTS (SELECT FROM invoices i WHERE i.order_id = x.id) \(others)) AS uninvoiced_cents,
        ((SELECT coalesce(sum(greatest(0, c.paid_too_much + c.credited - c.paid_out)), 0)::bigint
          FROM (SELECT
                    (SELECT coalesce(sum(y.unapplied_cents), 0) FROM payments y
                     WHERE y.invoice_id = i.id AND y.state = 'succeeded') AS paid_too_much,
                    (SELECT coalesce(sum(n.amount_cents - n.applied_cents), 0) FROM credit_notes n
                     WHERE n.invoice_id = i.id) AS credited,
                    (SELECT coalesce(sum(r.amount_cents), 0) FROM refunds r
                     WHERE r.order_id = i.order_id AND r.state <> 'failed') AS paid_out
                FROM invoices i WHERE i.partner_id = p.id) AS c)
         + (SELECT coalesce(sum(y.unapplied_cents), 0)::bigint FROM payments y
            WHERE y.partner_id = p.id AND y.invoice_id IS NULL AND y.state = 'succeeded')) AS credits_cents,
        (SELECT i.invoice_number FROM invoices i
         WHERE i.partner_id = p.id AND i.status IN ('pending', 'overdue') AND i.amount_due_cents > 0
         ORDER BY i.due_date, i.id LIMIT 1) AS oldest_invoice,
        (SELECT min(i.due_date) FROM invoices i
         WHERE i.partner_id = p.id AND i.status IN ('pending', 'overdue') AND i.amount_due_cents > 0) AS oldest_due_date
        """
    }
}
