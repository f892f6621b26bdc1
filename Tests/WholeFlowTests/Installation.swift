import Database
import Foundation
import TestSupport

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A database with the demo data, a mail server, and the settings under which programs work on them.
struct Installation {
    let pool: Pool
    let mail: SMTPServer
    let environment: [String: String]

    static func with(
        refusing: [String] = [], failingFirst: Int = 0, mailDelay: Duration = .zero,
        _ body: (Installation) async throws -> Void
    ) async throws {
        try await ScratchDatabase.with { url in
            let mail = try await SMTPServer.start(
                refusing: refusing, failingFirst: failingFirst, delay: mailDelay)
            defer { mail.stop() }
            let environment = [
                "DATABASE_URL": url, "DRIZZL_SMTP_URL": mail.url, "DRIZZL_SMTP_USER": mail.user,
                "DRIZZL_SMTP_PASSWORD": mail.password, "DRIZZL_SMTP_CA_FILE": mail.certificateFile,
                "DRIZZL_DATABASE_CONNECTIONS": "4", "DRIZZL_DEMO_PASSWORD": Web.password,
            ]
            try await DrizzlProcess.run(["migrate"], environment: environment)
            try await DrizzlProcess.run(["seed"], environment: environment)
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 2, role: "drizzl_app"))
            do {
                try await body(Installation(pool: pool, mail: mail, environment: environment))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    /// The settings with some more.
    func environment(adding more: [String: String]) -> [String: String] {
        environment.merging(more) { _, second in second }
    }

    /// The id of the invoice of a demo order.
    func invoice(ofOrder number: String) async throws -> UUID {
        let rows = try await pool.query(
            "SELECT i.id FROM invoices i JOIN orders o ON o.id = i.order_id WHERE o.order_number = \(number)")
        guard let row = rows.first else { throw DrizzlProcess.Failure(description: "no invoice of \(number)") }
        return try row.value("id")
    }

    /// The number of an invoice.
    func numberOf(_ invoice: UUID) async throws -> String {
        let rows = try await pool.query("SELECT invoice_number FROM invoices WHERE id = \(invoice)")
        return try rows.first?.value("invoice_number") ?? ""
    }

    /// Bluebird agrees to late fees.
    func acceptLateFees() async throws {
        // The table's owner alone may say so.
        let owner = Pool(DatabaseConfiguration(url: environment["DATABASE_URL"] ?? "", maximumConnections: 1))
        _ = try await owner.query(
            """
            UPDATE partners SET late_fee_terms_accepted_on = current_date - 30 WHERE business_name = 'Bluebird Cafe'
            """)
        await owner.close()
    }

    /// One number out of the database.
    func number(_ query: SQL) async throws -> Int {
        let rows = try await pool.query("SELECT (\(query))::bigint AS number")
        return try rows.first?.value("number") ?? 0
    }
}

/// The web of an installation, as a program outside sees it.
struct Web {
    let program: DrizzlProcess
    let base: String
    /// What a browser sends of the session that was opened.
    private var session: [String: String] = [:]

    /// That of the demo's people.
    static let password = "a frozen demo password"

    private init(program: DrizzlProcess, base: String) {
        (self.program, self.base) = (program, base)
    }

    /// Starts `drizzl serve` on a free port, waits until it is ready, and signs in as the one who may do everything.
    static func serve(_ installation: Installation) async throws -> Web {
        let port = try freePort()
        let program = try DrizzlProcess.start(
            ["serve"], environment: installation.environment(adding: ["DRIZZL_PORT": "\(port)"]))
        var web = Web(program: program, base: "http://127.0.0.1:\(port)")
        try await eventually("drizzl serve is ready: \(program.output)") {
            [web] in
            guard program.isRunning else { throw DrizzlProcess.Failure(description: program.output) }
            return (try? await web.get("/readyz"))?.status == 200
        }
        try await web.signIn()
        return web
    }

    private mutating func signIn() async throws {
        let answer = try await post(
            "/api/v1/session",
            #"{"portal": "admin", "email": "dana@drizzlwellness.com", "password": "\#(Self.password)"}"#)
        guard let cookie = answer.cookie, let csrf = answer.json["csrf_token"] as? String else {
            throw DrizzlProcess.Failure(description: "nobody signed in: \(answer.text)")
        }
        session = ["Cookie": cookie, "X-CSRF-Token": csrf, "Origin": base]
    }

    /// A reply, with its body as JSON where it is some.
    struct Reply {
        var status: Int
        var text: String
        /// The first cookie that it sets, as a browser sends it back.
        var cookie: String?
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        }
    }

    func get(_ path: String) async throws -> Reply {
        guard let url = URL(string: base + path) else { throw URLError(.badURL) }
        return try await send(URLRequest(url: url))
    }

    func post(_ path: String, _ body: String, key: UUID = UUID()) async throws -> Reply {
        guard let url = URL(string: base + path) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue(key.uuidString, forHTTPHeaderField: "Idempotency-Key")
        return try await send(request)
    }

    private func send(_ request: URLRequest) async throws -> Reply {
        var request = request
        for (name, value) in session { request.setValue(value, forHTTPHeaderField: name) }
        // Cookies are sent by hand: they are Secure, and this is plain HTTP.
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        let (data, response) = try await URLSession(configuration: configuration).data(for: request)
        let answer = response as? HTTPURLResponse
        return Reply(
            status: answer?.statusCode ?? 0, text: String(decoding: data, as: UTF8.self),
            cookie: answer?.value(forHTTPHeaderField: "Set-Cookie").map { String($0.prefix { $0 != ";" }) })
    }

    /// A port that nobody listens on at this moment.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw DrizzlProcess.Failure(description: "no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
