import Accounts
import Database
import Foundation
import TestSupport
import Testing

/// Who is let in with what they show, and what the transaction knows of them then.
@Suite struct VisitorTests {
    private static let moment = Date(timeIntervalSince1970: 1_800_000_000)
    private static let migrations = DrizzlProcess.root.appending(path: "migrations")

    /// One admin with a session (`good`), and one who left.
    private static func with(_ body: (Pool) async throws -> Void) async throws {
        try await ScratchDatabase.with(migrations: migrations) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 2))
            do {
                _ = try await pool.query(
                    """
                    WITH people AS (
                        INSERT INTO admins (id, email, first_name, last_name, role, permissions, is_active) VALUES
                            (gen_random_uuid(), 'a@x.example', 'Ada', 'Lovelace', 'admin', '{ops.read}', true),
                            (gen_random_uuid(), 'b@x.example', 'Bea', 'Gone', 'super_admin', '{}', false)
                        RETURNING id, email
                    )
                    INSERT INTO sessions (id, token_hash, user_kind, user_id, created_at, last_seen_at, idle, expires_at)
                    SELECT gen_random_uuid(), CASE email WHEN 'a@x.example' THEN \(Credential.digest(of: "good"))::bytea
                                                  ELSE \(Credential.digest(of: "left"))::bytea END,
                           'admin', id, \(moment), \(moment), interval '12 hours', \(moment)::timestamptz + interval '30 days'
                    FROM people
                    """)
                try await body(pool)
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    /// Who is let in, and whom the statements that follow know.
    private static func enter(
        _ pool: Pool, _ token: String, _ portal: Visitor.Kind? = .admin, after: TimeInterval = 60
    ) async throws -> (Visitor?, String?) {
        try await pool.run { session in
            let results = try session.pipeline([
                Credential(token: token, portal: portal).enterAsVisitor(now: moment.addingTimeInterval(after)),
                "SELECT visitor.kind() || ' ' || visitor.role() AS known",
            ])
            return (try results[0].rows.first.flatMap(Visitor.init), try results[1].rows.first?.optional("known"))
        }
    }

    @Test func `a session's token lets its owner in, with what they may do`() async throws {
        try await Self.with { pool in
            let (visitor, known) = try await Self.enter(pool, "good")
            #expect(visitor?.name == "Ada Lovelace")
            #expect(visitor?.may(.readOps) == true)
            #expect(visitor?.may(.manageOrders) == true)
            #expect(visitor?.may(.manageAdmins) == false)
            #expect(known == "admin admin")
            // What was set ended with the transaction.
            #expect(
                try await pool.query("SELECT visitor.kind() AS kind").first?.optional("kind", as: String.self) == nil)
        }
    }

    @Test(arguments: [
        ("wrong", Visitor.Kind.admin as Visitor.Kind?, 60.0), ("left", .admin, 60), ("good", .salesRep, 60),
        ("good", nil, 60), ("good", .admin, 12 * 3_600 + 60),
    ])
    func `a token that is wrong, somebody else's or too old lets nobody in`(
        token: String, portal: Visitor.Kind?, after: TimeInterval
    ) async throws {
        try await Self.with { pool in
            let (visitor, known) = try await Self.enter(pool, token, portal, after: after)
            #expect(visitor == nil)
            #expect(known == nil)
        }
    }
}
