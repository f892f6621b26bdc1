/// Why the private PostgreSQL cannot be had, in a sentence for the person at the terminal.
enum ClusterError: Error, Equatable, CustomStringConvertible {
    /// No folder with `initdb`, `postgres`, `pg_ctl` and `psql` was found.
    case notInstalled
    /// The disk is full, or so nearly that starting would only fail later.
    case noSpace(path: String, freeMegabytes: Int?)
    /// The directory cannot be made or written.
    case notWritable(path: String, reason: String)
    /// The directory holds things that are not ours; taking it over would change their owner.
    case directoryInUse(path: String)
    /// The data was written by a PostgreSQL of another major version than any that is installed.
    case otherVersion(path: String, found: String, installed: [Int])
    /// The data belongs to another user of this machine.
    case otherOwner(path: String, uid: UInt32)
    /// The name in `/tmp` where the socket should be is held by someone else.
    case socketDirectoryTaken(path: String)
    /// `initdb` failed.
    case initializationFailed(output: String)
    /// The server did not start; `log` is what it wrote while trying.
    case startFailed(log: String, logPath: String)
    /// The server did not stop.
    case stopFailed(output: String)
    /// A program of PostgreSQL, or the one that changes the user, could not be run or refused.
    case commandFailed(command: String, output: String)

    var description: String {
        switch self {
        case .notInstalled:
            """
            PostgreSQL is not installed here (looked for initdb on the PATH, at pg_config --bindir and under \
            /usr/lib/postgresql). Run scripts/setup, or install it: apt-get install postgresql. \
            Or set DATABASE_URL to a server you have.
            """
        case .noSpace(let path, let freeMegabytes):
            """
            The disk of \(path) is too full for a database\
            \(freeMegabytes.map { " (\($0) MB free, \(PrivateCluster.neededMegabytes) MB needed)" } ?? ""). \
            Free some space and start again; nothing was lost.
            """
        case .notWritable(let path, let reason):
            "The database's directory \(path) cannot be written: \(reason)."
        case .directoryInUse(let path):
            "\(path) holds files that are not a database of Drizzl's. Name an empty or new directory instead."
        case .otherVersion(let path, let found, let installed):
            """
            The database in \(path) was written by PostgreSQL \(found), and installed here is \
            \(installed.map(String.init).joined(separator: ", ")). Install postgresql-\(found), or move the data over \
            with pg_upgrade or pg_dump.
            """
        case .otherOwner(let path, let uid):
            """
            The database in \(path) belongs to user id \(uid). Start Drizzl as that user or as root, or name another \
            directory.
            """
        case .socketDirectoryTaken(let path):
            "\(path) is needed for the database's socket, and somebody else owns it or others can enter. Remove it."
        case .initializationFailed(let output):
            "PostgreSQL could not make a new database directory (initdb): \(output)"
        case .startFailed(let log, let logPath):
            "PostgreSQL did not start. Its last words (all of them are in \(logPath)):\n\(log)"
        case .stopFailed(let output):
            "PostgreSQL did not stop: \(output)"
        case .commandFailed(let command, let output):
            "\(command) failed: \(output)"
        }
    }
}
