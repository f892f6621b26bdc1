/// A job that has to succeed before another one begins.
///
/// When it is cancelled, or discarded by an operator, whatever waits for it is cancelled, too. While it is a dead
/// letter, which an operator may run again, they go on waiting.
public enum JobDependency: Sendable, Hashable, Codable {
    /// A job that exists.
    case job(JobID)
    /// The job of an earlier request in the same call of ``Queue/enqueue(_:now:)``, counted from 0.
    case position(Int)
}
