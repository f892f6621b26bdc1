import Foundation
import TestSupport

/// The real program over a database with the demo data, as browsers without scripts use it.
struct DemoSite: Sendable {
    /// What came back.
    struct Page: Sendable {
        let status: Int
        let text: String
        /// Where it leads, if it does.
        let location: String?
    }

    /// Somebody who has signed in.
    struct Person: Sendable {
        let cookies: URL
    }

    let url: String
    private let base: String

    private static let password = "a frozen demo password"

    /// Opens a site for the length of `body`.
    static func with(_ body: (DemoSite) async throws -> Void) async throws {
        try await ScratchDatabase.with { url in
            let port = try freePort()
            let settings = [
                "DATABASE_URL": url, "DRIZZL_PORT": "\(port)", "DRIZZL_DATABASE_CONNECTIONS": "4",
                "DRIZZL_DEMO_PASSWORD": password, "DRIZZL_LOG_LEVEL": "warning",
            ]
            try await DrizzlProcess.run(["migrate"], environment: settings)
            try await DrizzlProcess.run(["seed"], environment: settings)
            let program = try DrizzlProcess.start(["serve"], environment: settings)
            let site = DemoSite(url: url, base: "http://localhost:\(port)")
            do {
                try await eventually("drizzl serve is ready: \(program.output)") {
                    guard program.isRunning else { throw DrizzlProcess.Failure(description: program.output) }
                    return try site.get("/readyz").text.contains("\"ready\"")
                }
                try await body(site)
                await program.stop()
            } catch {
                await program.stop()
                throw error
            }
        }
    }

    /// Signs an admin in.
    func signIn(_ name: String) throws -> Person {
        let cookies = FileManager.default.temporaryDirectory.appending(path: "cookies-\(UUID())")
        let person = Person(cookies: cookies)
        let fields = "email=\(name)%40drizzlwellness.com&password=\(Self.password.replacing(" ", with: "+"))"
        let answer = try post("/admin/login", fields, as: person)
        guard answer.status == 303 else { throw DrizzlProcess.Failure(description: answer.text) }
        return person
    }

    /// Opens a page.
    func get(_ path: String, as person: Person? = nil) throws -> Page { try send([base + path], person) }

    /// Sends a form.
    func post(_ path: String, _ fields: String, as person: Person? = nil) throws -> Page {
        try send(["-H", "Origin: \(base)", "--data-raw", fields, base + path], person)
    }

    private func send(_ arguments: [String], _ person: Person?) throws -> Page {
        let jar = person.map { ["-b", $0.cookies.path, "-c", $0.cookies.path] } ?? []
        let marks = "\n%{http_code} %{redirect_url}"
        let output = try ChildProcess.output(of: ["curl", "-s", "-H", "Accept: text/html", "-w", marks] + jar + arguments)
        let end = output.lastIndex(of: "\n") ?? output.startIndex
        let words = output[end...].dropFirst().split(separator: " ")
        return Page(
            status: words.first.flatMap { Int($0) } ?? 0, text: String(output[..<end]),
            location: words.count > 1 ? String(words[1].dropFirst(base.count)) : nil)
    }

    private static func freePort() throws -> Int {
        let python = ProcessInfo.processInfo.environment["DRIZZL_TEST_PYTHON"] ?? "python3"
        let text = try ChildProcess.output(of: [
            python, "-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])",
        ])
        guard let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw DrizzlProcess.Failure(description: "\(python) does not run; set DRIZZL_TEST_PYTHON")
        }
        return port
    }
}

extension DemoSite.Page {
    /// The fields of a form on the page as they would be sent, with others filled in.
    func form(_ id: String, _ filled: [String: String]) -> String {
        let from = text.range(of: "id=\"\(id)\"").map { text[$0.upperBound...] } ?? ""
        let form = from.range(of: "</form>").map { from[..<$0.lowerBound] } ?? ""
        var fields: [String: String] = [:]
        for input in form.matches(of: /<input type="hidden" name="([^"]+)" value="([^"]*)"/) {
            fields[String(input.1)] = String(input.2)
        }
        return fields.merging(filled) { $1 }.map { name, value in
            let plain = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
            return "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
        }.joined(separator: "&")
    }
}
