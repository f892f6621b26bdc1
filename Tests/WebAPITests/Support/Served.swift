import Foundation
import TestSupport

/// The real program as `drizzl serve`, on a port of its own.
struct Served: Sendable {
    let program: DrizzlProcess
    let port: Int

    /// Serves a database for the length of `body`, at the tests' day.
    static func with(
        _ url: String, settings: [String: String] = [:], _ body: @Sendable (Served) async throws -> Void
    ) async throws {
        // wall-clock: the program reads it, and is told how far from it the tests' day is.
        let shift = Int(House.now.timeIntervalSince(Date()))
        let usual = [
            "DATABASE_URL": url, "DRIZZL_PORT": "0", "DRIZZL_CLOCK_SHIFT": "\(shift)",
            "DRIZZL_DATABASE_CONNECTIONS": "4", "DRIZZL_RATE_PER_ADDRESS": "0", "DRIZZL_RATE_PER_TOKEN": "0",
            "DRIZZL_SECRET_KEY": Data(repeating: 7, count: 32).base64EncodedString(),
            "DRIZZL_FILES_DIR": FileManager.default.temporaryDirectory.appending(path: "drizzl-served").path,
        ]
        let program = try DrizzlProcess.start(["serve"], environment: usual.merging(settings) { $1 })
        do {
            var port: Int?
            try await eventually("drizzl serve listens: \(program.output)") {
                guard program.isRunning else { throw DrizzlProcess.Failure(description: program.output) }
                port = Self.port(in: program.output)
                return port != nil
            }
            try await body(Served(program: program, port: port ?? 0))
        } catch {
            await program.killHard()
            throw error
        }
        if program.isRunning { await program.stop() }
    }

    /// The port of which it said that it listens there.
    private static func port(in output: String) -> Int? {
        let said = "listening on 127.0.0.1:"
        guard let line = output.split(separator: "\n").first(where: { $0.contains(said) }) else { return nil }
        return line.components(separatedBy: said).last.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// Sends one request on a connection of its own.
    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + headers.map { "\($0): \($1)" }
        if let body { lines.append("Content-Length: \(body.count)") }
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
        return try await RawConnection.with(port: port) { connection async throws in
            try await connection.send(request)
            return Answer(try await connection.answer(isHead: method == "HEAD"))
        }
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers: headers)
    }
}
