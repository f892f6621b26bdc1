internal import Foundation
internal import Synchronization

/// One process that the play has started: a real one, which can be treated like one.
///
/// By `posix_spawn`, not Foundation's `Process`: on Linux that notices an end by a socket that every program started
/// meanwhile inherits (Swift 6.3, November 2026).
final class ChaosProcess: Sendable {
    /// It could not be started.
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    let pid: pid_t
    private let ending = Mutex(Ending())
    /// The other end of its standard input; closed with us, whereupon it ends.
    private let orders: FileHandle

    private struct Ending {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    /// Starts a program that reads a line from standard input and writes to a log.
    init(_ line: [String], orders text: Data, log: FileHandle) throws {
        var ends: [Int32] = [0, 0]
        // A socket pair and not a pipe: closed to other programs from the first moment.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw NotStarted(description: "no connection: \(String(cString: strerror(errno)))")
        }
        let input = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        orders = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.fileDescriptor, 0)
        posix_spawn_file_actions_adddup2(&actions, log.fileDescriptor, 1)
        posix_spawn_file_actions_adddup2(&actions, log.fileDescriptor, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of Swift block most signals, and a program inherits that: it could not be stopped.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own: Ctrl-C is for us alone to hear, and should we be killed while it is stopped, the system
        // lets go a stopped process whose group has lost its last tie, and it finds its orders at an end.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        let variables = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/"]
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var names: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (words + names).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, line[0], &actions, &attributes, &words, &names)
        guard code == 0 else { throw NotStarted(description: "\(line[0]): \(String(cString: strerror(code)))") }
        self.pid = pid
        // Should it be gone already, waiting says so.
        _ = text.withUnsafeBytes { send(orders.fileDescriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        // Waiting blocks, so not on a thread that other tasks wait for.
        Thread { [self] in noteEnd() }.start()
    }

    /// Sends a signal, if it still runs.
    func signal(_ number: Int32) {
        // Under the lock, because the number is another program's once the end was noted.
        ending.withLock { if $0.status == nil { _ = kill(pid, number) } }
    }

    /// Waits until it has ended, and answers the exit status, or 128 and the signal's number when a signal ended it.
    func waitForExit() async -> Int32 {
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
        let (waiting, result) = ending.withLock { ending in
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            let result = signal == 0 ? (status >> 8) & 0xff : 128 + signal
            ending.status = result
            defer { ending.waiting = [] }
            return (ending.waiting, result)
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }
}
