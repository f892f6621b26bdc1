import Accounts
import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// How often the database is asked.
@Suite struct TripTests {
    @Test func `a read takes one trip, with a session as with a token`() async throws {
        let token = ServiceToken.make(for: .salesRep)
        let planted: [SQL] = [
            """
            INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at,
                last_used_at)
            VALUES (id('new token'), 'test', 'drz', \(Credential.digest(of: token)), 'sales_rep', id('rita'),
                '{read}', \(House.now), \(House.now)::timestamptz + interval '1 day', \(House.now))
            """,
            """
            INSERT INTO sessions (id, token_hash, user_kind, user_id, created_at, last_seen_at, idle, expires_at)
            VALUES (id('session'), \(Credential.digest(of: "the-session-of-rita")), 'sales_rep', id('rita'), \(House.now),
                \(House.now), '12 hours', \(House.now)::timestamptz + interval '30 days')
            """,
        ]
        try await Estate.with(planted) { estate in
            func trips(_ headers: [String: String]) async throws -> Int {
                let before = try await estate.pool.run { $0.roundTrips }
                let answer = try await estate.send(
                    "GET", "/api/v1/partners/\(Estate.id("alpha"))", as: nil, headers: headers)
                #expect(answer["business_name"] == "alpha", "\(answer.raw.text)")
                return try await estate.pool.run { $0.roundTrips } - before
            }
            let withSession = try await trips(["Cookie": "__Host-drizzl_sales=the-session-of-rita"])
            #expect(withSession == 1)
            let withToken = try await trips(["Authorization": "Bearer \(token)"])
            #expect(withToken == 1)
            // Who has one that was made before they named their owner's kind is asked for it.
            let withOldToken = try await trips(["Authorization": "Bearer token of rita"])
            #expect(withOldToken == 2)
        }
    }
}
