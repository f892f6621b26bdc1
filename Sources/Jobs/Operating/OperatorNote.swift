/// Who does something to jobs by hand, and why: kept with what is done.
public struct OperatorNote: Sendable, Hashable {
    /// Who, as colleagues know the person.
    public let name: String
    /// Why; a safe text.
    public let reason: String

    /// Says who and why.
    ///
    /// - Parameters:
    ///   - name: Who; the first hundred characters are kept.
    ///   - reason: Why; a safe text, cut as ``SafeText`` says.
    public init(name: String, reason: String) {
        let name = SafeText.cut(name)
        self.name = name.isEmpty ? "unknown" : String(name.unicodeScalars.prefix(100))
        self.reason = SafeText.cut(reason)
    }
}

/// What an operator does to one job.
///
/// The raw values are stable, for rows outlive code.
public enum OperatorAction: String, Sendable, CaseIterable {
    /// Runs a dead, scheduled, held or cancelled job at once.
    case retry
    /// Replaces a dead letter by a new job with another payload.
    case edit
    /// Retries many dead letters at once.
    case redrive
    /// Runs a scheduled job at once.
    case runNow = "run_now"
    /// Calls a job off.
    case cancel
    /// Gives a dead letter up for good.
    case discard
    /// Lets no jobs of a queue, kind or key begin.
    case pause
    /// Lets them begin again.
    case resume
    /// Lets a worker take nothing new.
    case drain
}
