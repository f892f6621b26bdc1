/// Where a job is.
///
/// The raw values are stable, for programs read them.
public enum JobPlace: String, Sendable, CaseIterable, Codable {
    /// It waits for a worker.
    case ready
    /// It waits for its moment.
    case scheduled
    /// A worker has it.
    case leased
    /// It is not tried again.
    case dead
    /// It succeeded.
    case finished
}
