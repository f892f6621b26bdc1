import Foundation

/// A folder with the programs of one PostgreSQL.
struct PostgresInstallation: Equatable, Sendable {
    /// The folder, such as `/usr/lib/postgresql/15/bin`.
    let folder: String
    /// The major version, such as 15.
    let major: Int

    /// Where to look besides the `PATH`; a `*` stands for a version.
    static let usualFolders = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"]

    /// Finds an installation: the one of `major` when that is given, and otherwise the first.
    ///
    /// The order is the `PATH`, what `pg_config` names, and the usual folders with the newest version first.
    /// Debian keeps the server's programs off the `PATH`, so the usual folders are the usual case.
    ///
    /// - Parameters:
    ///   - major: The version that wrote the data, when there is data.
    ///   - searchPath: Folders separated by colons.
    ///   - folders: Where to look besides.
    /// - Returns: The installation, or nothing when there is none of that version.
    /// - Throws: ``ClusterError/notInstalled`` when there is none of any version.
    static func find(
        major: Int? = nil,
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        folders: [String] = usualFolders
    ) throws(ClusterError) -> PostgresInstallation? {
        let all = all(searchPath: searchPath, folders: folders)
        guard let first = all.first else { throw .notInstalled }
        guard let major else { return first }
        return all.first { $0.major == major }
    }

    /// Every installation, in the order in which they are preferred.
    static func all(
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        folders: [String] = usualFolders
    ) -> [PostgresInstallation] {
        let path = searchPath.split(separator: ":").map(String.init)
        var candidates = path
        // Debian's libpq-dev brings a pg_config that names a folder even where no server is installed.
        for folder in path where FileManager.default.isExecutableFile(atPath: "\(folder)/pg_config") {
            let result = try? CapturedProcess.run("\(folder)/pg_config", ["--bindir"])
            if let result, result.succeeded { candidates.append(result.output) }
        }
        candidates += folders.flatMap(expand)
        var seen: Set<String> = []
        return candidates.filter { seen.insert($0).inserted }.compactMap(PostgresInstallation.init(folder:))
    }

    /// Asks the programs in `folder` for their version; nothing when they are not all there.
    private init?(folder: String) {
        let needed = ["initdb", "postgres", "pg_ctl", "pg_isready", "psql"]
        guard needed.allSatisfy({ FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }) else { return nil }
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        guard let answer = try? CapturedProcess.run("\(folder)/postgres", ["-V"]), answer.succeeded,
            let version = answer.output.split(separator: " ").dropFirst(2).first,
            let major = Int(version.prefix { $0.isNumber })
        else { return nil }
        self.folder = folder
        self.major = major
    }

    /// The folders that a pattern with one `*` stands for, newest version first.
    private static func expand(_ pattern: String) -> [String] {
        let parts = pattern.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return [pattern] }
        let parent = String(parts[0].prefix(through: parts[0].lastIndex(of: "/") ?? parts[0].startIndex))
        let start = String(parts[0].dropFirst(parent.count))
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return
            names
            .compactMap { name in name.hasPrefix(start) ? Double(name.dropFirst(start.count)).map { ($0, name) } : nil }
            .sorted { $0.0 > $1.0 }
            .map { "\(parent)\($0.1)\(parts[1])" }
    }
}
