public import Database
public import Foundation

/// What of a person decides whether they may sign in.
public struct Account: Sendable {
    /// Which portal's people they belong to.
    public var kind: Visitor.Kind
    /// Their id.
    public var id: UUID
    /// Their address.
    public var email: String
    /// What they are called, first name and last.
    public var name: String
    /// Their password's hash; nil until they have chosen one.
    public var password: PasswordHash?
    /// The sealed secret of their second factor; nil: they have none.
    public var timeCode: [UInt8]?
    /// A sealed secret that is not confirmed yet.
    public var pendingTimeCode: [UInt8]?
    /// The step of the last code that was taken.
    public var lastStep: Int64
    /// Whether they need a second factor.
    public var needsTimeCode: Bool

    /// The column that a second factor's secret is sealed for.
    public static let timeCodeColumn = "totp_secret_enc"

    /// Finds who may sign in under an address: somebody active, of no partner that is closed.
    public static func query(_ kind: Visitor.Kind, email: String) -> SQL {
        query(kind, where: "u.email = \(email)::citext")
    }

    /// Finds somebody by id.
    public static func query(_ kind: Visitor.Kind, id: UUID) -> SQL {
        query(kind, where: "u.id = \(id)")
    }

    private static func query(_ kind: Visitor.Kind, where condition: SQL) -> SQL {
        let partner: SQL = kind == .partnerUser ? "JOIN partners p ON p.id = u.partner_id AND p.status <> 'closed'" : ""
        return """
            SELECT \(kind.rawValue)::text AS kind, u.id, u.email::text AS email,
                u.first_name || ' ' || u.last_name AS name, u.password_hash, u.totp_secret_enc, e.pending_enc,
                coalesce(e.last_step, 0) AS last_step,
                \(kind == .admin) AND (SELECT s.value FROM settings s WHERE s.key = 'security.totp_required')
                    IS DISTINCT FROM 'false'::jsonb AS needs_totp
            FROM \(kind.table) u \(partner)
            LEFT JOIN totp_enrolments e ON e.user_kind = \(kind.rawValue) AND e.user_id = u.id
            WHERE \(condition) AND u.is_active
            """
    }

    /// Reads a row of ``query(_:email:)``.
    ///
    /// - Returns: nil for a kind of person that this program does not know.
    /// - Throws: `DatabaseError`.
    public init?(_ row: Row) throws {
        guard let kind = Visitor.Kind(rawValue: try row.value("kind")) else { return nil }
        self.kind = kind
        (id, email, name) = (try row.value("id"), try row.value("email"), try row.value("name"))
        password = try row.optional("password_hash", as: String.self).map { PasswordHash(text: $0) }
        timeCode = try row.optional("totp_secret_enc")
        pendingTimeCode = try row.optional("pending_enc")
        (lastStep, needsTimeCode) = (try row.value("last_step"), try row.value("needs_totp"))
    }

    /// Keeps a password, and ends every session that the former one opened.
    ///
    /// - Parameters:
    ///   - hash: The new password's hash.
    ///   - session: A session that goes on; nil: none.
    ///   - now: The present, UTC.
    /// - Returns: The statements, for one transaction.
    public func changePassword(to hash: PasswordHash, except session: UUID?, now: Date) -> [SQL] {
        [
            "UPDATE \(kind.table) SET password_hash = \(hash.text) WHERE id = \(id)",
            VisitorSession.revoke(of: kind, id, except: session, now: now),
            // Links to set a password that are still on their way.
            PasswordLink.end(of: kind, id, now: now),
            SignInTry.forget(kind, email: email),
        ]
    }

    /// Keeps the hash of the same password under today's cost.
    public func rehash(to hash: PasswordHash) -> SQL {
        """
        UPDATE \(kind.table) SET password_hash = \(hash.text)
        WHERE id = \(id) AND password_hash = \(password?.text)
        """
    }

    /// Keeps a secret until a code of it confirms it.
    public func enrol(sealed: [UInt8]) -> SQL {
        """
        INSERT INTO totp_enrolments (user_kind, user_id, pending_enc) VALUES (\(kind.rawValue), \(id), \(sealed))
        ON CONFLICT (user_kind, user_id) DO UPDATE SET pending_enc = excluded.pending_enc
        """
    }

    /// Takes a code's step, so that no code is good twice; gives a row when nobody else took it first.
    public func take(step: Int64) -> SQL {
        """
        INSERT INTO totp_enrolments (user_kind, user_id, last_step) VALUES (\(kind.rawValue), \(id), \(step))
        ON CONFLICT (user_kind, user_id) DO UPDATE SET last_step = excluded.last_step
        WHERE totp_enrolments.last_step < excluded.last_step
        RETURNING last_step
        """
    }

    /// Makes the secret that waited the account's own.
    public var confirm: [SQL] {
        [
            "UPDATE \(kind.table) SET totp_secret_enc = \(pendingTimeCode) WHERE id = \(id)",
            """
            UPDATE totp_enrolments SET pending_enc = NULL
            WHERE user_kind = \(kind.rawValue) AND user_id = \(id)
            """,
        ]
    }
}
