import Foundation

/// Graphviz's `dot`, which finds places for boxes and ways for arrows.
///
/// A program of its own, so that nothing of it is in ours: it is given a graph and says where everything goes.
enum Graphviz {
    /// Why there is no layout.
    enum Fault: Error {
        /// It is not installed.
        case missing
        /// It failed, or took too long.
        case failed
    }

    /// The longest that a graph of ours may take; the largest takes a tenth of a second.
    private static let limit = Duration.seconds(5)
    private static let look: UInt32 = 2_000

    /// Lays a graph out.
    ///
    /// On a thread of its own: waiting for a program blocks.
    ///
    /// - Parameter graph: The graph in the DOT language.
    /// - Returns: The graph as JSON, with places.
    /// - Throws: ``Fault``.
    static func layOut(_ graph: String) async throws -> Data {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try run(graph) }) }.start()
        }
    }

    private static func run(_ graph: String) throws -> Data {
        // Files and not pipes: neither side can wait for the other.
        let (input, output) = (try scratch(), try scratch())
        try input.write(contentsOf: Data(graph.utf8))
        try input.seek(toOffset: 0)
        let pid = try spawn(input.fileDescriptor, output.fileDescriptor)
        let deadline = ContinuousClock.now + limit
        var status: Int32 = 0
        while true {
            let ended = waitpid(pid, &status, WNOHANG)
            if ended == pid { break }
            if ended < 0, errno != EINTR { throw Fault.failed }
            guard ContinuousClock.now < deadline else {
                kill(pid, SIGKILL)
                while waitpid(pid, &status, 0) < 0, errno == EINTR {}
                throw Fault.failed
            }
            usleep(look)
        }
        guard status == 0 else { throw Fault.failed }
        try output.seek(toOffset: 0)
        return try output.readToEnd() ?? Data()
    }

    /// A file without a name, which is gone with its handle.
    private static func scratch() throws -> FileHandle {
        let path = FileManager.default.temporaryDirectory.appending(path: "drizzl-graph-\(UUID())").path
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Fault.failed }
        unlink(path)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func spawn(_ input: Int32, _ output: Int32) throws(Fault) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)

        // Threads of Swift block most signals, and a program inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        // JSON without the steps of drawing: places are all that we take.
        let line = ["dot", "-Tjson0"]
        var arguments: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C.UTF-8"), nil]
        defer { (arguments + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "dot", &actions, &attributes, &arguments, &variables)
        if code == ENOENT { throw .missing }
        guard code == 0 else { throw .failed }
        return pid
    }
}
