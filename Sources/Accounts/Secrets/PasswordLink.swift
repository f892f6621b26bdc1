public import Database
public import Foundation

/// A link with which somebody chooses a password (D-28): the database keeps the token's digest alone.
///
/// Source: SEC-04.
public struct PasswordLink: Sendable {
    /// What it is for.
    public enum Purpose: String, Sendable, Codable {
        /// The password was forgotten.
        case reset
        /// There is none yet.
        case invitation

        /// How long the link can be used, seconds.
        public var lifetime: TimeInterval {
            switch self {
            case .reset: 30 * 60
            case .invitation: 48 * 3_600
            }
        }
    }

    /// Whose password it sets.
    public var kind: Visitor.Kind
    /// Whose password it sets.
    public var user: UUID
    /// What it is for.
    public var purpose: Purpose
    /// Whether it was used, or another one since.
    public var isUsed: Bool
    /// Until when it can be used, UTC.
    public var expiresAt: Date

    /// Keeps a token's digest until it is used or runs out.
    public static func keep(
        _ token: String, for kind: Visitor.Kind, _ user: UUID, purpose: Purpose, now: Date
    ) -> SQL {
        """
        INSERT INTO password_resets (id, user_kind, user_id, token_hash, purpose, expires_at)
        VALUES (\(UUID.v7()), \(kind.rawValue), \(user), \(Credential.digest(of: token)), \(purpose.rawValue),
            \(now.addingTimeInterval(purpose.lifetime)))
        """
    }

    /// Ends the links that are still on their way to somebody.
    public static func end(of kind: Visitor.Kind, _ user: UUID, now: Date) -> SQL {
        """
        UPDATE password_resets SET used_at = \(now)
        WHERE user_kind = \(kind.rawValue) AND user_id = \(user) AND used_at IS NULL
        """
    }

    /// Finds a link by its token, and holds it until the transaction ends, so that it is used once.
    public static func find(_ token: String) -> SQL {
        """
        SELECT user_kind, user_id, purpose, used_at IS NOT NULL AS is_used, expires_at
        FROM password_resets WHERE token_hash = \(Credential.digest(of: token)) FOR UPDATE
        """
    }

    /// Reads a row of ``find(_:)``.
    ///
    /// - Returns: nil for a kind of person or purpose that this program does not know.
    /// - Throws: `DatabaseError`.
    public init?(_ row: Row) throws {
        guard let kind = Visitor.Kind(rawValue: try row.value("user_kind")),
            let purpose = Purpose(rawValue: try row.value("purpose"))
        else { return nil }
        (self.kind, self.purpose, user) = (kind, purpose, try row.value("user_id"))
        (isUsed, expiresAt) = (try row.value("is_used"), try row.value("expires_at"))
    }
}
