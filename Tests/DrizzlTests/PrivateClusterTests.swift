import Foundation
import Testing

@testable import Drizzl

/// The private PostgreSQL, through its own door and `psql`.
///
/// One at a time, because making a cluster keeps a disk busy for a second or more; few clusters for the same reason.
@Suite(.serialized) struct PrivateClusterTests {
    @Test func `a new cluster is durable, and the program's role in it is no superuser`() async throws {
        try await withCluster { cluster in
            let running = try await start(cluster)
            #expect(running.wasStarted)
            for (setting, value) in [
                ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("wal_level", "replica"),
                ("listen_addresses", ""), ("max_connections", "200"), ("server_encoding", "UTF8"), ("TimeZone", "UTC"),
                ("data_checksums", "on"),
            ] {
                #expect(try await ask("SHOW \(setting)", running.url) == value, "\(setting)")
            }
            #expect(try await ask("SELECT current_user || ' ' || current_database()", running.url) == "drizzl drizzl")
            let role = "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            #expect(try await ask(role, running.url) == "f|t|t")
            #expect(try await ask("CREATE ROLE engine; GRANT engine TO drizzl; SET ROLE engine", running.url).isEmpty)
            #expect(
                try await ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", running.superuserURL) == "t"
            )
        }
    }

    @Test func `a running cluster is used as it is, and what a killed start left out is completed`() async throws {
        try await withCluster { cluster in
            let first = try await start(cluster)
            let status = try cluster.status()
            try await ask("DROP DATABASE drizzl", first.superuserURL)
            try await ask("DROP ROLE drizzl", first.superuserURL)
            let second = try await start(PrivateCluster(directory: cluster.directory))
            #expect(!second.wasStarted)
            #expect(second.url == first.url)
            #expect(try cluster.status() == status)
            #expect(try await ask("SELECT 1", first.url) == "1")
        }
    }

    @Test func `what was committed outlives kill -9, a stale pid file and a lost socket`() async throws {
        try await withCluster { cluster in
            let running = try await start(cluster)
            try await ask("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)", running.url)

            guard case .running(let pid) = try cluster.status() else { throw TestFailure("it does not run") }
            kill(pid, SIGKILL)
            #expect(try await start(cluster).wasStarted)
            #expect(try await ask("SELECT n FROM kept", running.url) == "1")

            // As after a crash and a restart of the machine: the number is in use again, by somebody else.
            let home = running.home
            _ = try await onThread { try cluster.stop() }
            let stale = "\(getpid())\n\(home.data)\n0\n5432\n\(home.socketDirectory)\n\n\n"
            try stale.write(toFile: "\(home.data)/postmaster.pid", atomically: false, encoding: .utf8)
            #expect(try cluster.status() == .stopped)
            #expect(try await start(cluster).wasStarted)
            #expect(try await ask("SELECT n FROM kept", running.url) == "1")

            try FileManager.default.removeItem(atPath: home.socketDirectory)
            #expect(try await start(cluster).wasStarted)
            #expect(try await ask("SELECT n FROM kept", running.url) == "1")
        }
    }

    @Test func `an initialization that was cut off begins anew`() async throws {
        try await withCluster { cluster in
            let home = try cluster.prepareHome()
            try FileManager.default.createDirectory(atPath: home.unfinishedData, withIntermediateDirectories: false)
            try "15".write(toFile: "\(home.unfinishedData)/PG_VERSION", atomically: false, encoding: .utf8)
            #expect(try cluster.status() == .notCreated)
            #expect(try await start(cluster).wasStarted)
        }
    }

    @Test func `two starts at once make one cluster, two stops stop it once, and removing leaves nothing`() async throws
    {
        try await withCluster { cluster in
            #expect(try !cluster.stop())
            async let first = start(cluster)
            async let second = start(cluster)
            let both = try await [first, second]
            #expect(both.filter(\.wasStarted).count == 1)

            #expect(try await onThread { try cluster.stop() })
            #expect(try !cluster.stop())
            #expect(try cluster.status() == .stopped)
            let home = both[0].home
            #expect(home.isInitialized)

            try await onThread { try cluster.remove() }
            for path in [cluster.directory, home.path, home.socketDirectory] {
                #expect(!FileManager.default.fileExists(atPath: path), "\(path)")
            }
            #expect(try cluster.status() == .notCreated)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root has a user that cannot follow it"))
    func `data that the server's user could not reach is kept elsewhere, and a note says where`() async throws {
        try await withCluster { cluster in
            let parent = URL(fileURLWithPath: cluster.directory).deletingLastPathComponent().path
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: parent)
            let running = try await start(cluster)
            #expect(running.home.path.hasPrefix(PrivateCluster.systemDirectory))
            #expect(cluster.locationNotice(running.home)?.contains(running.home.path) == true)
            #expect(try cluster.running()?.url == running.url)
            #expect(try await ask("SELECT 1", running.url) == "1")
            try await onThread { try cluster.remove() }
            #expect(!FileManager.default.fileExists(atPath: running.home.path))
        }
    }

    @Test func `a server that cannot start gives its own last words`() async throws {
        try await withCluster { cluster in
            let home = try await start(cluster).home
            _ = try await onThread { try cluster.stop() }
            try "max_connections = many\n".write(
                toFile: "\(home.data)/postgresql.auto.conf", atomically: false, encoding: .utf8)
            let error = await #expect(throws: ClusterError.self) { try await start(cluster) }
            #expect(error?.description.contains("max_connections") == true)
            #expect(error?.description.contains(home.log) == true)
        }
    }

    // MARK: - Support

    private func withCluster(_ body: (PrivateCluster) async throws -> Void) async throws {
        let scratch = try makeScratch()
        let cluster = PrivateCluster(directory: "\(scratch)/postgres")
        let result: Result<Void, any Error>
        do { result = .success(try await body(cluster)) } catch { result = .failure(error) }
        try await onThread {
            try cluster.remove()
            try FileManager.default.removeItem(atPath: scratch)
        }
        try result.get()
    }

    private func start(_ cluster: PrivateCluster) async throws -> PrivateCluster.Running {
        try await onThread { try cluster.start() }
    }

    @discardableResult
    private func ask(_ sql: String, _ url: String) async throws -> String {
        let installation = try #require(try PostgresInstallation.find())
        let result = try await onThread {
            try CapturedProcess.run(
                "\(installation.folder)/psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        }
        guard result.succeeded else { throw TestFailure(result.output) }
        return result.output
    }
}
