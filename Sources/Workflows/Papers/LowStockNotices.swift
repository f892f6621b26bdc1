import Accounts
public import Database
public import Foundation
public import Jobs

/// Tells those who manage stock that a product runs low, once for each crossing of its reorder point (N-05, R-29).
public enum LowStockNotices {
    /// A product whose last crossing nobody was told of.
    public static func untold(limit: Int) -> SQL {
        """
        SELECT p.id, p.low_stock_crossing AS crossing FROM products p
        WHERE NOT p.low_stock_armed AND p.low_stock_crossing > 0 AND NOT EXISTS (
            SELECT FROM notifications n
            WHERE n.type = 'low_inventory' AND n.related_id = p.id
              AND n.dedupe_key = 'low_inventory/product/' || p.id || '/' || p.low_stock_crossing)
        ORDER BY p.id LIMIT \(limit)
        """
    }

    /// Writes the notices of a crossing; asked twice, it writes once.
    ///
    /// - Parameters:
    ///   - product: The product.
    ///   - crossing: The number of the crossing.
    ///   - now: The present, UTC.
    /// - Returns: The statement, which gives `id` for each mail that is to be sent.
    public static func write(product: UUID, crossing: Int, now: Date) -> SQL {
        let holds: SQL = """
            (a.role = 'super_admin' OR (a.role = 'admin' AND \(Permission.isStandard(permission)))
                OR \(permission) = ANY(a.permissions))
            """
        return """
            WITH written AS (
                INSERT INTO notifications (id, recipient_kind, recipient_id, type, title, message, action_url,
                    related_type, related_id, dedupe_key, created_at)
                SELECT gen_random_uuid(), 'admin', a.id, 'low_inventory', 'Low inventory: ' || p.name,
                    p.stock - p.allocated || ' left, reorder point ' || p.reorder_point || ', lead time '
                        || p.lead_time_days || CASE p.lead_time_days WHEN 1 THEN ' day.' ELSE ' days.' END,
                    '/admin/command-center/products/' || p.id, 'product', p.id,
                    'low_inventory/product/' || p.id || '/' || \(crossing)::integer, \(now)
                FROM products p CROSS JOIN admins a
                WHERE p.id = \(product) AND a.is_active
                  AND (\(holds) OR NOT EXISTS (SELECT FROM admins a WHERE a.is_active AND \(holds)))
                ON CONFLICT DO NOTHING
                RETURNING id
            ), delivered AS (
                INSERT INTO notification_deliveries (id, notification_id, channel, state, sent_at)
                SELECT gen_random_uuid(), w.id, c.channel, c.state, c.sent_at
                FROM written w
                CROSS JOIN (VALUES ('in_app', 'sent', \(now)::timestamptz), ('email', 'queued', NULL))
                    AS c (channel, state, sent_at)
                RETURNING id, channel
            )
            SELECT id FROM delivered WHERE channel = 'email'
            """
    }

    /// The job that mails a notice.
    ///
    /// - Parameters:
    ///   - delivery: The delivery's row.
    ///   - product: The product.
    /// - Returns: The request.
    public static func mail(_ delivery: UUID, about product: UUID) -> JobRequest {
        JobRequest(
            kind: "send_notice_email", payload: JSON(text: #"{"delivery": "\#(delivery.uuidString)"}"#),
            uniqueKey: delivery.uuidString, subject: JobSubject(machine: "product", recordID: product))
    }

    private static let permission = "stock.manage"
}
