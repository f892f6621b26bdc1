import Foundation
import Testing

@testable import WebAPI

/// Who asks too often, or too slowly, is turned away for a moment.
@Suite struct LimitTests {
    private let alice = SignedInHouse.alice
    private let bob = SignedInHouse.bob
    /// No file's, so nothing is looked up but who asks.
    private static let path = "/api/v1/files/nothing/content"

    @Test func `an address that asks too often is told when to come again, whatever it says of itself`() async throws {
        try await SignedInHouse.with(door: DoorSettings(perAddress: .init(perSecond: 1, atOnce: 3))) {
            house async throws in
            var statuses: [Int] = []
            for number in 0..<8 {
                let answer = try await house.send("GET", Self.path, headers: ["X-Forwarded-For": "10.0.0.\(number)"])
                statuses.append(answer.status)
                if answer.status == 429 {
                    #expect(answer.code == "too_many_requests")
                    #expect(answer.raw.headers["retry-after"] == "1")
                }
            }
            #expect(statuses.prefix(3) == [401, 401, 401])
            #expect(statuses.contains(429))
        }
    }

    @Test func `behind a proxy the addresses that it has seen are counted`() async throws {
        let door = DoorSettings(perAddress: .init(perSecond: 1, atOnce: 2), proxies: 1)
        try await SignedInHouse.with(door: door) { house async throws in
            for number in 0..<8 {
                let headers = ["X-Forwarded-For": "10.9.9.9, 10.0.0.\(number)"]
                #expect(try await house.send("GET", Self.path, headers: headers).status == 401)
            }
        }
    }

    @Test func `one token's haste is not another's`() async throws {
        let door = DoorSettings(perCredential: .init(perSecond: 1, atOnce: 2))
        try await SignedInHouse.with(door: door) { [alice, bob] house async throws in
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await house.send("GET", Self.path, as: alice).status) }
            #expect(statuses.contains(429))
            #expect(try await house.send("GET", Self.path, as: bob).status == 404)
        }
    }

    @Test func `a bucket fills evenly and no further than it is large`() {
        let limiter = RateLimiter<String>(RateLimit(perSecond: 2, atOnce: 3))
        let start = ContinuousClock.now
        for _ in 0..<3 { #expect(limiter.wait(for: "a", now: start) == nil) }
        #expect(limiter.wait(for: "a", now: start) == 1)
        #expect(limiter.wait(for: "b", now: start) == nil)
        #expect(limiter.wait(for: "a", now: start + .milliseconds(500)) == nil)
        #expect(limiter.wait(for: "a", now: start + .milliseconds(500)) == 1)
        let later = start + .seconds(3_600)
        for _ in 0..<3 { #expect(limiter.wait(for: "a", now: later) == nil) }
        #expect(limiter.wait(for: "a", now: later) == 1)
    }

    @Test func `behind TLS alone browsers are told to keep to it`() async throws {
        try await SignedInHouse.with { house async throws in
            let answer = try await house.send("GET", Self.path)
            #expect(answer.raw.headers["strict-transport-security"] == nil)
        }
        try await SignedInHouse.with(door: DoorSettings(isBehindTLS: true)) { house async throws in
            let answer = try await house.send("GET", Self.path)
            #expect(answer.raw.headers["strict-transport-security"] == "max-age=31536000")
            #expect(answer.raw.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
        }
    }
}
