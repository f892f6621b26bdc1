import Accounts
import Database
import Foundation
import Testing
import WebAPI

/// Forgotten, first and other passwords, and the second factor.
@Suite struct PasswordLinkTests {
    private static let another = "eight frozen papayas"

    private func set(_ house: House, _ token: String, _ password: String = another) async throws -> Answer {
        try await house.post(
            #"{"token": "\#(token)", "password": "\#(password)"}"#, headers: ["Cookie": ""], to: "/api/v1/password/link"
        )
    }

    private func count(_ house: House, _ query: SQL) async throws -> Int {
        try await house.pool.query("SELECT (\(query))::bigint AS n")[0].value("n")
    }

    @Test func `a link sets the password once, ends every session and says so by mail`() async throws {
        try await House.with { house async throws in
            let id = try await house.person(.salesRep, "p@x.example")
            let browser = try await house.browser(.salesRep, "p@x.example")
            _ = try await house.pool.query(
                PasswordLink.keep("the link", for: .salesRep, id, purpose: .reset, now: House.now))
            let common = try await set(house, "the link", "password1234")
            #expect(common.status == 422 && common.faults == ["common_password password"])
            #expect(try await set(house, "the link").status == 204)
            #expect(try await house.get("/api/v1/session", headers: browser.headers).status == 401)
            let again = try await set(house, "the link")
            #expect(again.status == 400 && again.code == "link_used")
            #expect(try await house.signIn(.salesRep, "p@x.example").status == 401)
            #expect(try await house.signIn(.salesRep, "p@x.example", password: Self.another).status == 200)
            let kept = try await house.pool.query("SELECT password_hash FROM sales_reps WHERE id = \(id)")
            #expect(try kept[0].value("password_hash", as: String.self).hasPrefix("$argon2id$"))
            #expect(try await count(house, "SELECT count(*) FROM audit_log WHERE action = 'password.reset'") == 1)
            #expect(
                try await count(
                    house,
                    """
                    SELECT count(*) FROM queue.jobs
                    WHERE kind = 'send_account_mail' AND payload ->> 'about' = 'password_changed'
                    """) == 1)
        }
    }

    @Test func `a link that expired or never was says so, and changes nothing`() async throws {
        try await House.with { house async throws in
            let id = try await house.person(.salesRep, "p@x.example")
            for (purpose, age) in [(PasswordLink.Purpose.reset, 1_800.0), (.invitation, 48 * 3_600)] {
                _ = try await house.pool.query(
                    PasswordLink.keep(
                        purpose.rawValue, for: .salesRep, id, purpose: purpose, now: House.now.addingTimeInterval(-age))
                )
                let answer = try await set(house, purpose.rawValue)
                #expect(answer.status == 400 && answer.code == "link_expired")
                let page = try await house.send(
                    "GET", "/sales/reset?token=\(purpose.rawValue)", headers: ["Cookie": "", "Accept": "text/html"])
                #expect(page.status == 400 && page.text.contains("expired") && page.text.contains("Mail me a link"))
            }
            #expect(try await set(house, "unknown").code == "link_unknown")
            #expect(try await house.signIn(.salesRep, "p@x.example").status == 200)
        }
    }

    @Test func `asking for a link answers the same whether there is an account or not`() async throws {
        try await House.with { house async throws in
            try await house.person(.salesRep, "p@x.example")
            func ask(_ email: String) async throws -> Answer {
                try await house.post(
                    #"{"portal": "sales", "email": "\#(email)"}"#, headers: ["Cookie": ""],
                    to: "/api/v1/password/forgotten")
            }
            let (known, unknown) = (try await ask("p@x.example"), try await ask("nobody@x.example"))
            #expect(known.status == 202 && unknown.status == 202)
            #expect(known.raw.body == unknown.raw.body)
            #expect(
                try await count(house, "SELECT count(*) FROM queue.jobs WHERE kind = 'send_account_mail'") == 2)
            for _ in 0..<4 { _ = try await ask("p@x.example") }
            #expect(try await ask("p@x.example").status == 429)
        }
    }

    @Test func `a reset ends a lock`() async throws {
        try await House.with { house async throws in
            let id = try await house.person(.salesRep, "p@x.example")
            for _ in 0..<6 { _ = try await house.signIn(.salesRep, "p@x.example", password: "a guess, and wrong") }
            #expect(try await house.signIn(.salesRep, "p@x.example").status == 429)
            _ = try await house.pool.query(
                PasswordLink.keep("the link", for: .salesRep, id, purpose: .reset, now: House.now))
            #expect(try await set(house, "the link").status == 204)
            #expect(try await house.signIn(.salesRep, "p@x.example", password: Self.another).status == 200)
        }
    }

    @Test func `one's own password is changed by who knows it`() async throws {
        try await House.with { house async throws in
            try await house.person(.salesRep, "p@x.example")
            let browser = try await house.browser(.salesRep, "p@x.example")
            func change(_ current: String, _ password: String) async throws -> Answer {
                try await house.post(
                    #"{"current": "\#(current)", "password": "\#(password)"}"#, headers: browser.headers,
                    to: "/api/v1/password")
            }
            #expect(try await change("not my password", Self.another).faults == ["wrong_password current"])
            #expect(try await change(House.password, "too short").faults == ["too_short password"])
            #expect(try await change(House.password, Self.another).status == 204)
            #expect(try await house.get("/api/v1/session", headers: browser.headers).status == 401)
            #expect(try await house.signIn(.salesRep, "p@x.example", password: Self.another).status == 200)
        }
    }

    @Test func `an admin needs a second factor, whose code is good once`() async throws {
        try await House.with { house async throws in
            let id = try await house.person(.admin, "p@x.example")
            #expect(try await house.signIn(.admin, "p@x.example").code == "totp_enrolment_required")
            let body = #"{"portal": "admin", "email": "p@x.example", "password": "seven frozen mangoes"}"#
            let made = try await house.post(body, headers: ["Cookie": ""], to: "/api/v1/session/totp")
            #expect(made.status == 201)
            let secret = try #require(made["secret"]?.text.flatMap { TimeCode(base32: $0) })
            #expect(made["address"]?.text?.hasPrefix("otpauth://totp/Drizzl:p@x.example?secret=") == true)
            #expect(try await house.signIn(.admin, "p@x.example", totp: "000000").code == "wrong_totp")
            let code = secret.code(at: House.now)
            #expect(try await house.signIn(.admin, "p@x.example", totp: code).status == 200)
            #expect(try await house.signIn(.admin, "p@x.example").code == "totp_required")
            #expect(try await house.signIn(.admin, "p@x.example", totp: code).code == "wrong_totp")
            let next = secret.code(at: House.now.addingTimeInterval(30))
            #expect(try await house.signIn(.admin, "p@x.example", totp: next).status == 200)
            // What is kept is sealed, and another secret is not made without a code of this one.
            let kept = try await house.pool.query("SELECT totp_secret_enc FROM admins WHERE id = \(id)")
            #expect(
                !String(decoding: try kept[0].value("totp_secret_enc", as: [UInt8].self), as: UTF8.self)
                    .contains(secret.base32))
            let other = try await house.post(body, headers: ["Cookie": ""], to: "/api/v1/session/totp")
            #expect(other.code == "totp_required")
        }
    }
}
