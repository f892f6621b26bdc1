import Foundation
import TestSupport

@testable import Drizzl

/// A real PgBouncer in transaction mode in front of a scratch database.
struct Bouncer {
    /// The connection string through it.
    let url: String
    private let folder: String

    /// Starts one, gives it to `body`, and ends it.
    ///
    /// - Parameters:
    ///   - database: The connection string of the database.
    ///   - connections: How many of the server's connections it has to lend.
    ///   - body: What to do meanwhile.
    /// - Throws: What the body throws, or why there is none.
    static func with(
        _ database: String, connections: Int, _ body: (Bouncer) async throws -> Void
    ) async throws {
        let server = try Address(database)
        // It refuses to be root, and the socket of a private server is open to its own user only.
        let account = try server.host.hasPrefix("/") ? ServerAccount.owning(server.host) : .forNewCluster()
        let folder = "/tmp/drizzl-pb-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let settings = """
            [databases]
            * = host=\(server.host) port=\(server.port) user=\(server.user)
            [pgbouncer]
            pool_mode = transaction
            default_pool_size = \(connections)
            max_client_conn = 200
            listen_addr =
            unix_socket_dir = \(folder)
            auth_type = trust
            auth_file = \(folder)/users

            """
        try settings.write(toFile: "\(folder)/pgbouncer.ini", atomically: false, encoding: .utf8)
        try "\"\(server.user)\" \"\"\n".write(toFile: "\(folder)/users", atomically: false, encoding: .utf8)
        for path in [folder, "\(folder)/pgbouncer.ini", "\(folder)/users"] { chown(path, account.uid, account.gid) }

        let path = ["/usr/sbin", "/usr/local/sbin", ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let log = try TestSupport.Stream()
        let process = try ChildProcess(
            account.prefix + ["pgbouncer", "-q", "\(folder)/pgbouncer.ini"],
            environment: ["PATH": path.joined(separator: ":")], output: log.writing, errors: log.writing)
        let bouncer = Bouncer(
            url: "postgresql:///\(server.database)?host=\(folder)&port=6432&user=\(server.user)", folder: folder)
        do {
            try await eventually("PgBouncer listens", within: .seconds(10)) {
                FileManager.default.fileExists(atPath: "\(folder)/.s.PGSQL.6432")
            }
            try await body(bouncer)
        } catch {
            process.send(SIGKILL)
            await process.waitForExit()
            throw error
        }
        process.send(SIGKILL)
        await process.waitForExit()
    }

    /// What `psql` is told through it, as by a program that sets nothing.
    func ask(_ query: String) throws -> String {
        guard let psql = try PostgresInstallation.find() else { throw ClusterError.notInstalled }
        return try CapturedProcess.run("\(psql.folder)/psql", ["-XAtq", "-d", url, "-c", query]).output
    }

    /// The parts of a connection string in the form of a URL.
    private struct Address {
        var host = "/var/run/postgresql"
        var port = 5432
        var user = "postgres"
        var database: String

        init(_ text: String) throws {
            guard let url = URLComponents(string: text) else {
                throw DrizzlProcess.Failure(description: "DRIZZL_TEST_DATABASE_URL is no URL")
            }
            database = String(url.path.dropFirst())
            let items = Dictionary(
                (url.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
            if let host = items["host"] ?? url.host.flatMap({ $0.isEmpty ? nil : $0 }) { self.host = host }
            if let port = items["port"].flatMap({ Int($0) }) ?? url.port { self.port = port }
            if let user = items["user"] ?? url.user { self.user = user }
        }
    }
}
