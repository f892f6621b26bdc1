public import Database
public import Foundation

/// A token with which a program acts in somebody's name (SEC-01); the token itself is shown once and not kept.
public struct ServiceToken: Sendable {
    /// Its id.
    public var id: UUID
    /// What its owner calls it.
    public var name: String
    /// How it begins, to tell one from another.
    public var prefix: String
    /// What it is good for: `read`, `write`.
    public var scopes: [String]
    /// Since when, UTC.
    public var createdAt: Date
    /// Until when, UTC.
    public var expiresAt: Date
    /// When it was last used, UTC, to the minute.
    public var lastUsedAt: Date?

    /// What a token may be good for.
    public static let allScopes = ["read", "write"]
    /// The longest that one may last, days.
    public static let mostDays = 366

    /// Describes a token that is about to be made.
    ///
    /// - Parameters:
    ///   - name: What its owner calls it.
    ///   - scopes: What it is good for.
    ///   - days: How long.
    ///   - token: The token.
    ///   - now: The present, UTC.
    public init(name: String, scopes: [String], days: Int, token: String, now: Date) {
        (id, self.name, self.scopes, createdAt) = (UUID.v7(), name, scopes, now)
        prefix = String(token.prefix(SecretToken.servicePrefix.count + 14))
        expiresAt = now.addingTimeInterval(Double(days) * 86_400)
    }

    /// A new token, shown once; how it begins says of what kind its owner is, so that nobody has to be asked first.
    public static func make(for kind: Visitor.Kind) -> String { beginning(of: kind) + SecretToken.make() }

    /// The kind of owner that a token names; nil for one that was made before they did.
    static func owner(of token: some StringProtocol) -> Visitor.Kind? {
        Visitor.Kind.allCases.first { token.hasPrefix(beginning(of: $0)) }
    }

    private static func beginning(of kind: Visitor.Kind) -> String { "\(SecretToken.servicePrefix)\(kind.portal)_" }

    /// Keeps it, in somebody's name.
    public func keep(_ token: String, of kind: Visitor.Kind, _ user: UUID) -> SQL {
        """
        INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at)
        VALUES (\(id), \(name), \(prefix), \(Credential.digest(of: token)), \(kind.rawValue), \(user), \(scopes),
            \(createdAt), \(expiresAt))
        """
    }

    /// The tokens of the transaction's visitor that are good, newest first.
    public static func mine(now: Date) -> SQL {
        """
        SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at FROM service_tokens
        WHERE user_kind = visitor.kind() AND user_id = visitor.id() AND revoked_at IS NULL AND expires_at > \(now)
        ORDER BY created_at DESC, id
        """
    }

    /// Reads a row of ``mine(now:)``.
    ///
    /// - Throws: `DatabaseError`.
    public init(_ row: Row) throws {
        (id, name, prefix) = (try row.value("id"), try row.value("name"), try row.value("prefix"))
        (scopes, createdAt) = (try row.value("scopes"), try row.value("created_at"))
        (expiresAt, lastUsedAt) = (try row.value("expires_at"), try row.optional("last_used_at"))
    }

    /// Ends one of somebody's; gives a row when there was one.
    public static func revoke(_ id: UUID, of kind: Visitor.Kind, _ user: UUID, now: Date) -> SQL {
        """
        UPDATE service_tokens SET revoked_at = \(now)
        WHERE id = \(id) AND user_kind = \(kind.rawValue) AND user_id = \(user) AND revoked_at IS NULL
        RETURNING id
        """
    }
}
