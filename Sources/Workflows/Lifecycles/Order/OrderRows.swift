import Database
import Foundation
import StateMachines

/// The statements that read orders; `records` is a query that gives their ids.
enum OrderRows {
    /// Takes the lock of the aggregates: everything about one order goes one after the other.
    static func lock(_ records: SQL) -> SQL {
        "SELECT id FROM orders WHERE id IN (\(records)) ORDER BY id FOR NO KEY UPDATE"
    }

    /// Takes the partners' locks, so that two orders cannot use the same credit; only of orders that wait.
    static func lockPartners(of records: SQL) -> SQL {
        """
        SELECT id FROM partners
        WHERE id IN (SELECT partner_id FROM orders WHERE status = 'pending' AND id IN (\(records)))
        ORDER BY id FOR NO KEY UPDATE
        """
    }

    /// Takes the products' locks in the order of their ids, so that nobody waits in a circle; only of orders that wait.
    static func lockProducts(of records: SQL, and asked: [UUID]) -> SQL {
        """
        SELECT id FROM products
        WHERE id = ANY(\(asked)) OR id IN (
            SELECT i.product_id FROM order_items i JOIN orders o ON o.id = i.order_id
            WHERE o.status = 'pending' AND o.id IN (\(records)))
        ORDER BY id FOR NO KEY UPDATE
        """
    }

    static func orders(_ records: SQL, locking: Bool) -> SQL {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF o" : ""
        return """
            SELECT o.id, o.order_number, o.type, o.customer_id, o.placed_by_kind, o.placed_by, o.idempotency_key,
                o.sales_rep_id, o.is_sample, o.allow_backorder, o.shipping_address_id,
                o.ship_to_state::text AS ship_to_state, o.po_number, o.special_instructions, o.payment_terms,
                o.placed_on, o.subtotal_cents, o.discount_cents, o.tax_cents, o.shipping_cents, o.held_since,
                o.estimated_delivery, o.actual_delivery, o.cancelled_at, o.cancelled_reason, o.released_at,
                o.actual_production_date, o.refunded_cents, o.payment_status, o.status, o.status_seq, o.status_since,
                \(partnerColumns), \(budgetColumns), \(settingColumns)
            FROM orders o
            LEFT JOIN partners p ON p.id = o.partner_id
            LEFT JOIN partner_users u ON u.id = o.placed_by AND o.placed_by_kind = 'partner_user'
            WHERE o.id IN (\(records))
            ORDER BY o.id
            \(lock)
            """
    }

    /// Of a partner `p`.
    static let partnerColumns: SQL = """
        p.id AS partner_id, p.business_name, p.status AS partner_status, p.time_zone, p.discount_bp AS partner_discount_bp,
        p.backorder_allowed
        """
    /// Of a partner's user `u`.
    static let budgetColumns: SQL = """
        u.first_name || ' ' || u.last_name AS buyer, u.spend_limit_cents, u.spend_period
        """
    static let settingColumns: SQL = """
        setting('price.min_margin_bp')::bigint AS min_margin_bp,
        setting('shipping.free_above_cents')::bigint AS free_shipping_above_cents,
        setting('orders.large_above_cents')::bigint AS large_above_cents,
        setting('credit.overdue_hold_days')::bigint AS overdue_hold_days,
        setting('stock.hold_hours')::bigint AS stock_hold_hours
        """

    static func lines(of records: SQL) -> SQL {
        """
        SELECT i.order_id, i.id, i.product_id, i.sku, i.description, i.quantity, i.msrp_cents, i.unit_price_cents,
            coalesce((SELECT sum(r.quantity) FROM stock_reservations r
                      WHERE r.order_item_id = i.id AND r.released_at IS NULL), 0)::bigint AS reserved
        FROM order_items i WHERE i.order_id IN (\(records)) ORDER BY i.order_id, i.line_no
        """
    }

    static func holds(of records: SQL) -> SQL {
        """
        SELECT order_id, id, reason, detail::text AS detail, placed_at, released_at, released_by_kind, released_by,
            release_reason
        FROM order_holds WHERE order_id IN (\(records)) ORDER BY order_id, placed_at, id
        """
    }

    static func invoices(of records: SQL) -> SQL {
        "SELECT order_id, invoice_number, status, amount_due_cents FROM invoices WHERE order_id IN (\(records))"
    }

    static func parcels(of records: SQL) -> SQL {
        "SELECT order_id, status, resolution, collected_at FROM shipments WHERE order_id IN (\(records))"
    }

    /// The products of the orders' lines and those that are asked for.
    static func products(of records: SQL, and asked: [UUID]) -> SQL {
        """
        SELECT \(productColumns) FROM products
        WHERE id = ANY(\(asked)) OR id IN (SELECT product_id FROM order_items WHERE order_id IN (\(records)))
        """
    }

    static let productColumns: SQL = """
        id, sku, name, is_active, msrp_cents, cost_per_unit_cents, tax_class, case_pack_size, min_order_qty,
        lead_time_days, stock, allocated, backorder_limit
        """

    /// What other orders, which came before, have set aside: they get the shelf first.
    ///
    /// Asked of confirmed orders alone.
    static func reservedBefore(_ records: SQL) -> SQL {
        """
        SELECT mine.order_id, mine.product_id, sum(r.quantity)::bigint AS quantity
        FROM orders o
        JOIN order_items mine ON mine.order_id = o.id
        JOIN stock_reservations own ON own.order_item_id = mine.id AND own.released_at IS NULL
        JOIN order_items i ON i.product_id = mine.product_id AND i.order_id <> mine.order_id
        JOIN stock_reservations r ON r.order_item_id = i.id AND r.released_at IS NULL AND r.created_at < own.created_at
        WHERE o.status = 'confirmed' AND o.id IN (\(records))
        GROUP BY mine.order_id, mine.product_id
        """
    }

    /// The credit that is left without an order that waits; of younger orders those that wait for credit do not count,
    /// so that the oldest takes the room.
    static func credit(of records: SQL) -> SQL {
        let others: SQL = """
            AND x.id <> o.id AND (x.created_at < o.created_at OR NOT EXISTS (
                SELECT FROM order_holds h
                WHERE h.order_id = x.id AND h.reason = 'credit_limit' AND h.released_at IS NULL))
            """
        return """
            SELECT o.id AS order_id, \(CreditStanding.columns(others))
            FROM orders o JOIN partners p ON p.id = o.partner_id
            WHERE o.status = 'pending' AND o.payment_terms <> 'prepaid' AND o.id IN (\(records))
            """
    }

    /// What the buyers of orders that wait have ordered besides, by day.
    static func spent(besides records: SQL) -> SQL {
        """
        SELECT o.id AS order_id, x.placed_on, sum(x.total_cents)::bigint AS cents
        FROM orders o
        JOIN partner_users u ON u.id = o.placed_by AND u.spend_limit_cents IS NOT NULL
        JOIN orders x ON x.placed_by = o.placed_by AND x.id <> o.id AND x.status <> 'cancelled'
        WHERE o.status = 'pending' AND o.placed_by_kind = 'partner_user' AND o.id IN (\(records))
        GROUP BY o.id, x.placed_on
        """
    }

    /// What the price of lines depends on: list prices, tax rates, certificates, shipping rates.
    ///
    /// - Parameters:
    ///   - asked: The products.
    ///   - partner: A query that gives the partner's id.
    ///   - state: A query that gives the state that the goods go to.
    /// - Returns: The four statements.
    static func prices(of asked: [UUID], partner: SQL, state: SQL) -> [SQL] {
        [
            """
            SELECT i.product_id, i.unit_price_cents, i.min_quantity, l.priority, l.starts_on, l.ends_on,
                i.approved_by IS NOT NULL AS is_approved
            FROM price_list_items i JOIN price_lists l ON l.id = i.price_list_id
            WHERE i.product_id = ANY(\(asked)) AND (l.partner_id IS NULL OR l.partner_id IN (\(partner)))
              AND (l.tier IS NULL OR l.tier IN (SELECT p.tier FROM partners p WHERE p.id IN (\(partner))))
            ORDER BY l.priority, l.id
            """,
            """
            SELECT jurisdiction, tax_class, rate_bp, taxes_shipping, starts_on, ends_on FROM tax_rates
            WHERE state IN (\(state))
            """,
            """
            SELECT state::text AS state, valid_from, valid_until, checked_at IS NOT NULL AS is_checked
            FROM resale_certificates WHERE partner_id IN (\(partner))
            """,
            """
            SELECT r.from_cases, r.to_cases, r.amount_cents
            FROM shipping_rates r JOIN shipping_zones z ON z.zone = r.zone
            WHERE z.state IN (\(state)) ORDER BY r.from_cases
            """,
        ]
    }
}
