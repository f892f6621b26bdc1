import Accounts
import Database
import Foundation
import StateMachines
import TestSupport
import Testing
import WebAPI

/// Signing in and out, as a browser or a program does it.
@Suite struct SigningInTests {
    @Test(arguments: [
        (Visitor.Kind.salesRep, "__Host-drizzl_sales"), (.partnerUser, "__Host-drizzl_partner"),
        (.admin, "__Host-drizzl_admin"),
    ])
    func `somebody of each kind signs in, is known, and signs out`(kind: Visitor.Kind, cookie: String) async throws {
        try await House.with { house async throws in
            try await house.demandTimeCode(false)
            let id = try await house.person(kind, "p@x.example")
            let answer = try await house.signIn(kind, "P@X.example")
            #expect(answer.status == 200)
            let line = try #require(answer.raw.setCookies.first { $0.hasPrefix("\(cookie)=") })
            for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] { #expect(line.contains(part)) }
            #expect(!line.contains("Domain"))
            let browser = Browser(cookies: answer.raw.cookies, csrf: answer["csrf_token"]?.text ?? "")
            let who = try await house.get("/api/v1/session", headers: browser.headers)
            #expect(who["visitor"]?["id"]?.text == id.uuidString.lowercased())
            #expect(who["visitor"]?["kind"]?.text == kind.rawValue)
            #expect(who["csrf_token"]?.text == browser.csrf)
            // The token itself is nowhere in the database.
            let kept = try await house.pool.query(
                """
                SELECT count(*) AS n FROM sessions
                WHERE token_hash = sha256(convert_to(\(browser.cookies[cookie] ?? ""), 'UTF8')) AND user_id = \(id)
                """)
            #expect(try kept[0].value("n", as: Int.self) == 1)
            let out = try await house.send("DELETE", "/api/v1/session", headers: browser.headers)
            #expect(out.status == 204)
            #expect(out.setCookies.contains { $0.hasPrefix("\(cookie)=; ") && $0.contains("Max-Age=0") })
            #expect(try await house.get("/api/v1/session", headers: browser.headers).code == "not_signed_in")
        }
    }

    @Test func `signing in is noted, and opens another session each time`() async throws {
        try await House.with { house async throws in
            let id = try await house.person(.salesRep, "p@x.example")
            let first = try await house.browser(.salesRep, "p@x.example")
            let cookies = first.headers["Cookie"] ?? ""
            let second = try await house.signIn(.salesRep, "p@x.example", cookies: cookies)
            #expect(second.status == 200)
            #expect(second.raw.cookies["__Host-drizzl_sales"] != first.cookies["__Host-drizzl_sales"])
            #expect(second.raw.cookies["__Host-drizzl_sales_device"] == first.cookies["__Host-drizzl_sales_device"])
            #expect(try await house.get("/api/v1/session", headers: first.headers).status == 401)
            let rows = try await house.pool.query(
                """
                SELECT (SELECT last_login_at FROM sales_reps WHERE id = \(id)) = \(House.now)::timestamptz AS is_noted,
                    (SELECT count(*) FROM audit_log WHERE action = 'sign_in' AND actor_id = \(id)) AS audited,
                    (SELECT count(*) FROM devices) AS devices
                """)
            #expect(try rows[0].value("is_noted", as: Bool.self))
            #expect(try rows[0].value("audited", as: Int.self) == 2)
            #expect(try rows[0].value("devices", as: Int.self) == 1)
        }
    }

    @Test func `an address that is unknown, of another portal or switched off answers like a wrong password`()
        async throws
    {
        try await House.with { house async throws in
            let gone = try await house.person(.salesRep, "gone@x.example")
            try await house.person(.salesRep, "p@x.example")
            _ = try await house.pool.query("UPDATE sales_reps SET is_active = false WHERE id = \(gone)")
            let wrong = try await house.signIn(.salesRep, "p@x.example", password: "seven frozen mango")
            #expect(wrong.status == 401 && wrong.code == "wrong_credentials")
            for (kind, email) in [
                (Visitor.Kind.salesRep, "nobody@x.example"), (.partnerUser, "p@x.example"),
                (.salesRep, "gone@x.example"),
            ] {
                let answer = try await house.signIn(kind, email)
                #expect(answer.status == 401 && answer.code == "wrong_credentials", "\(email)")
                #expect(answer["detail"] == wrong["detail"], "\(email)")
                #expect(answer.raw.setCookies.isEmpty, "\(email)")
            }
            try await eventually("all tries are logged") {
                house.log.all.count { $0.contains("/api/v1/session") && $0.contains("401") } >= 4
            }
            #expect(!house.log.all.contains { $0.contains("frozen mang") })
        }
    }

    @Test func `guesses are slowed down, and the owner's device still gets in`() async throws {
        try await House.with { house async throws in
            try await house.person(.salesRep, "p@x.example")
            let owner = try await house.browser(.salesRep, "p@x.example")
            for _ in 0..<5 {
                #expect(try await house.signIn(.salesRep, "p@x.example", password: "a guess, and wrong").status == 401)
            }
            let slowed = try await house.signIn(.salesRep, "p@x.example")
            #expect(slowed.status == 429 && slowed.code == "too_many_tries")
            #expect(slowed.raw.headers["retry-after"] == "1")
            let device = "__Host-drizzl_sales_device=\(owner.cookies["__Host-drizzl_sales_device"] ?? "")"
            #expect(try await house.signIn(.salesRep, "p@x.example", cookies: device).status == 200)
            // Addresses without an account are slowed down like others.
            for _ in 0..<5 { _ = try await house.signIn(.salesRep, "nobody@x.example") }
            #expect(try await house.signIn(.salesRep, "nobody@x.example").status == 429)
        }
    }

    @Test func `one's sessions are listed and ended, and nobody else's`() async throws {
        try await House.with { house async throws in
            try await house.person(.salesRep, "p@x.example")
            try await house.person(.salesRep, "q@x.example")
            let (one, other) = (
                try await house.browser(.salesRep, "p@x.example"), try await house.browser(.salesRep, "p@x.example")
            )
            let stranger = try await house.browser(.salesRep, "q@x.example")
            let sessions = try await house.get("/api/v1/sessions", headers: one.headers)["sessions"]?.list ?? []
            #expect(sessions.count == 2)
            #expect(sessions.first?["device"]?.text == "Firefox on Linux")
            let mine = try #require(sessions.first { $0["is_current"] == .boolean(true) }?["id"]?.text)
            let foreign = try await house.send("DELETE", "/api/v1/sessions/\(mine)", headers: stranger.headers)
            #expect(foreign.status == 404)
            #expect(try await house.send("DELETE", "/api/v1/sessions/\(mine)", headers: other.headers).status == 204)
            #expect(try await house.get("/api/v1/session", headers: one.headers).status == 401)
            #expect(try await house.send("DELETE", "/api/v1/sessions", headers: other.headers).status == 204)
            #expect(try await house.get("/api/v1/session", headers: other.headers).status == 401)
            #expect(try await house.get("/api/v1/session", headers: stranger.headers).status == 200)
        }
    }

    @Test func `a rep enrols a device for longer sessions, and forgets it with them`() async throws {
        try await House.with { house async throws in
            try await house.person(.salesRep, "p@x.example")
            try await house.person(.salesRep, "q@x.example")
            let stranger = try await house.browser(.salesRep, "q@x.example")
            let first = try await house.browser(.salesRep, "p@x.example")
            let devices = try await house.get("/api/v1/devices", headers: first.headers)["devices"]?.list ?? []
            let path = "/api/v1/devices/\(devices.first?["id"]?.text ?? "")"
            for (method, more) in [("POST", "/enrolment"), ("DELETE", "")] {
                #expect(try await house.send(method, path + more, headers: stranger.headers).status == 404)
            }
            #expect(try await house.send("POST", path + "/enrolment", headers: first.headers).status == 204)
            let second = try await house.signIn(.salesRep, "p@x.example", cookies: first.headers["Cookie"] ?? "")
            let browser = Browser(cookies: second.raw.cookies, csrf: second["csrf_token"]?.text ?? "")
            let idle = try await house.pool.query(
                "SELECT extract(day FROM idle)::bigint AS days FROM sessions ORDER BY id DESC LIMIT 1")
            #expect(try idle[0].value("days", as: Int.self) == 14)
            #expect(try await house.send("DELETE", path, headers: browser.headers).status == 204)
            #expect(try await house.get("/api/v1/session", headers: browser.headers).status == 401)
        }
    }

    @Test func `an account that is switched off is out at once, with its tokens`() async throws {
        try await House.with { house async throws in
            let id = try await house.person(.salesRep, "p@x.example")
            let browser = try await house.browser(.salesRep, "p@x.example")
            let made = try await house.post(
                #"{"name": "sync", "scopes": ["read", "write"], "days": 30}"#, headers: browser.headers,
                to: "/api/v1/tokens")
            let bearer = ["Authorization": "Bearer \(made["token"]?.text ?? "")"]
            #expect(try await house.get("/api/v1/session", headers: bearer).status == 200)
            for isActive in [false, true] {
                _ = try await house.pool.query("UPDATE sales_reps SET is_active = \(isActive) WHERE id = \(id)")
                #expect(try await house.get("/api/v1/session", headers: browser.headers).status == 401)
                #expect(try await house.get("/api/v1/session", headers: bearer).status == 401)
            }
        }
    }

    @Test func `a token is shown once, is good for its scopes, and ends`() async throws {
        try await House.with { house async throws in
            try await house.person(.salesRep, "p@x.example")
            let browser = try await house.browser(.salesRep, "p@x.example")
            let made = try await house.post(
                #"{"name": "sync", "scopes": ["read"], "days": 30}"#, headers: browser.headers, to: "/api/v1/tokens")
            let token = try #require(made["token"]?.text)
            #expect(token.hasPrefix("drz_"))
            let list = try await house.get("/api/v1/tokens", headers: browser.headers)
            #expect(list["tokens"]?.list?.first?["prefix"]?.text == made["prefix"]?.text)
            #expect(!list.raw.text.contains(token))
            let bearer = ["Authorization": "Bearer \(token)"]
            #expect(try await house.get("/api/v1/tokens", headers: bearer).status == 200)
            #expect(try await house.send("DELETE", "/api/v1/sessions", headers: bearer).status == 403)
            let path = "/api/v1/tokens/\(made["id"]?.text ?? "")"
            #expect(try await house.send("DELETE", path, headers: browser.headers).status == 204)
            #expect(try await house.get("/api/v1/tokens", headers: bearer).status == 401)
            let empty = try await house.post(
                #"{"name": "sync", "scopes": [], "days": 30}"#, headers: browser.headers, to: "/api/v1/tokens")
            #expect(empty.status == 422)
        }
    }

    @Test func `people sign in and out with plain forms`() async throws {
        try await House.with { house async throws in
            try await house.demandTimeCode(false)
            try await house.person(.admin, "p@x.example")
            let form = ["Content-Type": "application/x-www-form-urlencoded", "Cookie": "", "Accept": "text/html"]
            func submit(_ body: String, _ headers: [String: String] = form, to path: String = "/admin/login")
                async throws -> RawAnswer
            {
                try await house.send("POST", path, headers: headers, body: Array(body.utf8))
            }
            let page = try await house.send("GET", "/admin/login", headers: ["Cookie": "", "Accept": "text/html"])
            #expect(page.status == 200 && page.text.contains("name=\"password\""))
            let wrong = try await submit("email=p%40x.example&password=wrong+password")
            #expect(wrong.status == 401 && wrong.text.contains("The address or the password is wrong."))
            #expect(!wrong.text.contains("wrong password"))
            let right = try await submit("email=p%40x.example&password=seven+frozen+mangoes&totp=")
            #expect(right.status == 303 && right.headers["location"] == "/admin/command-center")
            let cookie = right.cookies.map { "\($0)=\($1)" }.joined(separator: "; ")
            let home = try await house.send(
                "GET", "/admin/command-center", headers: ["Cookie": cookie, "Accept": "text/html"])
            #expect(home.status == 200)
            let csrf = SecretToken.forgeryGuard(of: right.cookies["__Host-drizzl_admin"] ?? "")
            let masked = try #require(home.text.firstMatch(of: /name="csrf" value="([^"]+)"/)).1
            #expect(masked != csrf && SecretToken.isGuard(String(masked), csrf))
            let signed = form.merging(["Cookie": cookie]) { $1 }
            #expect(try await submit("", signed, to: "/admin/sign-out").status == 403)
            let out = try await submit("csrf=\(masked)", signed, to: "/admin/sign-out")
            #expect(out.status == 303 && out.headers["location"] == "/admin/login")
            #expect(try await house.get("/api/v1/session", headers: ["Cookie": cookie]).status == 401)
            let foreign = try await submit(
                "email=p%40x.example&password=seven+frozen+mangoes",
                form.merging(["Origin": "https://evil.example"]) { $1 })
            #expect(foreign.status == 403)
        }
    }

    @Test func `an admin without a second factor is shown a key, and comes in with its code`() async throws {
        try await House.with { house async throws in
            try await house.person(.admin, "p@x.example")
            func submit(_ code: String) async throws -> RawAnswer {
                let body =
                    "email=p%40x.example&password=seven+frozen+mangoes&totp=\(code)&next=%2Fadmin%2Fcommand-center%2Fops"
                return try await house.send(
                    "POST", "/admin/login",
                    headers: [
                        "Content-Type": "application/x-www-form-urlencoded", "Cookie": "", "Accept": "text/html",
                    ], body: Array(body.utf8))
            }
            let page = try await submit("")
            #expect(page.status == 200 && page.cookies.isEmpty)
            let key = try #require(page.text.firstMatch(of: /<code>([A-Z2-7 ]+)<\/code>/)).1
            let secret = try #require(TimeCode(base32: key.filter { $0 != " " }))
            #expect(page.text.contains("otpauth://totp/Drizzl:p@x.example?secret=\(secret.base32)"))
            #expect(!page.text.contains("seven frozen"))
            let wrong = try await submit("000000")
            #expect(wrong.status == 401 && wrong.text.contains("name=\"totp\"") && !wrong.text.contains("<code>"))
            let right = try await submit(secret.code(at: House.now))
            #expect(right.status == 303 && right.headers["location"] == "/admin/command-center/ops")
        }
    }

    @Test func `a browser with two portals leaves the one that it stands in`() async throws {
        try await House.with { house async throws in
            try await house.demandTimeCode(false)
            try await house.person(.admin, "p@x.example")
            try await house.person(.salesRep, "p@x.example")
            var cookies: [String] = []
            for kind in [Visitor.Kind.admin, .salesRep] {
                cookies += try await house.signIn(kind, "p@x.example").raw.cookies.map { "\($0)=\($1)" }
            }
            let headers = ["Cookie": cookies.joined(separator: "; "), "Accept": "text/html"]
            let home = try await house.send("GET", "/sales", headers: headers)
            #expect(home.text.contains("action=\"/sales/sign-out\""))
            let guardian = try #require(home.text.firstMatch(of: /name="csrf" value="([^"]+)"/)).1
            let out = try await house.send(
                "POST", "/sales/sign-out",
                headers: headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 },
                body: Array("csrf=\(guardian)".utf8))
            #expect(out.status == 303 && out.headers["location"] == "/sales/login")
            #expect(try await house.send("GET", "/sales", headers: headers).status == 303)
            #expect(try await house.send("GET", "/admin/command-center", headers: headers).status == 200)
        }
    }
}
