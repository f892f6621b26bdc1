import Foundation
import TestSupport

/// The real program on a port of its own, over a database with the demo data, for browsers.
actor Site {
    /// How a browser calls it: by this name it takes the cookies of a site without TLS.
    nonisolated let base: String
    private let settings: [String: String]
    private var program: DrizzlProcess

    /// That of the demo's people; Scripts/support.py signs in with it.
    private static let password = "a frozen demo password"
    private static let scripts = DrizzlProcess.root.appending(path: "Tests/BrowserTests/Scripts")
    /// Not committed; look at them.
    private static let screenshots = DrizzlProcess.root.appending(path: "screenshots")

    private init(port: Int, settings: [String: String]) throws {
        base = "http://localhost:\(port)"
        self.settings = settings
        program = try DrizzlProcess.start(["serve"], environment: settings)
    }

    /// Opens a site for the length of `body`.
    static func with(_ body: (Site) async throws -> Void) async throws {
        try await ScratchDatabase.with { url in
            let port = try freePort()
            let settings = [
                "DATABASE_URL": url, "DRIZZL_PORT": "\(port)", "DRIZZL_DATABASE_CONNECTIONS": "4",
                "DRIZZL_DEMO_PASSWORD": password, "DRIZZL_LOG_LEVEL": "warning",
                // All browsers of a test have one address.
                "DRIZZL_RATE_PER_ADDRESS": "1000",
            ]
            try await DrizzlProcess.run(["migrate"], environment: settings)
            try await DrizzlProcess.run(["seed"], environment: settings)
            let site = try Site(port: port, settings: settings)
            do {
                try await site.isReady()
                try await body(site)
                await site.stop()
            } catch {
                await site.stop()
                throw error
            }
        }
    }

    /// Ends the server.
    func stop() async { await program.stop() }

    /// Starts it again, and waits until it answers.
    func start() async throws {
        program = try DrizzlProcess.start(["serve"], environment: settings)
        try await isReady()
    }

    private func isReady() async throws {
        try await eventually("drizzl serve is ready: \(program.output)") {
            guard program.isRunning else { throw DrizzlProcess.Failure(description: program.output) }
            return try ChildProcess.output(of: ["curl", "-s", base + "/readyz"]).contains("\"ready\"")
        }
    }

    /// Runs a check in a browser.
    ///
    /// - Parameters:
    ///   - check: The program below `Scripts`, without its `.py`.
    ///   - more: What else it is told.
    /// - Returns: What it found wrong, a sentence each.
    /// - Throws: When there is no Python to run it.
    nonisolated func faults(of check: String, _ more: [String] = []) async throws -> [String] {
        let log = FileManager.default.temporaryDirectory.appending(path: "browser-\(UUID().uuidString).log")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }
        let handle = try FileHandle(forWritingTo: log)
        let script = Self.scripts.appending(path: check + ".py").path
        let process = try ChildProcess(
            [Self.python, script, base, Self.screenshots.path] + more, output: handle, errors: handle)
        let status = await process.waitForExit()
        let output = try String(contentsOf: log, encoding: .utf8)
        print(output)
        let lines = output.split(separator: "\n").map(String.init)
        let faults = lines.filter { $0.hasPrefix("fault: ") }.map { String($0.dropFirst("fault: ".count)) }
        return status == 0 || !faults.isEmpty ? faults : ["\(check) ended with \(status): \(output.suffix(1_000))"]
    }

    private static var python: String {
        ProcessInfo.processInfo.environment["DRIZZL_TEST_PYTHON"]
            ?? DrizzlProcess.root.appending(path: ".drizzl/venv/bin/python").path
    }

    private static func freePort() throws -> Int {
        let text = try ChildProcess.output(of: [
            python, "-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])",
        ])
        guard let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw DrizzlProcess.Failure(description: "\(python) does not run; set DRIZZL_TEST_PYTHON")
        }
        return port
    }
}
