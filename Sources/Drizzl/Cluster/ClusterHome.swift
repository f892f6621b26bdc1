import Foundation

/// Where one private cluster really is, and who runs it.
struct ClusterHome: Equatable, Sendable {
    /// The directory that holds everything; not always the one that was asked for.
    let path: String
    /// Who owns the data and runs the server.
    let account: ServerAccount

    /// PostgreSQL's data directory.
    var data: String { "\(path)/data" }
    /// A data directory in the making; it becomes ``data`` when it is complete.
    var unfinishedData: String { "\(path)/data.new" }
    /// What the server writes.
    var log: String { "\(path)/server.log" }

    /// The directory of the Unix socket.
    ///
    /// In `/tmp` because a socket's whole path has at most 107 bytes, and a clone may lie deep; by user and place, so
    /// that clusters do not meet.
    var socketDirectory: String { "/tmp/drizzl-\(account.uid)-\(Self.fingerprint(of: path))" }

    /// Whether a complete data directory is there.
    var isInitialized: Bool { FileManager.default.fileExists(atPath: "\(data)/PG_VERSION") }

    /// A short name for a path: FNV-1a in hexadecimal.
    static func fingerprint(of path: String) -> String {
        let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The connection string for one role and database, through the socket.
    func url(database: String, user: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        let host = socketDirectory.addingPercentEncoding(withAllowedCharacters: unreserved) ?? socketDirectory
        return "postgresql:///\(database)?host=\(host)&user=\(user)"
    }
}
