import Accounts
import Database
import Foundation
import TestSupport
import Testing

/// What idle streams cost a real process.
@Suite(.serialized) struct StreamMemoryTests {
    private static let token = "drz_a_token_for_the_test_of_memory"

    @Test(arguments: IdleStreams.Kind.allCases)
    func `a thousand idle streams leave room for five thousand in 300 MB`(_ kind: IdleStreams.Kind) async throws {
        try await ScratchDatabase.with(migrations: DrizzlProcess.root.appending(path: "migrations")) { url in
            try await Self.plantToken(url)
            let port = Int.random(in: 20_000..<30_000)
            let server = try DrizzlProcess.start(
                ["serve"],
                environment: [
                    "DATABASE_URL": url, "DRIZZL_PORT": "\(port)", "DRIZZL_RATE_PER_ADDRESS": "0",
                    "DRIZZL_RATE_PER_TOKEN": "0", "DRIZZL_LOG_LEVEL": "error",
                ])
            do {
                // The first ones pay for what all of them use.
                try await eventually("the door opens: \(server.output)") {
                    (try? await IdleStreams(1, kind, port: port, token: Self.token))?.end() != nil
                }
                let before = try server.residentBytes
                let streams = try await IdleStreams(1_000, kind, port: port, token: Self.token)
                let growth = try server.residentBytes - before
                streams.end()
                #expect(before + 5 * growth < 300_000_000, "\(before) bytes, and \(growth) for a thousand streams")
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    private static func plantToken(_ url: String) async throws {
        let admin = UUID.v7()
        try await ScratchDatabase.plant(
            url,
            [
                """
                INSERT INTO admins (id, email, first_name, last_name)
                VALUES (\(admin), 'ada@drizzl.example', 'Ada', 'Lovelace')
                """,
                """
                INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at)
                VALUES (\(UUID.v7()), 'test', 'drz', \(Credential.digest(of: token)), 'admin', \(admin), '{read}', now(),
                    now() + interval '1 day')
                """,
            ])
    }
}
