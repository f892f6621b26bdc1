import Foundation
import TestSupport

@testable import Drizzl

/// Two servers on this machine, the second a synchronous standby of the first.
struct Replicas {
    let primary: TestServer
    let standby: TestServer
    private let folder: String

    /// The connection string of an application: both servers, and whichever takes writes.
    var url: String { url(primary, standby) }

    /// The connection string of one server, or of several of which the first that takes writes is meant.
    func url(_ servers: TestServer...) -> String {
        let hosts = servers.map(\.socketDirectory).joined(separator: ",")
        return "postgresql:///drizzl?host=\(hosts)&user=postgres&target_session_attrs=read-write"
    }

    /// Makes both, gives them to `body`, and removes them.
    static func with(_ body: @Sendable (Replicas) async throws -> Void) async throws {
        let folder = "/tmp/drizzl-ha-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let account = try ServerAccount.forNewCluster()
        guard let installation = try PostgresInstallation.find() else { throw ClusterError.notInstalled }
        guard chown(folder, account.uid, account.gid) == 0 else {
            throw ClusterError.notWritable(path: folder, reason: String(cString: strerror(errno)))
        }
        let replicas = Replicas(
            primary: TestServer(folder: "\(folder)/a", installation: installation, account: account),
            standby: TestServer(folder: "\(folder)/b", installation: installation, account: account), folder: folder)
        do {
            try await replicas.start()
            try await body(replicas)
        } catch {
            await replicas.stop()
            throw error
        }
        await replicas.stop()
    }

    private func start() async throws {
        try await primary.initialize()
        try await primary.start()
        try await primary.ask("CREATE DATABASE drizzl", database: "postgres")
        try await standby.copy(primary, as: "standby")
        try await standby.start(options: "-c cluster_name=standby")
        try await primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        try await primary.ask("SELECT pg_reload_conf()")
        try await eventually("the standby is synchronous") {
            try await primary.ask("SELECT sync_state FROM pg_stat_replication") == "sync"
        }
    }

    private func stop() async {
        for server in [standby, primary] { await server.kill() }
    }
}

/// One PostgreSQL of a test, reached by a socket in its own folder.
struct TestServer: Sendable {
    let folder: String
    let installation: PostgresInstallation
    let account: ServerAccount

    var socketDirectory: String { folder }
    private var data: String { "\(folder)/data" }

    func initialize() async throws {
        try makeFolder()
        try await run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"])
        let settings = """
            listen_addresses = ''
            max_connections = 150
            timezone = 'UTC'
            # Programs are killed here, not machines: what was written is written.
            fsync = off
            shared_buffers = 64MB

            """
        try append(settings, to: "\(data)/postgresql.conf")
    }

    /// Takes a copy of another server, to follow it.
    func copy(_ other: TestServer, as name: String) async throws {
        try makeFolder()
        try await run(
            "pg_basebackup",
            [
                "-D", data, "-R", "-X", "stream", "-c", "fast", "-N",
                "-d", "host=\(other.socketDirectory) user=postgres application_name=\(name)",
            ])
    }

    func start(options: String = "") async throws {
        try await run(
            "pg_ctl",
            [
                "start", "-D", data, "-w", "-s", "-t", "60", "-l", "\(folder)/log", "-o",
                "-k \(socketDirectory) \(options)",
            ])
    }

    func promote() async throws {
        try await run("pg_ctl", ["promote", "-D", data, "-w", "-s", "-t", "60"])
    }

    /// Kills every process of the server at once, as a power cut would.
    func kill() async {
        guard let postmaster else { return }
        // First it must not notice the death of its children, or it would clean up after them.
        Glibc.kill(postmaster, SIGSTOP)
        let all = processes + [postmaster]
        for pid in all { Glibc.kill(pid, SIGKILL) }
        try? await eventually("the server's processes are gone") { all.allSatisfy { !Self.isRunning($0) } }
        for name in ["data/postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"] { unlink("\(folder)/\(name)") }
    }

    /// Cuts a standby off from its primary: what the primary writes from then on, it never sees.
    func stopFollowing() async throws {
        try await ask("ALTER SYSTEM SET primary_conninfo = ''", database: "postgres")
        try await ask("SELECT pg_reload_conf()", database: "postgres")
        try await eventually("nothing comes from the primary") {
            try await ask("SELECT count(*) FROM pg_stat_wal_receiver", database: "postgres") == "0"
        }
    }

    /// What a query of one column answers, through `psql`.
    @discardableResult
    func ask(_ query: String, database: String = "drizzl") async throws -> String {
        try await run("psql", ["-XAtq", "-h", socketDirectory, "-U", "postgres", "-d", database, "-c", query])
    }

    private var postmaster: Int32? {
        guard let text = try? String(contentsOfFile: "\(data)/postmaster.pid", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first.flatMap { Int32($0) }
    }

    /// The server's processes but the first.
    private var processes: [Int32] {
        guard let postmaster else { return [] }
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return pids.filter { Self.status(of: $0)?.parent == postmaster }
    }

    /// A process that nobody has taken leave of yet, a zombie, does not run.
    private static func isRunning(_ pid: Int32) -> Bool { status(of: pid).map { $0.state != "Z" } ?? false }

    private static func status(of pid: Int32) -> (state: Substring, parent: Int32)? {
        // "123 (name) S 1 …"; the name may hold anything.
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let words = text.split(separator: ")").last?.split(separator: " "), words.count > 1
        else { return nil }
        return (words[0], Int32(words[1]) ?? 0)
    }

    private func makeFolder() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        guard chown(folder, account.uid, account.gid) == 0 else {
            throw ClusterError.notWritable(path: folder, reason: String(cString: strerror(errno)))
        }
    }

    private func append(_ text: String, to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) async throws -> String {
        // Waiting blocks, so not on a thread that other tasks wait for.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let result = try CapturedProcess.run(
                            "\(installation.folder)/\(program)", arguments, as: account)
                        guard result.succeeded else {
                            throw ClusterError.commandFailed(command: program, output: result.output)
                        }
                        return result.output
                    })
            }
        }
    }
}
