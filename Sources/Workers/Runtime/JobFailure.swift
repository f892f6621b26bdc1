public import Jobs

/// What is to follow when a job was not done.
///
/// The reasons are kept and shown to operators: no addresses, no bodies.
public enum JobFailure: Error, Sendable, Hashable {
    /// Try again, as the policy says.
    case retry(_ reason: String)
    /// Try again after this time, as the other side has asked. Counts as an attempt.
    case retryAfter(Duration, _ reason: String)
    /// It is too early. Come back after this time; counts as no attempt.
    case snooze(Duration, _ reason: String)
    /// Trying again is no use: the mailbox is unknown, the number invalid.
    case discard(_ reason: String)
    /// It is not wanted any more: no dead letter, and what waits for it is cancelled, too.
    case cancel(_ reason: String)
}

extension JobFailure: SafeTextError {
    /// The reason as the handler gave it.
    public var safeText: String {
        switch self {
        case .retry(let reason), .retryAfter(_, let reason), .snooze(_, let reason), .discard(let reason),
            .cancel(let reason):
            reason
        }
    }
}

/// An attempt took longer than its handler allows.
struct TimeLimitPassed: SafeTextError {
    let limit: Duration
    /// The handler went on although its task was cancelled.
    let isStuck: Bool

    var safeText: String {
        "the time limit of \(limit) passed" + (isStuck ? ", and the handler did not stop" : "")
    }
}

/// A payload is not what its handler reads.
struct UndecodablePayload: SafeTextError {
    let safeText: String

    /// Names the place and the fault, but no value.
    init(_ error: any Error) {
        safeText =
            switch error as? DecodingError {
            case .keyNotFound(let key, let context)?:
                "the payload has no \(Self.path(context.codingPath + [key]))"
            case .typeMismatch(let type, let context)?:
                "the payload's \(Self.path(context.codingPath)) is no \(type)"
            case .valueNotFound(let type, let context)?:
                "the payload's \(Self.path(context.codingPath)) is null and should be a \(type)"
            case .dataCorrupted(let context)?:
                "the payload's \(Self.path(context.codingPath)) cannot be read"
            default: "the payload cannot be read"
            }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "whole" : keys.map(\.stringValue).joined(separator: ".")
    }
}
