import Accounts
import Database
import Foundation
import TestSupport
import Testing

/// Guessing passwords is slow, whoever guesses and wherever from (SEC-03).
@Suite struct SignInTryTests {
    private static let moment = Date(timeIntervalSince1970: 1_800_000_000)
    private static let generous = SignInTry.Limits(capacity: 1_000, refill: 1_000)

    private static func with(_ body: (Pool) async throws -> Void) async throws {
        try await ScratchDatabase.with(migrations: DrizzlProcess.root.appending(path: "migrations")) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 4, role: "drizzl_app"))
            do {
                try await body(pool)
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    /// How long a try has to wait, seconds; 0: it was counted and may go on.
    private static func wait(
        _ pool: Pool, _ email: String = "a@x.example", from address: String? = nil, device: String? = nil,
        limits: SignInTry.Limits = generous, after seconds: Double
    ) async throws -> Double {
        let attempt = SignInTry(kind: .admin, email: email, device: device, address: address, userAgent: nil)
        let rows = try await pool.query(attempt.count(limits: limits, now: moment.addingTimeInterval(seconds)))
        return try rows[0].value("wait")
    }

    @Test func `after five failures each try waits longer, after ten nobody tries for a quarter of an hour`()
        async throws
    {
        try await Self.with { pool async throws in
            for n in 0..<5 { #expect(try await Self.wait(pool, after: Double(n)) == 0) }
            #expect(try await Self.wait(pool, after: 4) == 1)
            #expect(try await Self.wait(pool, after: 5) == 0)
            #expect(try await Self.wait(pool, after: 5) == 2)
            #expect(try await Self.wait(pool, after: 7) == 0)
            #expect(try await Self.wait(pool, after: 11) == 0)
            #expect(try await Self.wait(pool, after: 19) == 0)
            #expect(try await Self.wait(pool, after: 34) == 1)
            #expect(try await Self.wait(pool, after: 35) == 0)
            #expect(try await Self.wait(pool, after: 60) == 35 + 900 - 60)
            // Another account is not held up, nor is this one for ever.
            #expect(try await Self.wait(pool, "b@x.example", after: 60) == 0)
            #expect(try await Self.wait(pool, "A@X.example", after: 60) > 0)
            #expect(try await Self.wait(pool, after: 936) == 0)
        }
    }

    @Test func `many at once are counted like one after the other`() async throws {
        try await Self.with { pool async throws in
            let went = try await withThrowingTaskGroup(of: Double.self, returning: Int.self) { group in
                for _ in 0..<30 { group.addTask { try await Self.wait(pool, after: 0) } }
                return try await group.reduce(into: 0) { $0 += $1 == 0 ? 1 : 0 }
            }
            #expect(went == 5)
        }
    }

    @Test func `an address has so many tries, and its network five times as many`() async throws {
        let limits = SignInTry.Limits(capacity: 3, refill: 0.1)
        try await Self.with { pool async throws in
            for n in 0..<3 {
                #expect(try await Self.wait(pool, "\(n)@x", from: "192.0.2.1", limits: limits, after: 0) == 0)
            }
            #expect(try await Self.wait(pool, "3@x", from: "192.0.2.1", limits: limits, after: 0) == 10)
            #expect(try await Self.wait(pool, "4@x", from: "192.0.2.1", limits: limits, after: 10) == 0)
            for n in 2..<7 {
                for m in 0..<3 {
                    _ = try await Self.wait(pool, "\(n)-\(m)@x", from: "192.0.2.\(n)", limits: limits, after: 10)
                }
            }
            #expect(try await Self.wait(pool, "z@x", from: "192.0.2.99", limits: limits, after: 10) > 0)
            #expect(try await Self.wait(pool, "z@x", from: "192.0.3.99", limits: limits, after: 10) == 0)
            #expect(try await Self.wait(pool, "z@x", from: "2001:db8::1", limits: limits, after: 10) == 0)
        }
    }

    @Test func `the owner's device gets in while strangers have locked the account, and is counted itself`()
        async throws
    {
        try await Self.with { pool async throws in
            _ = try await pool.query(
                """
                WITH a AS (
                    INSERT INTO admins (id, email, first_name, last_name)
                    VALUES (gen_random_uuid(), 'a@x.example', 'Ada', 'L') RETURNING id
                )
                INSERT INTO devices (id, user_kind, user_id, token_hash, label, first_seen_at, last_seen_at)
                SELECT gen_random_uuid(), 'admin', id, \(Credential.digest(of: "known")), 'Firefox', now(), now() FROM a
                """)
            for n in 0..<10 { _ = try await Self.wait(pool, after: Double(n) * 30) }
            #expect(try await Self.wait(pool, after: 300) > 0)
            #expect(try await Self.wait(pool, device: "unknown", after: 300) > 0)
            #expect(try await Self.wait(pool, device: "known", after: 300) == 0)
            // Of another account the device is no proof.
            for n in 0..<5 { _ = try await Self.wait(pool, "b@x.example", after: 300 + Double(n)) }
            #expect(try await Self.wait(pool, "b@x.example", device: "known", after: 304) > 0)
            for _ in 0..<4 { _ = try await Self.wait(pool, device: "known", after: 300) }
            #expect(try await Self.wait(pool, device: "known", after: 300) > 0)
        }
    }
}
