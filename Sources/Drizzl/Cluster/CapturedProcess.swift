import Foundation

/// A program that ran to its end, with what it said.
///
/// By `posix_spawn`, not Foundation's `Process`: on Linux that waits until everybody who inherited a socket of its own
/// has ended, and the server that `pg_ctl start` leaves behind inherits it (Swift 6.3, November 2026).
struct CapturedProcess: Sendable {
    /// The exit status, or 128 and the signal's number when a signal ended it.
    let status: Int32
    /// Standard output and standard error together, without white space at the ends.
    let output: String

    var succeeded: Bool { status == 0 }

    /// Runs a program and waits for it.
    ///
    /// It runs in `/`, because PostgreSQL's programs refuse a current directory that they cannot read, and in a small
    /// environment of its own: `PGDATA`, `PGPORT`, `PGOPTIONS` and their like would change what they do.
    ///
    /// - Parameters:
    ///   - executable: The program's full path.
    ///   - arguments: Its arguments.
    ///   - account: Who it runs as; whoever runs us, when not given.
    /// - Returns: Status and output.
    /// - Throws: ``ClusterError/commandFailed(command:output:)`` when it could not be run at all.
    static func run(
        _ executable: String, _ arguments: [String], as account: ServerAccount? = nil
    ) throws(ClusterError) -> CapturedProcess {
        func failure(_ code: Int32) -> ClusterError {
            .commandFailed(command: executable, output: String(cString: strerror(code)))
        }
        // A file and not a pipe, because whatever the program leaves behind could hold a pipe open for ever.
        let path = "/tmp/drizzl-output-\(UUID().uuidString)"
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno) }
        unlink(path)
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)

        let (code, pid) = spawn(
            ["/usr/bin/env", "-C", "/"] + (account?.prefix ?? []) + [executable] + arguments, output: descriptor)
        guard code == 0 else { throw failure(code) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { throw failure(errno) }
        }
        try? file.seek(toOffset: 0)
        let output = (try? file.readToEnd()) ?? Data()
        // What WIFEXITED and WEXITSTATUS say; C macros do not come through.
        let signal = status & 0x7f
        return CapturedProcess(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
            output: String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Starts `line` with nothing to read and both outputs on one descriptor.
    private static func spawn(_ line: [String], output: Int32) -> (code: Int32, pid: pid_t) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)

        // A server must not inherit that we ignore or block SIGTERM: it could not be stopped.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let environment = ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "HOME=/"]
        var arguments: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, line[0], &actions, &attributes, &arguments, &variables)
        return (code, pid)
    }
}
