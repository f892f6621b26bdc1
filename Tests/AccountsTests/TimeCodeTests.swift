import Foundation
import Testing

@testable import Accounts

/// The codes of authenticator apps.
@Suite struct TimeCodeTests {
    /// RFC 6238, appendix B, the last six digits.
    @Test(arguments: [
        (59.0, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func `codes are those of the standard`(second: Double, code: String) {
        let secret = TimeCode(secret: Array("12345678901234567890".utf8))
        #expect(secret.code(at: Date(timeIntervalSince1970: second)) == code)
    }

    @Test func `a secret is read as it was written`() {
        let secret = TimeCode()
        #expect(TimeCode(base32: secret.base32) == secret)
        #expect(TimeCode(secret: Array("12345678901234567890".utf8)).base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(TimeCode(base32: "not base 32") == nil)
        #expect(TimeCode(base32: "GEZDGNBV") == nil)
        #expect(
            secret.address(of: "a b@x.example", issuer: "Drizzl").hasPrefix("otpauth://totp/Drizzl:a%20b@x.example?"))
    }

    @Test func `a code is good for a minute and a half, and once`() throws {
        let (secret, now) = (TimeCode(), Date(timeIntervalSince1970: 1_800_000_000))
        for shift in [-30.0, 0, 30] {
            #expect(secret.step(of: secret.code(at: now.addingTimeInterval(shift)), after: 0, now: now) != nil)
        }
        for shift in [-60.0, 60] {
            #expect(secret.step(of: secret.code(at: now.addingTimeInterval(shift)), after: 0, now: now) == nil)
        }
        let step = try #require(secret.step(of: secret.code(at: now), after: 0, now: now))
        #expect(secret.step(of: secret.code(at: now), after: step, now: now) == nil)
        #expect(secret.step(of: "", after: 0, now: now) == nil)
    }
}
