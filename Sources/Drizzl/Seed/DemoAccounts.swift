import Accounts
import Database
import Foundation

/// Lets the demo's people sign in: with one password for all of them, which is said once and not kept.
struct DemoAccounts: Sendable {
    private let house: House

    init(_ house: House) {
        self.house = house
    }

    /// Gives everybody the demo's password, unless an admin has one, and needs no second factor of admins.
    ///
    /// - Returns: What to tell whoever planted the data.
    /// - Throws: `DatabaseError`; `PasswordHash.Failure`.
    func open() async throws -> String {
        let opened = try await house.pool.query("SELECT FROM admins WHERE password_hash IS NOT NULL LIMIT 1")
        guard opened.isEmpty else { return "The demo's people have their password already." }
        let password = house.settings.demoPassword ?? Self.words()
        // One hash for all: a demo has one password, and thirty hashes would take seconds.
        let hash = try PasswordHash(of: password).text
        try await house.pool.transaction { session in
            _ = try session.pipeline([
                "UPDATE admins SET password_hash = \(hash) WHERE password_hash IS NULL",
                "UPDATE sales_reps SET password_hash = \(hash) WHERE password_hash IS NULL",
                "UPDATE partner_users SET password_hash = \(hash) WHERE password_hash IS NULL",
                "UPDATE settings SET value = 'false' WHERE key = 'security.totp_required'",
            ])
        }
        guard house.settings.demoPassword == nil else {
            return "The demo's people sign in with the password of DRIZZL_DEMO_PASSWORD."
        }
        return "The demo's people sign in with this password, which is said once: \(password)"
    }

    /// One of each portal who can sign in, for whoever looks at the demo; empty when nobody can.
    func people() async throws -> String {
        let rows = try await house.pool.query(
            """
            (SELECT email::text || ' (/admin/login)' AS who FROM admins
             WHERE is_active AND password_hash IS NOT NULL ORDER BY role = 'super_admin' DESC, id LIMIT 1)
            UNION ALL
            (SELECT email::text || ' (/sales/login)' FROM sales_reps
             WHERE is_active AND password_hash IS NOT NULL ORDER BY employee_id LIMIT 1)
            UNION ALL
            (SELECT u.email::text || ' (/partner/login)' FROM partner_users u JOIN partners p ON p.id = u.partner_id
             WHERE u.is_active AND u.password_hash IS NOT NULL AND p.status = 'active' ORDER BY u.id LIMIT 1)
            """)
        return try rows.map { try $0.value("who", as: String.self) }.joined(separator: ", ")
    }

    /// Four syllables of a random token: long enough for a demo, short enough to type.
    private static func words() -> String {
        let letters = SecretToken.make().filter { $0.isLetter || $0.isNumber }.prefix(16)
        return stride(from: 0, to: letters.count, by: 4).map { start in
            String(letters.dropFirst(start).prefix(4))
        }.joined(separator: "-")
    }
}
