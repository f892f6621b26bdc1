public import Database
public import Foundation

/// Figures that are kept for speed, worked out anew from the rows that they stand for.
///
/// Source: D-02, D-03: nothing derived is stored as truth.
public enum Figures {
    /// Works out a partner's figures: what was delivered, net of what was refunded.
    ///
    /// - Parameter partner: The partner; nil: every partner.
    /// - Returns: The statement; it answers one row for each partner whose figures were wrong.
    public static func refresh(partner: UUID?) -> SQL {
        """
        UPDATE partners p
        SET lifetime_value_cents = f.value, total_orders = f.orders, avg_order_value_cents = f.average,
            last_order_at = f.last
        FROM (
            SELECT p.id, coalesce(sum(o.total_cents - o.refunded_cents), 0)::bigint AS value, count(o.id)::integer AS orders,
                -- Halves up, in integers.
                coalesce((2 * sum(o.total_cents - o.refunded_cents) + count(o.id)) / nullif(2 * count(o.id), 0), 0)::bigint
                    AS average,
                max(e.as_of) AS last
            FROM partners p
            LEFT JOIN orders o ON o.partner_id = p.id AND o.status = 'delivered' AND NOT o.is_sample
            LEFT JOIN workflow_events e ON e.machine = 'order' AND e.record_id = o.id AND e.seq = 1
            WHERE \(partner)::uuid IS NULL OR p.id = \(partner)
            GROUP BY p.id
        ) f
        WHERE p.id = f.id AND (p.lifetime_value_cents, p.total_orders, p.avg_order_value_cents, p.last_order_at)
            IS DISTINCT FROM (f.value, f.orders, f.average, f.last)
        RETURNING p.id
        """
    }

    /// Works out a rep's figures: the annual value and the count of the deals that are won.
    ///
    /// - Parameter rep: The rep; nil: every rep.
    /// - Returns: The statement; it answers one row for each rep whose figures were wrong.
    public static func refresh(rep: UUID?) -> SQL {
        """
        UPDATE sales_reps r
        SET total_sales_cents = f.value, total_deals = f.deals
        FROM (
            SELECT r.id, coalesce(sum(d.value_cents), 0)::bigint AS value, count(d.id)::integer AS deals
            FROM sales_reps r LEFT JOIN deals d ON d.sales_rep_id = r.id AND d.stage = 'closed_won'
            WHERE \(rep)::uuid IS NULL OR r.id = \(rep)
            GROUP BY r.id
        ) f
        WHERE r.id = f.id AND (r.total_sales_cents, r.total_deals) IS DISTINCT FROM (f.value, f.deals)
        RETURNING r.id
        """
    }

    /// The partner and the rep whose figures a record is counted in; nil where it is counted in none.
    ///
    /// - Throws: `DatabaseError`.
    public static func counted(_ job: RecordJob, in session: Session) throws -> (partner: UUID?, rep: UUID?) {
        guard let subject = Subject.query(job.machine, job.record) else { return (nil, nil) }
        let row = try session.first(
            """
            SELECT s.partner_id, s.sales_rep_id
            FROM (\(subject)) AS s (partner_id, sales_rep_id, lead_id, opened_by, assignee_id, words)
            """)
        return (try row?.optional("partner_id"), try row?.optional("sales_rep_id"))
    }
}
