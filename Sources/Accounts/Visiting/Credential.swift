import Crypto
public import Database
public import Foundation

/// What a request shows at the door: a session's token or a service token.
public struct Credential: Sendable, Hashable {
    /// For whom the token is looked up; nil for a service token, which says itself in whose name it acts.
    public var portal: Visitor.Kind?
    /// Of what kind its owner says to be; nil for a service token that does not say.
    ///
    /// Good to ask the right questions at once; who it is, the database tells.
    public var kind: Visitor.Kind?
    private var digest: [UInt8]

    /// Digests a token: the token itself is not kept.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - portal: The portal whose cookie it came in; nil for a service token.
    public init(token: some StringProtocol, portal: Visitor.Kind?) {
        self.portal = portal
        kind = portal ?? ServiceToken.owner(of: token)
        digest = Self.digest(of: token)
    }

    /// What the database keeps of a token: its SHA-256, which for 256 random bits is enough.
    ///
    /// Source: SEC-01.
    public static func digest(of token: some StringProtocol) -> [UInt8] {
        Array(SHA256.hash(data: Data(token.utf8)))
    }

    /// Makes whoever it belongs to the visitor of the transaction; nobody when it is not good (any more).
    ///
    /// Send it with what is then to be read, after `BEGIN` or as a pipeline's first statement: what it sets ends with
    /// the transaction. Its use is not written down by it; see ``noteUse(_:now:in:)``.
    ///
    /// - Parameter now: The present, UTC.
    /// - Returns: A statement with one row for `Visitor(_:)`.
    public func enter(now: Date) -> SQL { enter(now: now, then: "") }

    /// Makes whoever it belongs to the visitor, as ``enter(now:)``, and takes on the role whose rights end where the
    /// visitor's do, also when that is nobody.
    ///
    /// One statement instead of two, for it comes with each request.
    ///
    /// - Parameter now: The present, UTC.
    /// - Returns: A statement with one row for `Visitor(_:)`.
    public func enterAsVisitor(now: Date) -> SQL {
        enter(now: now, then: ", set_config('role', 'drizzl_visitor', true) AS rights")
    }

    private func enter(now: Date, then more: SQL) -> SQL {
        guard let portal else {
            return """
                SELECT e.*\(more)
                FROM (SELECT) one
                LEFT JOIN visitor.enter(
                    'token', \(digest), \(now), \(Permission.standardList), \(Permission.everyList)) e ON true
                """
        }
        // The kind stands in the text, so that its tables alone are asked.
        let kind: SQL = "'\(unsafeUnescaped: portal.rawValue)'"
        return """
            SELECT e.*, num_nonnulls(
                       set_config('visitor.kind', coalesce(e.kind, ''), true),
                       set_config('visitor.id', coalesce(e.id::text, ''), true),
                       set_config('visitor.role', coalesce(e.role, ''), true),
                       set_config('visitor.permissions', coalesce(e.permissions::text, ''), true),
                       set_config('visitor.partner', coalesce(e.partner_id::text, ''), true),
                       set_config('visitor.team', coalesce(e.team::text, ''), true)) AS known\(more)
            FROM (SELECT) one
            LEFT JOIN (
                SELECT p.*, s.id AS session_id, NULL::text[] AS scopes,
                       s.last_seen_at < \(now)::timestamptz - interval '1 minute' AS is_use_due
                FROM sessions s
                CROSS JOIN LATERAL visitor.person(
                    \(kind), s.user_id, \(Permission.standardList), \(Permission.everyList)) p
                WHERE s.token_hash = \(digest) AND s.user_kind = \(kind)
                  AND s.revoked_at IS NULL AND s.expires_at > \(now)::timestamptz
                  AND s.last_seen_at + s.idle > \(now)::timestamptz
            ) e ON true
            """
    }

    /// Writes down that a session was used, which keeps it from ending for lack of use.
    ///
    /// Once a minute is enough: it spares nearly all requests a write.
    ///
    /// - Parameters:
    ///   - entered: What ``enter(now:)`` gave.
    ///   - now: The present, UTC.
    ///   - session: Where, after the transaction.
    /// - Throws: `DatabaseError`.
    public func noteUse(_ entered: [Row], now: Date, in session: Session) throws {
        guard portal != nil, try entered.first?.optional("is_use_due", as: Bool.self) == true else { return }
        try session.execute(use(now: now))
    }

    private func use(now: Date) -> SQL {
        "UPDATE sessions SET last_seen_at = \(now) WHERE token_hash = \(digest) AND last_seen_at < \(now)"
    }

    /// Asks whether it would still be let in, which counts as no use of the session.
    ///
    /// - Parameter now: The present, UTC.
    /// - Returns: A statement with one row, whose `stands` is true or false.
    public func stands(now: Date) -> SQL {
        "SELECT visitor.stands(\(portal?.rawValue ?? "token"), \(digest), \(now)) AS stands"
    }

    /// Signs a text, so that only whoever shows the same token can show the signature for it.
    ///
    /// - Parameter text: The text.
    /// - Returns: Its HMAC-SHA256 under the token's digest.
    public func signature(of text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: digest)))
    }

    /// Whether a signature is that of a text, which takes as long whatever part of it is right.
    public func isSignature(_ signature: [UInt8], of text: String) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            signature, authenticating: Data(text.utf8), using: SymmetricKey(data: digest))
    }

    /// Takes on the role whose rights end where the visitor's do, until the transaction ends.
    public static let asVisitor: SQL = "SELECT set_config('role', 'drizzl_visitor', true)"

    /// Takes the program's own role on again, after ``asVisitor``: for what no visitor writes, such as the audit log.
    public static let asProgram: SQL = "SELECT set_config('role', 'drizzl_app', true)"
}
