public import Database
public import Foundation

/// A session of somebody who has signed in (D-27).
public struct VisitorSession: Sendable {
    /// How long sessions last.
    enum Life {
        /// Unused: half a day.
        static let idle = "12 hours"
        /// Unused, for a rep on a device that keeps data for work without a network.
        static let idleEnrolled = "14 days"
        /// However much it is used, seconds: 30 days.
        static let absolute: TimeInterval = 30 * 86_400
    }

    /// Its id.
    public var id: UUID
    /// What the device calls itself.
    public var device: String?
    /// The device's id.
    public var deviceID: UUID?
    /// Since when, UTC.
    public var createdAt: Date
    /// When it was last used, UTC, to the minute.
    public var lastSeenAt: Date
    /// When it ends at the latest, UTC.
    public var expiresAt: Date
    /// From where it was opened.
    public var address: String?

    /// The sessions of the transaction's visitor that go on, newest first.
    public static func mine(now: Date) -> SQL {
        """
        SELECT s.id, d.label, s.device_id, s.created_at, s.last_seen_at, s.expires_at, host(s.ip) AS address
        FROM sessions s LEFT JOIN devices d ON d.id = s.device_id
        WHERE s.user_kind = visitor.kind() AND s.user_id = visitor.id() AND s.revoked_at IS NULL
          AND s.expires_at > \(now) AND s.last_seen_at + s.idle > \(now)
        ORDER BY s.created_at DESC, s.id
        """
    }

    /// Reads a row of ``mine(now:)``.
    ///
    /// - Throws: `DatabaseError`.
    public init(_ row: Row) throws {
        (id, device, deviceID) = (try row.value("id"), try row.optional("label"), try row.optional("device_id"))
        (createdAt, lastSeenAt) = (try row.value("created_at"), try row.value("last_seen_at"))
        (expiresAt, address) = (try row.value("expires_at"), try row.optional("address"))
    }

    /// Ends one session of somebody; gives a row when there was one.
    public static func revoke(_ session: UUID, of kind: Visitor.Kind, _ user: UUID, now: Date) -> SQL {
        """
        UPDATE sessions SET revoked_at = \(now)
        WHERE id = \(session) AND user_kind = \(kind.rawValue) AND user_id = \(user) AND revoked_at IS NULL
        RETURNING id
        """
    }

    /// Ends the session that a browser had before it signed in anew.
    public static func revoke(token: String, of kind: Visitor.Kind, now: Date) -> SQL {
        """
        UPDATE sessions SET revoked_at = \(now)
        WHERE token_hash = \(Credential.digest(of: token)) AND user_kind = \(kind.rawValue) AND revoked_at IS NULL
        """
    }

    /// Ends all sessions of somebody; gives a row for each.
    ///
    /// - Parameters:
    ///   - kind: Which portal's people they belong to.
    ///   - user: Who.
    ///   - session: One that goes on; nil: none.
    ///   - now: The present, UTC.
    /// - Returns: The statement.
    public static func revoke(of kind: Visitor.Kind, _ user: UUID, except session: UUID? = nil, now: Date) -> SQL {
        """
        UPDATE sessions SET revoked_at = \(now)
        WHERE user_kind = \(kind.rawValue) AND user_id = \(user) AND revoked_at IS NULL
          AND id IS DISTINCT FROM \(session)::uuid
        RETURNING id
        """
    }
}
