import Foundation

/// A PostgreSQL of our own, kept in a directory, for one machine.
///
/// It listens on a Unix socket in a directory that only its user can enter, and on no network address; that is why it
/// needs no password. It runs on when the program that started it ends or is killed, and the next start finds it.
/// Starting and stopping take a lock, so two programs may do it at once.
struct PrivateCluster: Sendable {
    /// What a new or stopped cluster wants to see free on its disk.
    static let neededMegabytes = 300

    /// The directory that was asked for.
    let directory: String

    /// - Parameter directory: Where to keep everything, such as `.drizzl/postgres`; made when it is not there.
    init(directory: String) {
        self.directory = URL(fileURLWithPath: directory).standardizedFileURL.path
    }

    /// A cluster that runs and can be connected to.
    struct Running: Sendable {
        /// Where it is.
        let home: ClusterHome
        /// Whether this call started it, so that whoever called may stop it.
        let wasStarted: Bool

        /// For the program: its own role, which owns its database and is no superuser.
        var url: String { home.url(database: "drizzl", user: "drizzl") }
        /// For tests and repairs: the superuser.
        var superuserURL: String { home.url(database: "postgres", user: "postgres") }
    }

    /// What can be said of a cluster from outside.
    enum Status: Equatable, Sendable {
        case notCreated
        case stopped
        case running(pid: Int32)
    }

    /// Starts the cluster, and makes it first when there is none.
    ///
    /// Already running, it is used as it is. After a crash, or `kill -9` of everything, it recovers first.
    ///
    /// - Returns: How to connect.
    /// - Throws: ``ClusterError``, which says what to do.
    func start() throws(ClusterError) -> Running {
        let home = try prepareHome()
        let lock = try DirectoryLock(directory: directory)
        defer { lock.release() }
        let installation = try installation(for: home)
        let isAnswering = try isAnswering(home)
        if !isAnswering {
            try requireSpace(home)
            try prepareSocketDirectory(home)
            try initialize(home, with: installation)
            try writeSettings(home)
            try startServer(home, with: installation)
        }
        // Also on a running server: whoever started it may have been killed right after.
        try createRoleAndDatabase(home, with: installation)
        return Running(home: home, wasStarted: !isAnswering)
    }

    /// Stops the cluster; open transactions are rolled back.
    ///
    /// - Returns: Whether there was anything to stop.
    /// - Throws: ``ClusterError``.
    @discardableResult
    func stop() throws(ClusterError) -> Bool {
        guard let home = try existingHome(), home.isInitialized else { return false }
        let lock = try DirectoryLock(directory: directory)
        defer { lock.release() }
        guard serverProcess(home) != nil else { return false }
        try stopServer(home, with: try installation(for: home))
        return true
    }

    /// Whether the cluster is there, and runs.
    func status() throws(ClusterError) -> Status {
        guard let home = try existingHome(), home.isInitialized else { return .notCreated }
        guard let pid = serverProcess(home) else { return .stopped }
        return .running(pid: pid)
    }

    /// The connection strings of the cluster, running or not; nothing when there is none.
    func running() throws(ClusterError) -> Running? {
        guard let home = try existingHome(), home.isInitialized else { return nil }
        return Running(home: home, wasStarted: false)
    }

    /// Stops the cluster and deletes it with all its data.
    func remove() throws(ClusterError) {
        try stop()
        guard let home = try existingHome() else { return }
        var paths = [home.socketDirectory, home.data, home.unfinishedData, home.log, "\(home.log).1"]
        paths += ["\(directory)/\(Self.noteName)", "\(directory)/\(DirectoryLock.name)"]
        if home.path != directory { paths.append(home.path) }
        for path in paths where FileManager.default.fileExists(atPath: path) {
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                throw .notWritable(path: path, reason: Self.reason(error))
            }
        }
        // Only when nothing else is in it: rmdir refuses otherwise, and that is right.
        rmdir(directory)
    }

    /// The installation that can run the cluster's data.
    func installation(for home: ClusterHome) throws(ClusterError) -> PostgresInstallation {
        let found = (try? String(contentsOfFile: "\(home.data)/PG_VERSION", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let installation = try PostgresInstallation.find(major: found.map { Int($0) ?? 0 }) else {
            throw .otherVersion(
                path: home.data, found: found ?? "", installed: PostgresInstallation.all().map(\.major))
        }
        return installation
    }

    private func requireSpace(_ home: ClusterHome) throws(ClusterError) {
        var system = statvfs()
        guard statvfs(home.path, &system) == 0 else { return }
        let free = Int(system.f_bavail) * Int(system.f_frsize) / 1_000_000
        guard free >= Self.neededMegabytes else { throw .noSpace(path: home.path, freeMegabytes: free) }
    }
}
