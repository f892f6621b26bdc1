/// Where a job is.
///
/// The raw values are stable, for programs read them.
public enum JobPlace: String, Sendable, CaseIterable, Codable {
    /// It waits for other jobs to succeed.
    case blocked
    /// It waits for its moment.
    case scheduled
    /// It waits for a slot of its concurrency key.
    case waiting
    /// It waits for a worker.
    case ready
    /// It was its turn, but its kind or its key is paused.
    case held
    /// A worker has it.
    case leased
    /// It is not tried again.
    case dead
    /// It was called off.
    case cancelled
    /// It succeeded.
    case finished
}
