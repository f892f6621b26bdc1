import Accounts
import Database
import Foundation
import StateMachines
import Synchronization
import Testing

@testable import WebAPI

/// Managing admins, reps and the users of partners over HTTP.
@Suite struct PeopleTests {
    private static let any = ["If-Match": "*"]

    private static func admin(_ email: String, _ role: String = "manager") -> JSONValue {
        .object(["email": .string(email), "first_name": "Ida", "last_name": "K", "role": .string(role)])
    }
    private static let rep = JSONValue.object([
        "email": "new@drizzl.example", "first_name": "Nia", "last_name": "L", "phone": "555", "time_zone": "UTC",
        "employee_id": "E9", "title": "Rep",
    ])
    private static func user(_ email: String, _ role: String = "buyer") -> JSONValue {
        .object(["email": .string(email), "first_name": "Bo", "last_name": "M", "role": .string(role)])
    }

    private static func count(_ estate: Estate, _ query: SQL) async throws -> Int {
        try await estate.pool.query("SELECT (\(query))::bigint AS n")[0].value("n")
    }

    @Test func `whoever gets an account gets an invitation by mail, and only who may makes one`() async throws {
        try await Estate.with { estate in
            let cases: [(String, JSONValue, String, [(String, Int)])] = [
                ("admins", Self.admin("ida@drizzl.example"), "sue", [("ned", 403), ("rita", 403), ("al", 403)]),
                ("sales-reps", Self.rep, "sue", [("ned", 403), ("max", 403), ("al", 403)]),
                ("partner-users", Self.user("bo@p.example"), "al", [("ned", 403), ("rita", 403)]),
            ]
            for (path, body, maker, others) in cases {
                for (name, status) in others {
                    let refused = try await estate.send("POST", "/api/v1/\(path)", as: name, body: body)
                    #expect(refused.status == status, "\(path) by \(name): \(refused.raw.text)")
                }
                let made = try await estate.send("POST", "/api/v1/\(path)", as: maker, body: body)
                #expect(made.status == 201, "\(made.raw.text)")
                let id = try #require(made["id"]?.text)
                let mails = try await Self.count(
                    estate,
                    """
                    SELECT count(*) FROM queue.jobs WHERE kind = 'send_account_mail'
                      AND payload ->> 'about' = 'invitation' AND payload ->> 'user' = upper(\(id)::text)
                    """)
                #expect(mails == 1, "\(path)")
                #expect(
                    try await Self.count(
                        estate,
                        "SELECT count(*) FROM audit_log WHERE subject_id = \(id)::uuid AND action LIKE '%.create'") == 1
                )
                let again = try await estate.send("POST", "/api/v1/\(path)", as: maker, body: body)
                #expect(again.status == 409 && again.code == "already_exists", "\(again.raw.text)")
            }
            // An owner invites to the own partner and to no other.
            guard case .object(var foreign) = Self.user("mole@p.example") else { return }
            foreign["partner_id"] = .string(Estate.id("beta"))
            #expect(
                try await estate.send("POST", "/api/v1/partner-users", as: "al", body: .object(foreign)).status == 404)
        }
    }

    @Test func `a buyer manages nobody, and an owner nobody of another partner`() async throws {
        let buyer: SQL = """
            INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
            VALUES (id('bo'), id('alpha'), 'bo@p.example', 'Bo', 'N', 'buyer', 'UTC')
            """
        let token: SQL = """
            INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at)
            VALUES (id('token bo'), 'test', 'drz', \(Credential.digest(of: "token of bo")), 'partner_user', id('bo'),
                '{read,write}', \(House.now), \(House.now)::timestamptz + interval '1 day')
            """
        try await Estate.with([buyer, token]) { estate in
            let (al, path) = ("/api/v1/partner-users/\(Estate.id("al"))", "/api/v1/partner-users")
            #expect(try await estate.send("POST", path, as: "bo", body: Self.user("x@p.example")).code == "not_yours")
            let promotion = JSONValue.object(["role": "owner"])
            let own = "\(path)/\(Estate.id("bo"))"
            #expect(
                try await estate.send("PATCH", own, as: "bo", body: promotion, headers: Self.any).code == "read_only")
            #expect(try await estate.send("POST", "\(own)/invitation", as: "bo").code == "read_only")
            #expect(try await estate.send("PATCH", al, as: "cy", body: promotion, headers: Self.any).status == 404)
            #expect(try await estate.send("POST", "\(al)/invitation", as: "cy").status == 404)
            let changed = try await estate.send("PATCH", own, as: "al", body: promotion, headers: Self.any)
            #expect(changed["role"] == "owner", "\(changed.raw.text)")
        }
    }

    @Test func `another invitation ends the first, and who chose a password needs none`() async throws {
        try await Estate.with { estate in
            let made = try await estate.send("POST", "/api/v1/sales-reps", as: "sue", body: Self.rep)
            let id = try #require(made["id"]?.text)
            let user = try #require(UUID(uuidString: id))
            _ = try await estate.pool.query(
                PasswordLink.keep("the first link", for: .salesRep, user, purpose: .invitation, now: House.now))
            let path = "/api/v1/sales-reps/\(id)/invitation"
            #expect(try await estate.send("POST", path, as: "rita").status == 403)
            #expect(try await estate.send("POST", path, as: "sue").status == 202)
            let used = try await estate.pool.query(PasswordLink.find("the first link"))
            #expect(try used.first?.value("is_used") == true)
            _ = try await estate.pool.query("UPDATE sales_reps SET password_hash = 'x' WHERE id = \(user) RETURNING 1")
            #expect(try await estate.send("POST", path, as: "sue").code == "needs_no_invitation")
            #expect(
                try await estate.send("POST", "/api/v1/sales-reps/\(UUID())/invitation", as: "sue").status == 404)
        }
    }

    @Test func `rights are changed by a super_admin alone, written down, and never granted whole`() async throws {
        try await Estate.with { estate in
            let path = "/api/v1/admins/\(Estate.id("ned"))"
            let grant = JSONValue.object(["permissions": .array(["stock.manage", "audit.read"])])
            let byNed = try await estate.send("PATCH", path, as: "ned", body: grant, headers: Self.any)
            #expect(byNed.status == 403 && byNed.code == "permission")
            let bySue = try await estate.send("PATCH", path, as: "sue", body: grant, headers: Self.any)
            #expect(bySue["permissions"] == .array(["stock.manage", "audit.read"]), "\(bySue.raw.text)")
            let whole = JSONValue.object(["permissions": .array(["admins.manage"])])
            #expect(try await estate.send("PATCH", path, as: "sue", body: whole, headers: Self.any).status == 422)
            let log = try await estate.get("/api/v1/audit-log?action=admin.change", as: "ned")
            let entry = try #require(log["items"]?.list?.first, "\(log.raw.text)")
            #expect(entry["actor_id"]?.text == Estate.id("sue"))
            #expect(entry["subject_id"]?.text == Estate.id("ned"))
            #expect(entry["before"]?["permissions"] == .array([]))
            #expect(entry["after"]?["permissions"] == .array(["stock.manage", "audit.read"]))
            #expect(try await Self.count(estate, "SELECT coalesce(audit_log_first_break(), 0)") == 0)
        }
    }

    @Test func `who is switched off is out at once, and comes back by signing in`() async throws {
        try await House.with { house async throws in
            let rep = try await house.person(.salesRep, "p@x.example")
            let browser = try await house.browser(.salesRep, "p@x.example")
            #expect(try await house.get("/api/v1/session", headers: browser.headers).status == 200)
            func set(_ isActive: Bool) async throws -> Int {
                try await house.send(
                    "PATCH", "/api/v1/sales-reps/\(rep.uuidString.lowercased())",
                    headers: ["Content-Type": "application/json", "If-Match": "*"],
                    body: Array(#"{"is_active": \#(isActive)}"#.utf8)
                ).status
            }
            #expect(try await set(false) == 200)
            #expect(try await house.get("/api/v1/session", headers: browser.headers).status == 401)
            #expect(try await house.signIn(.salesRep, "p@x.example").status == 401)
            #expect(try await set(true) == 200)
            #expect(try await house.get("/api/v1/session", headers: browser.headers).status == 401)
            #expect(try await house.signIn(.salesRep, "p@x.example").status == 200)
        }
    }

    @Test func `the last super_admin, the last owner and a circle of managers are refused in words`() async throws {
        try await Estate.with { estate in
            func change(_ path: String, _ body: JSONValue) async throws -> Answer {
                try await estate.send("PATCH", "/api/v1/\(path)", as: "sue", body: body, headers: Self.any)
            }
            let sue = "admins/\(Estate.id("sue"))"
            for body: JSONValue in [.object(["role": "manager"]), .object(["is_active": false])] {
                let refused = try await change(sue, body)
                #expect(refused.status == 409 && refused.code == "last_super_admin", "\(refused.raw.text)")
                #expect(refused["detail"]?.text?.contains("last active super_admin") == true)
            }
            let owner = try await change("partner-users/\(Estate.id("al"))", .object(["is_active": false]))
            #expect(owner.status == 409 && owner.code == "last_owner", "\(owner.raw.text)")
            let circle = try await change(
                "sales-reps/\(Estate.id("max"))", .object(["manager_id": .string(Estate.id("rita"))]))
            #expect(circle.status == 409 && circle.code == "manager_cycle", "\(circle.raw.text)")
            #expect(try await estate.get("/api/v1/\(sue)", as: "sue")["role"] == "super_admin")
        }
    }

    @Test func `two who demote the last two super_admins at once leave one`() async throws {
        let ann: SQL = """
            INSERT INTO admins (id, email, first_name, last_name, role)
            VALUES (id('ann'), 'ann@drizzl.example', 'Ann', 'O', 'super_admin')
            """
        // Each with a token of their own: one token's requests wait for each other before the lock.
        let token: SQL = """
            INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at)
            VALUES (id('token ann'), 'test', 'drz', \(Credential.digest(of: "token of ann")), 'admin', id('ann'),
                '{read,write}', \(House.now), \(House.now)::timestamptz + interval '1 day')
            """
        try await Estate.with([ann, token]) { estate in
            let demotion = JSONValue.object(["role": "manager"])
            func demote(_ name: String, by other: String) async throws -> Answer {
                try await estate.send(
                    "PATCH", "/api/v1/admins/\(Estate.id(name))", as: other, body: demotion, headers: Self.any)
            }
            // Both stand before the lock at which the rule is asked; then it is let go.
            let (held, hold) = AsyncStream.makeStream(of: Void.self)
            let release = Flag()
            try await withThrowingTaskGroup(of: Answer?.self) { group in
                group.addTask {
                    try await estate.pool.run { session in
                        try session.execute("SELECT pg_advisory_lock(hashtextextended('admins.super_admin', 0))")
                        hold.finish()
                        while !release.isSet.withLock({ $0 }) { usleep(1_000) }
                        try session.execute("SELECT pg_advisory_unlock_all()")
                    }
                    return nil
                }
                for await _ in held {}
                group.addTask { try await demote("sue", by: "ann") }
                group.addTask { try await demote("ann", by: "sue") }
                defer { release.isSet.withLock { $0 = true } }
                try await Self.waitForTwo(estate)
                release.isSet.withLock { $0 = true }
                var statuses: [Int] = []
                for try await case let answer? in group {
                    statuses.append(answer.status)
                    if answer.status == 409 { #expect(answer.code == "last_super_admin") }
                }
                #expect(statuses.sorted() == [200, 409])
            }
            let left = try await Self.count(
                estate, "SELECT count(*) FROM admins WHERE role = 'super_admin' AND is_active")
            #expect(left == 1)
        }
    }

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    private static func waitForTwo(_ estate: Estate) async throws {
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(60)
        let waiting: SQL = """
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        while try await count(estate, waiting) < 2 {
            try #require(clock.now < limit, "two requests wait for the lock")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
