public import Database
public import Foundation

/// A browser or program with which somebody has signed in (D-27).
public struct Device: Sendable {
    /// Its id.
    public var id: UUID
    /// What people recognise it by.
    public var label: String
    /// Since when it is known, UTC.
    public var firstSeenAt: Date
    /// When it last signed in, UTC.
    public var lastSeenAt: Date
    /// Whether it keeps data for work without a network, so that a rep's sessions on it last longer.
    public var isEnrolled: Bool

    /// The devices of the transaction's visitor, the last used first.
    public static let mine: SQL = """
        SELECT id, label, first_seen_at, last_seen_at, enrolled FROM devices
        WHERE user_kind = visitor.kind() AND user_id = visitor.id() AND revoked_at IS NULL
        ORDER BY last_seen_at DESC, id
        """

    /// Reads a row of ``mine``.
    ///
    /// - Throws: `DatabaseError`.
    public init(_ row: Row) throws {
        (id, label, isEnrolled) = (try row.value("id"), try row.value("label"), try row.value("enrolled"))
        (firstSeenAt, lastSeenAt) = (try row.value("first_seen_at"), try row.value("last_seen_at"))
    }

    /// Forgets one of somebody's, and ends its sessions; gives a row when there was one.
    public static func revoke(_ id: UUID, of kind: Visitor.Kind, _ user: UUID, now: Date) -> SQL {
        """
        WITH revoked AS (
            UPDATE devices SET revoked_at = \(now)
            WHERE id = \(id) AND user_kind = \(kind.rawValue) AND user_id = \(user) AND revoked_at IS NULL
            RETURNING id
        ), ended AS (
            UPDATE sessions s SET revoked_at = \(now) FROM revoked r
            WHERE s.device_id = r.id AND s.revoked_at IS NULL
        )
        SELECT id FROM revoked
        """
    }

    /// Enrols a rep's device; gives a row when there was one.
    ///
    /// Sessions that are opened from then on last longer.
    public static func enrol(_ id: UUID, of rep: UUID) -> SQL {
        """
        UPDATE devices SET enrolled = true
        WHERE id = \(id) AND user_kind = 'sales_rep' AND user_id = \(rep) AND revoked_at IS NULL
        RETURNING id
        """
    }
}
