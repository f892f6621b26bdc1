import Accounts
import Database
import Foundation
import HTTPTypes
import StateMachines
import TestSupport
import Testing

@testable import WebAPI

/// What nobody is to read is looked for in every reply and in all that the real program logs (SEC-08, SEC-14).
@Suite struct LeakTests {
    @Test(.timeLimit(.minutes(10)))
    func `no secret and no SQL is in any reply or log, whatever is asked and however wrong`() async throws {
        try await Estate.with(isLoose: true, StrangerTests.planted + Secrets.planted) { estate in
            let spy = Spy(rules: try await Secrets.namesOfRules(estate.url))
            try await Served.with(estate.url, settings: ["DRIZZL_LOG_LEVEL": "trace"]) { served in
                var walk = Walk(estate: estate, served: served, spy: spy)
                try await walk.everyOperation()
                try await walk.signingIn()
                try await walk.brokenDatabase()
                // The walk went in and was refused, in every way that there is.
                for status in [200, 201, 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 500] {
                    #expect(walk.statuses[status] != nil, "nothing was answered with \(status): \(walk.statuses)")
                }
                #expect(walk.leaks.isEmpty, "\(walk.leaks.prefix(20).joined(separator: "\n"))")
                let logged = served.program.output
                #expect(logged.contains("/api/v1/leads"))
                #expect(spy.secrets(in: logged).isEmpty, "the log tells \(spy.secrets(in: logged))")

                // So a leak is seen where there is one: what only others may see, and what is told back to whoever sent it.
                let product = try await walk.ask("GET", "/api/v1/products", as: "sue").raw.text
                #expect(!spy.leaks(in: product, to: "al").isEmpty && spy.leaks(in: product, to: "sue").isEmpty)
                let told = try await walk.ask("GET", "/api/v1/leads?planted-name=1", as: "sue").raw.text
                #expect(!spy.leaks(in: told, to: "sue").isEmpty)
                #expect(!spy.leaks(in: #"duplicate key value violates "products_sku_key""#, to: "sue").isEmpty)
            }
        }
    }
}

/// What is planted, recognizable, where only the program itself is to read it.
private enum Secrets {
    static let session = "planted-session-token"
    static let password = "planted-password"
    /// The costs of the planted product, and its rep's pay.
    static let (cost, pay) = ("98765004321", "987654321")

    static let planted: [SQL] = [
        "UPDATE admins SET password_hash = 'planted-hash', totp_secret_enc = 'planted-sealed'::bytea",
        """
        UPDATE sales_reps SET password_hash = 'planted-hash', totp_secret_enc = 'planted-sealed'::bytea,
            calendar_feed_token_hash = ('planted-feed' || employee_id)::bytea
        """,
        "UPDATE partner_users SET password_hash = 'planted-hash', totp_secret_enc = 'planted-sealed'::bytea",
        "UPDATE partners SET tax_id_enc = 'planted-sealed'::bytea",
        """
        UPDATE partner_integrations SET access_token_enc = 'planted-sealed'::bytea,
            refresh_token_enc = 'planted-sealed'::bytea
        """,
        "UPDATE proposals SET public_token_hash = 'planted-public'::bytea",
        "UPDATE files SET storage_key = 'planted-key'",
        "UPDATE products SET cost_per_unit_cents = 98765004321, wholesale_price_cents = 98765004321",
        """
        INSERT INTO sessions (id, token_hash, user_kind, user_id, created_at, last_seen_at, idle, expires_at)
        VALUES (id('session'), \(Credential.digest(of: session)), 'admin', id('sue'), \(House.now), \(House.now),
            '12 hours', \(House.now)::timestamptz + interval '30 days')
        """,
    ]

    /// The names of everything in the schema that can be broken.
    static func namesOfRules(_ url: String) async throws -> Set<String> {
        let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
        let rows = try await owner.query(
            """
            SELECT conname::text AS name FROM pg_constraint WHERE connamespace IN ('public'::regnamespace, 'queue'::regnamespace)
            UNION SELECT relname::text FROM pg_class
            WHERE relkind = 'i' AND relnamespace IN ('public'::regnamespace, 'queue'::regnamespace)
            """)
        await owner.close()
        return try Set(rows.map { try $0.value("name", as: String.self) })
    }
}

/// Knows what is not to be read, and by whom.
private struct Spy: Sendable {
    let rules: Set<String>

    /// What begins each planted secret, as text, as hexadecimal and as Base64; and tokens that are shown.
    private static let secrets =
        ["planted-", "706c616e7465642d", "cGxhbnRlZC", "token of "]
        + ([Secrets.session] + Estate.people.map { "token of " + $0.name }).map { token in
            Credential.digest(of: token).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    private static let sql = [
        "SELECT ", "INSERT INTO", "UPDATE ", " WHERE ", "LATERAL", "visitor.", "PSQLError", "DatabaseError", "SQLSTATE",
        "sqlState", "violates", "relation \"", "column \"", "does not exist",
    ]

    func secrets(in text: String) -> [String] { Self.secrets.filter(text.contains) }

    /// What a reply tells somebody that it should not.
    func leaks(in text: String, to name: String) -> [String] {
        var leaks = secrets(in: text) + Self.sql.filter(text.contains)
        let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
        leaks += words.map(String.init).filter(rules.contains)
        if !["sue", "ned"].contains(name) {
            let hidden = ["cost_per_unit", "wholesale_price", "revenue_cents", Secrets.cost]
            leaks += (hidden + (name == "rita" ? [] : [Secrets.pay])).filter(text.contains)
        }
        if ["al", "cy"].contains(name) {
            leaks += ["base_salary", "is_private", "starter_price", "enterprise_price"].filter(text.contains)
        }
        return leaks
    }
}

/// Goes to every address, as everybody, and provokes every refusal.
private struct Walk {
    let estate: Estate
    let served: Served
    let spy: Spy
    var statuses: [Int: Int] = [:]
    var leaks: [String] = []

    @discardableResult
    mutating func ask(
        _ method: String, _ path: String, as name: String?, body: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var all = headers
        if let name { all["Authorization"] = "Bearer token of \(name)" }
        if body != nil, all["Content-Type"] == nil { all["Content-Type"] = "application/json" }
        let answer = try await served.send(method, path, headers: all, body: body.map { Array($0.utf8) })
        statuses[answer.status, default: 0] += 1
        let heads = answer.raw.headers.map { "\($0): \($1)" }.joined(separator: "\n")
        // The planted session is an admin's.
        let reader = name ?? (headers["Cookie"] == nil ? "nobody" : "sue")
        leaks += spy.leaks(in: heads + "\n" + answer.raw.text, to: reader).map {
            "\(method) \(path) as \(name ?? "nobody") tells \($0): \(answer.status) \(answer.raw.text.prefix(300))"
        }
        return answer
    }

    /// Everybody at every address with a right request, and one who is let in with wrong ones.
    mutating func everyOperation() async throws {
        let operations = WebDoor.operations(estate.dependencies).filter { $0.path != "/api/v1/live" }
        let tables = Dictionary(
            WebDoor.resources(estate.dependencies).filter { $0.parent == nil }.map { ($0.name, $0.table) }
        ) { first, _ in first }
        // What ends sessions and tokens comes last.
        for operation in operations.filter({ $0.method != .delete }) + operations.filter({ $0.method == .delete }) {
            let method = operation.method.rawValue
            let path = (StrangerTests.address(operation, tables) ?? operation.path)
                .replacing("{name}", with: "default").replacing("{id}", with: Estate.id("nothing"))
            let example = operation.body?.example.json
            // Everybody looks; one of each kind writes.
            for name in Estate.people.map(\.name) where !operation.isWrite || ["sue", "rita", "al"].contains(name) {
                try await ask(method, path, as: name, body: example, headers: ["If-Match": "*"])
            }
            try await ask(
                method, path, as: nil, body: example, headers: ["Cookie": "__Host-drizzl_admin=\(Secrets.session)"])
            try await ask(method, path, as: nil, body: example, headers: ["Authorization": "Bearer planted-bearer"])
            // As whoever is let in, for anybody else hears that first.
            guard case .signedIn(let kinds, _) = operation.access else { continue }
            try await provoke(
                operation, path, as: kinds.contains(.admin) ? "sue" : kinds.contains(.salesRep) ? "rita" : "al")
        }
    }

    private mutating func provoke(_ operation: WebAPI.Operation, _ path: String, as name: String) async throws {
        let method = operation.method.rawValue
        let match = ["If-Match": "\"0\""]
        guard operation.body != nil else {
            // A mark that looks right, with a key that no column of a number, day or moment can be compared to.
            let mark = #"{"sort":"-created_at","key":"planted-key","id":"\#(Estate.id("leads"))"}"#
            let cursor = Data(mark.utf8).base64EncodedString().replacing("=", with: "")
            try await ask(method, path + "?sort=-created_at&cursor=\(cursor)", as: name)
            try await ask(method, path + "?limit=0&sort=planted&machine=lead&x=1", as: name)
            return
        }
        try await ask(method, path, as: name, body: #"{"password": "\#(Secrets.password)", "email": }"#, headers: match)
        let minus = operation.body?.members.map { #""\#($0)": -1"# }.joined(separator: ", ") ?? ""
        try await ask(method, path, as: name, body: "{\(minus)}", headers: match)
        try await ask(method, path, as: name, body: operation.body?.example.json, headers: match)
        try await ask(method, path, as: name, body: operation.body?.example.json)
        try await ask(method, path, as: name, body: "planted-text", headers: ["Content-Type": "text/plain"])
        try await ask(method, path, as: name, body: String(repeating: " ", count: 70_000))
        try await ask(
            method, path, as: name, body: operation.body?.example.json, headers: ["Idempotency-Key": "planted-key"])
    }

    /// Passwords and links that are wrong, in the API's bodies and in the pages' forms.
    mutating func signingIn() async throws {
        let form = ["Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1:\(served.port)"]
        for portal in Visitor.Kind.allCases.map(\.portal) {
            for email in ["sue@drizzl.example", "nobody@drizzl.example"] {
                let body = #"{"portal": "\#(portal)", "email": "\#(email)", "password": "\#(Secrets.password)"}"#
                try await ask("POST", "/api/v1/session", as: nil, body: body)
                try await ask("POST", "/api/v1/session/totp", as: nil, body: body)
                try await ask(
                    "POST", "/\(portal)/sign-in", as: nil, body: "email=\(email)&password=\(Secrets.password)",
                    headers: form)
            }
            try await ask(
                "GET", "/\(portal)/sign-in?password=\(Secrets.password)", as: nil, headers: ["Accept": "text/html"])
        }
        let link = #"{"token": "planted-link", "password": "\#(Secrets.password)"}"#
        try await ask("POST", "/api/v1/password/link", as: nil, body: link)
        for path in ["/", "/invoices/\(Estate.id("invoices"))", "/metrics", "/readyz", "/nothing"] {
            for name in [nil, "sue", "al"] { try await ask("GET", path, as: name, headers: ["Accept": "text/html"]) }
        }
        try await ask("POST", "/api/v1/products", as: "sue", body: Self.product)
        try await ask("POST", "/api/v1/products", as: "sue", body: Self.product)
    }

    private static let product = """
        {"name": "Berry", "sku": "B-1", "category": "smoothie", "msrp_cents": 500, "retail_price_cents": 500,
         "cost_per_unit_cents": 1}
        """

    /// Statements that fail because the schema is not what the program knows.
    mutating func brokenDatabase() async throws {
        let owner = Pool(DatabaseConfiguration(url: estate.url, maximumConnections: 1))
        for (table, column) in [
            ("leads", "company_name"), ("invoices", "invoice_number"), ("shipping_addresses", "label"),
        ] {
            _ = try await owner.query(
                "ALTER TABLE \(unsafeUnescaped: table) RENAME COLUMN \(unsafeUnescaped: column) TO gone")
        }
        await owner.close()
        let address = """
            {"label": "planted", "recipient_name": "Al", "address1": "1 Main", "city": "Reno", "state": "NV", "zip_code": "89501"}
            """
        for name in ["sue", "rita", "al"] {
            for path in ["/api/v1/leads", "/api/v1/invoices", "/api/v1/invoices/\(Estate.id("invoices"))"] {
                try await ask("GET", path, as: name)
            }
            try await ask("POST", "/api/v1/shipping-addresses", as: name, body: address)
            try await ask(
                "POST", "/api/v1/leads", as: name, body: #"{"company_name": "planted-name", "source": "referral"}"#)
        }
    }
}
