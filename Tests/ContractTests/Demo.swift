import Foundation
import TestSupport

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The real program with the demo's data, as another program meets it.
struct Demo {
    let base: String
    let program: DrizzlProcess
    private static let password = "a frozen demo password"

    /// Serves a demo of its own for the length of `body`.
    static func with(_ body: (Demo) async throws -> Void) async throws {
        try await ScratchDatabase.with { url in
            let environment = [
                "DATABASE_URL": url, "DRIZZL_PORT": "0", "DRIZZL_DEMO_PASSWORD": password,
                "DRIZZL_RATE_PER_ADDRESS": "0", "DRIZZL_RATE_PER_TOKEN": "0", "DRIZZL_LOG_LEVEL": "info",
                "DRIZZL_FILES_DIR": FileManager.default.temporaryDirectory.appending(path: "drizzl-contract").path,
            ]
            try await DrizzlProcess.run(["migrate"], environment: environment)
            try await DrizzlProcess.run(["seed"], environment: environment)
            let program = try DrizzlProcess.start(["serve"], environment: environment)
            do {
                var address: String?
                try await eventually("drizzl serve listens: \(program.output)") {
                    guard program.isRunning else { throw DrizzlProcess.Failure(description: program.output) }
                    address = program.output.firstMatch(of: /listening on (127\.0\.0\.1:[0-9]+)/).map { String($0.1) }
                    return address != nil
                }
                try await body(Demo(base: "http://\(address ?? "")", program: program))
            } catch {
                await program.killHard()
                throw error
            }
            await program.stop()
        }
    }

    /// A new service token of one of the demo's people, for reading and writing.
    func token(_ portal: String, _ email: String) async throws -> String {
        let form = ["portal": portal, "email": email, "password": Self.password]
        let entry = try await post("/api/v1/session", form, headers: [:])
        guard let cookie = entry.cookie, let csrf = entry.json["csrf_token"] as? String else {
            throw DrizzlProcess.Failure(description: "\(email) is not let in: \(entry.json)")
        }
        let wish: [String: Any] = ["name": "contract", "scopes": ["read", "write"], "days": 1]
        let made = try await post("/api/v1/tokens", wish, headers: ["Cookie": cookie, "X-CSRF-Token": csrf])
        guard let token = made.json["token"] as? String else {
            throw DrizzlProcess.Failure(description: "no token for \(email): \(made.json)")
        }
        return token
    }

    private func post(
        _ path: String, _ body: [String: Any], headers: [String: String]
    ) async throws -> (json: [String: Any], cookie: String?) {
        guard let url = URL(string: base + path) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = try JSONSerialization.data(withJSONObject: body)
        for (name, value) in headers.merging(
            ["Content-Type": "application/json", "Origin": base], uniquingKeysWith: { $1 })
        {
            request.setValue(value, forHTTPHeaderField: name)
        }
        // Cookies are sent by hand: they are Secure, and this is plain HTTP.
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        let (data, response) = try await URLSession(configuration: configuration).data(for: request)
        let cookie = (response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Set-Cookie")
        return (
            try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:],
            cookie.map { String($0.prefix { $0 != ";" }) }
        )
    }
}
