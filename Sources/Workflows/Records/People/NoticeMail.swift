public import Database
public import Foundation
import StateMachines

/// A notice as it is mailed to one person.
public struct NoticeMail: Sendable {
    /// The machine of the record it is about.
    public var machine: String
    /// The record it is about.
    public var record: UUID
    /// What the person is called.
    public var name: String
    /// The address.
    public var email: String
    /// One line.
    public var title: String
    /// A sentence.
    public var message: String
    /// The page it leads to, below the company's address.
    public var path: String

    /// Reads the mail of a delivery that has not gone out.
    ///
    /// - Parameters:
    ///   - delivery: The delivery's row.
    ///   - session: A session or transaction.
    /// - Returns: nil when it has gone out, when the notice was read meanwhile in the portal, or when the person's account was
    ///   switched off.
    /// - Throws: `DatabaseError`.
    public static func read(_ delivery: UUID, in session: Session) throws -> NoticeMail? {
        let row = try session.first(
            """
            SELECT n.related_type, n.related_id, p.name, p.email::text AS email, n.title, n.message, n.action_url
            FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
            JOIN LATERAL (
                SELECT a.first_name AS name, a.email FROM admins a
                WHERE n.recipient_kind = 'admin' AND a.id = n.recipient_id AND a.is_active
                UNION ALL
                SELECT r.first_name, r.email FROM sales_reps r
                WHERE n.recipient_kind = 'sales_rep' AND r.id = n.recipient_id AND r.is_active
                UNION ALL
                SELECT u.first_name, u.email FROM partner_users u
                WHERE n.recipient_kind = 'partner_user' AND u.id = n.recipient_id AND u.is_active
            ) p ON true
            WHERE d.id = \(delivery) AND d.state = 'queued' AND (NOT n.is_read OR n.is_critical)
            """)
        return try row.map { row in
            NoticeMail(
                machine: try row.value("related_type"), record: try row.value("related_id"),
                name: try row.value("name"), email: try row.value("email"), title: try row.value("title"),
                message: try row.value("message"), path: try row.value("action_url"))
        }
    }

    /// Notes that the mail has left: the server took it, or it is kept to be read here.
    public static func note(sent delivery: UUID, at moment: Date) -> SQL {
        """
        UPDATE notification_deliveries SET state = 'sent', sent_at = \(moment)
        WHERE id = \(delivery) AND state = 'queued'
        """
    }

    /// Notes that no mail goes out, and why; the notice itself stays.
    public static func note(suppressed delivery: UUID, because reason: String) -> SQL {
        """
        UPDATE notification_deliveries SET state = 'suppressed', reason = \(reason)
        WHERE id = \(delivery) AND state = 'queued'
        """
    }
}
