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
    /// the transaction.
    ///
    /// - Parameter now: The present, UTC.
    /// - Returns: A statement with one row for `Visitor(_:)`, or none.
    public func enter(now: Date) -> SQL {
        """
        SELECT * FROM visitor.enter(\(portal?.rawValue ?? "token"), \(digest), \(now),
            \(Permission.standard.map(\.rawValue).sorted()), \(Permission.allCases.map(\.rawValue)))
        """
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
