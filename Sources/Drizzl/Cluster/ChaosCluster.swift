import Chaos
import Database
import Foundation
import Scenarios

/// A PostgreSQL that is made for a play of `drizzl chaos`, and thrown away after it.
struct ChaosCluster: ChaosServer {
    private let cluster: PrivateCluster
    private let migrations: URL

    init(migrations: URL) {
        let directory = FileManager.default.temporaryDirectory.appending(path: "drizzl-chaos-\(UUID().uuidString)")
        cluster = PrivateCluster(directory: directory.path)
        self.migrations = migrations
    }

    func prepare() async throws -> String {
        let url = try await onThread { try cluster.start().url }
        _ = try await Migrator(directory: migrations).migrate(DatabaseConfiguration(url: url))
        return url
    }

    var crash: (@Sendable (Duration) async throws -> Void)? {
        { down in
            try await onThread { try cluster.crash() }
            // Whatever becomes of the play, the server comes back before it is removed.
            try? await Task.sleep(for: down)
            try await onThread { _ = try cluster.start() }
        }
    }

    func remove() async throws {
        try await onThread { try cluster.remove() }
    }
}

/// A database that is made for a play on a server that somebody has, and dropped after it.
struct ChaosDatabase: ChaosServer {
    private let server: String
    private let name = "drizzl_chaos_\(UUID().uuidString.lowercased().replacing("-", with: "_"))"
    private let migrations: URL

    init(server: String, migrations: URL) {
        (self.server, self.migrations) = (server, migrations)
    }

    /// The server is somebody's: it is not to be crashed.
    var crash: (@Sendable (Duration) async throws -> Void)? { nil }

    func prepare() async throws -> String {
        try await administer("CREATE DATABASE \(name) TEMPLATE template0")
        let url = DatabaseURL.replacingDatabase(in: server, with: name)
        _ = try await Migrator(directory: migrations).migrate(DatabaseConfiguration(url: url))
        return url
    }

    func remove() async throws {
        try await administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    private func administer(_ statement: String) async throws {
        let pool = Pool(DatabaseConfiguration(url: server, maximumConnections: 1, statementTimeout: .seconds(120)))
        do {
            try await pool.run { session in _ = try session.execute("\(unsafeUnescaped: statement)") }
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }
}

/// Runs what waits on a thread of its own: the threads that all tasks share are few.
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
