import Database
import Foundation
import TestSupport
import Testing
import Workflows

@testable import Drizzl

/// Sealing everything anew, so that an earlier key can go (SEC-09).
@Suite struct ResealTests {
    private static let migrations = DrizzlProcess.root.appending(path: "migrations")
    private static let old = [UInt8](repeating: 1, count: 32)
    private static let new = [UInt8](repeating: 2, count: 32)

    @Test func `afterwards no value needs the earlier key`() async throws {
        try await ScratchDatabase.with(migrations: Self.migrations) { url in
            let before = try SecretBox(keys: [1: Self.old], current: 1)
            let both = try SecretBox(keys: [1: Self.old, 2: Self.new], current: 2)
            let (hook, other, admin) = (UUID.v7(), UUID.v7(), UUID.v7())
            func sealed(_ text: String, _ id: UUID, _ column: String, _ box: SecretBox) throws -> [UInt8] {
                try box.seal(text, record: id, column: column).bytes
            }
            try await ScratchDatabase.plant(
                url,
                [
                    """
                    INSERT INTO webhook_endpoints (id, url, events, description, secret_enc, earlier_enc, earlier_until,
                        created_by_kind, created_by)
                    VALUES (\(hook), 'https://a.example/', '{*}', '', \(try sealed("one", hook, "secret_enc", before)),
                            \(try sealed("zero", hook, "secret_enc", before)), now(), 'admin', \(admin)),
                        (\(other), 'https://b.example/', '{*}', '', \(try sealed("two", other, "secret_enc", both)), NULL,
                            NULL, 'admin', \(admin))
                    """,
                    """
                    INSERT INTO totp_enrolments (user_kind, user_id, pending_enc)
                    VALUES ('admin', \(admin), \(try sealed("code", admin, "totp_secret_enc", before)))
                    """,
                ])
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            let first = try await SecretsCommand.Reseal.reseal(with: both, pool, now: Date())
            let again = try await SecretsCommand.Reseal.reseal(with: both, pool, now: Date())
            let rows = try await pool.query(
                "SELECT secret_enc, earlier_enc FROM webhook_endpoints WHERE id = \(hook)")
            let pending = try await pool.query("SELECT pending_enc FROM totp_enrolments")
            await pool.close()
            #expect(first.contains("webhook_endpoints.secret_enc: 1 sealed anew, 1 had been"))
            #expect(first.contains("webhook_endpoints.earlier_enc: 1 sealed anew, 0 had been"))
            #expect(first.contains("totp_enrolments.pending_enc: 1 sealed anew"))
            #expect(!again.replacing(": 0 sealed anew", with: "").contains("sealed anew"))
            let after = try SecretBox(keys: [2: Self.new], current: 2)
            func opened(_ row: Row, _ column: String, _ id: UUID, _ place: String) throws -> String {
                try after.open(SecretBox.Sealed(bytes: try row.value(column)), record: id, column: place)
            }
            #expect(try opened(rows[0], "secret_enc", hook, "secret_enc") == "one")
            #expect(try opened(rows[0], "earlier_enc", hook, "secret_enc") == "zero")
            #expect(try opened(pending[0], "pending_enc", admin, "totp_secret_enc") == "code")
        }
    }

    @Test func `every column of the database that holds sealed values is among them`() async throws {
        try await ScratchDatabase.with(migrations: Self.migrations) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            let rows = try await pool.query(
                """
                SELECT table_name || '.' || column_name AS name FROM information_schema.columns
                WHERE column_name LIKE '%\\_enc' AND table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1
                """)
            await pool.close()
            let names = try rows.map { try $0.value("name", as: String.self) }
            #expect(names == SealedColumn.all.map(\.description).sorted())
        }
    }
}
