import Crypto
public import Database
public import Foundation
import StateMachines

/// The link with which a new user sets the first password (D-28).
///
/// The database keeps the token's hash alone; the token is in the mail. Source: SEC-04.
public struct Invitation: Sendable {
    /// How long it can be used, seconds.
    public static let lifetime: TimeInterval = 48 * 3_600

    /// Who is invited.
    public var user: UUID
    /// What they are called.
    public var name: String
    /// The address.
    public var email: String
    /// The partner's name.
    public var businessName: String

    /// Reads who is to be invited: the owner at the partner's contact address, while no password is set.
    ///
    /// - Returns: nil when there is nobody to invite any more.
    /// - Throws: `DatabaseError`.
    public static func read(partner: UUID, in session: Session) throws -> Invitation? {
        let row = try session.first(
            """
            SELECT u.id, u.first_name, u.email::text AS email, p.business_name
            FROM partners p JOIN partner_users u ON u.partner_id = p.id AND u.email = p.email
            WHERE p.id = \(partner) AND p.status <> 'closed' AND u.is_active AND u.password_hash IS NULL
            """)
        return try row.map { row in
            Invitation(
                user: try row.value("id"), name: try row.value("first_name"), email: try row.value("email"),
                businessName: try row.value("business_name"))
        }
    }

    /// A token that nobody guesses: 256 random bits, in the letters that an address may have.
    public static func token() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Keeps a token's hash until it is used or runs out.
    public func keep(_ token: String, now: Date) -> SQL {
        """
        INSERT INTO password_resets (id, user_kind, user_id, token_hash, purpose, expires_at)
        VALUES (\(UUID.v7()), 'partner_user', \(user), \(Array(SHA256.hash(data: Data(token.utf8)))), 'invitation',
            \(now.addingTimeInterval(Self.lifetime)))
        """
    }
}
