import Database
import Foundation
import Scheduler
import TestSupport
import Testing

/// What is over is forgotten in its time, and nothing before (SEC-16, J-30).
@Suite struct PruneTests {
    private static let now = Date(timeIntervalSince1970: 1_900_000_000)
    private static let tables = [
        "sessions", "service_tokens", "password_resets", "devices", "sign_in_attempts", "sign_in_buckets",
        "request_answers", "webhook_deliveries",
    ]

    /// One row of each table that is old enough to be forgotten, and one that is an hour too young.
    private static func plant(_ session: Session) throws {
        let endpoint = UUID()
        try session.execute(
            """
            INSERT INTO webhook_endpoints (id, url, events, secret_enc, created_by_kind, created_by)
            VALUES (\(endpoint), 'https://hooks.example/', '{*}', '\\x00', 'admin', \(endpoint))
            """)
        let ages: [TimeInterval] = [30 * 86_400 + 60, 30 * 86_400 - 3_600]
        for (number, age) in ages.enumerated() {
            let end = now.addingTimeInterval(-age)
            let hash = (0..<32).map { _ in UInt8(number) }
            let (device, begun, day) = (
                UUID(), end.addingTimeInterval(-86_400), now.addingTimeInterval(number == 0 ? -86_460 : -82_800)
            )
            _ = try session.pipeline([
                """
                INSERT INTO devices (id, user_kind, user_id, token_hash, label, first_seen_at, last_seen_at)
                VALUES (\(device), 'admin', \(device), \(hash), 'X', \(begun), \(end.addingTimeInterval(-30 * 86_400)))
                """,
                """
                INSERT INTO sessions (id, token_hash, user_kind, user_id, device_id, created_at, last_seen_at, idle,
                    expires_at)
                VALUES (\(UUID()), \(hash), 'admin', \(device), \(device), \(begun), \(begun), interval '1 hour', \(end))
                """,
                """
                INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at)
                VALUES (\(UUID()), 'T', 'drz', \(hash), 'admin', \(device), '{read}', \(begun), \(end))
                """,
                """
                INSERT INTO password_resets (id, user_kind, user_id, token_hash, purpose, expires_at)
                VALUES (\(UUID()), 'admin', \(device), \(hash), 'reset', \(end))
                """,
                "INSERT INTO sign_in_attempts (account, failed_at, last_at) VALUES (\(hash), '{}', \(day))",
                """
                INSERT INTO sign_in_buckets (place, tokens, at)
                VALUES (network(('10.0.0.' || \(number)::integer)::inet), 1, \(day))
                """,
                """
                INSERT INTO request_answers (user_kind, user_id, key, fingerprint, status, body, created_at)
                VALUES ('admin', \(device), \(device), \(hash), 200, '{}', \(end))
                """,
                """
                INSERT INTO webhook_deliveries (id, endpoint_id, type, state, created_at)
                VALUES (\(UUID()), \(endpoint), 'webhook.ping', 'failed', \(end))
                """,
            ])
        }
        // What is not over is kept however old it is.
        try session.execute(
            """
            INSERT INTO webhook_deliveries (id, endpoint_id, type, created_at)
            VALUES (\(UUID()), \(endpoint), 'webhook.ping', '2020-01-01')
            """)
    }

    private static func counts(_ pool: Pool) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in tables {
            counts[table] = try await pool.query("SELECT count(*) AS n FROM \(unsafeUnescaped: table)").first?.value(
                "n")
        }
        return counts
    }

    @Test func `what ran out thirty days ago is forgotten, and the rest is kept`() async throws {
        let migrations = URL(filePath: #filePath).appending(path: "../../../migrations").standardizedFileURL
        try await ScratchDatabase.with(migrations: migrations) { url in
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            try await owner.transaction { session in try Self.plant(session) }
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1, role: "drizzl_app"))
            let before = Dictionary(uniqueKeysWithValues: Self.tables.map { ($0, $0 == "webhook_deliveries" ? 3 : 2) })
            #expect(try await Self.counts(owner) == before)
            // In portions of one, so that it says that there is more.
            let duty = PruneDuty(pool: pool, portion: 1, now: { Self.now })
            #expect(try await duty.run())
            #expect(try await Self.counts(owner) == before.mapValues { $0 - 1 })
            #expect(try await !duty.run())
            #expect(try await Self.counts(owner) == before.mapValues { $0 - 1 })
            // The setting says for how long.
            _ = try await owner.query("UPDATE settings SET value = '29' WHERE key = 'retention.credentials_days'")
            while try await duty.run() {}
            let after = try await Self.counts(owner)
            #expect(after["sessions"] == 0 && after["devices"] == 0 && after["service_tokens"] == 0)
            #expect(after["request_answers"] == 1 && after["webhook_deliveries"] == 2)
            await pool.close()
            await owner.close()
        }
    }
}
