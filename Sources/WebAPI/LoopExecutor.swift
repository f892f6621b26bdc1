import NIOCore

/// Runs a connection's tasks on the thread that reads and writes the connection.
///
/// On Swift's shared threads every request changed threads twice more: there from where it was read, and back to where it is
/// written. Nothing that blocks may run here: the database has threads of its own, and so has hashing.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
