/// What becomes of a job whose worker was lost.
///
/// The raw values are stable, for rows outlive code.
public enum LossPolicy: String, Sendable, Codable, CaseIterable {
    /// It runs again, at its old place in the line; only the crash is counted.
    case retry
    /// It is a dead letter at once: what it does must not happen twice unless a person says so.
    case dead
    /// It runs again, and the attempt counts like a failed one.
    case attempt
}
