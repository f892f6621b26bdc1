public import Foundation
internal import Synchronization

/// A program of the operating system that a test starts.
///
/// By `posix_spawn`, not Foundation's `Process`: on Linux that notices an end by a socket that every program started
/// meanwhile inherits, so that two of them can wait for each other for ever (Swift 6.3, November 2026).
public final class ChildProcess: Sendable {
    /// It could not be started.
    public struct NotStarted: Error, CustomStringConvertible {
        /// The program and why.
        public let description: String
    }

    /// Its number.
    public let pid: pid_t
    private let ending = Mutex(Ending())

    private struct Ending {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    /// Starts a program with the given streams.
    ///
    /// - Parameters:
    ///   - line: The program, looked up in `PATH`, and its arguments.
    ///   - environment: Its variables; nil: ours.
    ///   - input: What it reads; nil: nothing.
    ///   - output: Where it writes.
    ///   - errors: Where it complains.
    /// - Throws: ``NotStarted``.
    public init(
        _ line: [String], environment: [String: String]? = nil, input: FileHandle? = nil, output: FileHandle,
        errors: FileHandle
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input.fileDescriptor, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.fileDescriptor, 2)

        // Threads of Swift block most signals, and a program inherits that: it could not be stopped.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var names: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (words + names).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, line[0], &actions, &attributes, &words, &names)
        guard code == 0 else { throw NotStarted(description: "\(line[0]): \(String(cString: strerror(code)))") }
        self.pid = pid
        // Waiting blocks, so not on a thread that other tasks wait for.
        Thread { [self] in noteEnd() }.start()
    }

    /// Runs a program to its end and answers what it printed.
    ///
    /// - Parameter line: The program and its arguments.
    /// - Returns: Its standard output.
    /// - Throws: ``NotStarted``.
    public static func output(of line: [String]) throws -> String {
        let pipe = try Stream()
        let process = try ChildProcess(line, output: pipe.writing, errors: .nullDevice)
        try pipe.writing.close()
        let data = try pipe.reading.readToEnd() ?? Data()
        withExtendedLifetime(process) {}
        return String(decoding: data, as: UTF8.self)
    }

    /// Whether it still runs.
    public var isRunning: Bool { ending.withLock { $0.status == nil } }

    /// Sends a signal, if it still runs.
    public func send(_ signal: Int32) {
        // Under the lock, because the number is another program's once the end was noted.
        ending.withLock { if $0.status == nil { _ = kill(pid, signal) } }
    }

    /// Waits until it has ended.
    ///
    /// - Returns: The exit status, or 128 and the signal's number when a signal ended it.
    @discardableResult
    public func waitForExit() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = ending.withLock { ending -> Int32? in
                if ending.status == nil { ending.waiting.append(continuation) }
                return ending.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    private func noteEnd() {
        var status: Int32 = 0
        var information = siginfo_t()
        // First only looks, so that the number stays this program's until the end is noted.
        while waitid(P_PID, id_t(pid), &information, Int32(WEXITED | WNOWAIT)) != 0, errno == EINTR {}
        let waiting = ending.withLock { ending in
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            ending.status = signal == 0 ? (status >> 8) & 0xff : 128 + signal
            defer { ending.waiting = [] }
            return ending.waiting
        }
        for continuation in waiting { continuation.resume(returning: ending.withLock { $0.status ?? 0 }) }
    }
}

extension FileHandle {
    /// Waits for bytes; none when there will be no more.
    ///
    /// Not Foundation's `availableData`, which ends the whole program when a signal comes or the other side is killed.
    func moreBytes() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count = Glibc.read(fileDescriptor, &buffer, buffer.count)
        while count < 0, errno == EINTR { count = Glibc.read(fileDescriptor, &buffer, buffer.count) }
        return Array(buffer.prefix(max(count, 0)))
    }
}

/// Two connected ends, of which no program inherits one by accident.
public struct Stream: Sendable {
    /// What is read from.
    public let reading: FileHandle
    /// What is written to.
    public let writing: FileHandle

    /// Connects two ends.
    ///
    /// - Throws: ``ChildProcess/NotStarted`` when there are no more descriptors.
    public init() throws {
        var ends: [Int32] = [0, 0]
        // A socket pair and not a pipe: it is closed to programs from the first moment, a pipe only a moment later.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ChildProcess.NotStarted(description: "no connection: \(String(cString: strerror(errno)))")
        }
        reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }
}
