internal import Jobs

/// What follows from how an attempt ended.
enum Verdict: Sendable, Equatable {
    /// Record the success.
    case succeeded
    /// Put the job off.
    case postponed(Postponement, after: Duration, reason: String)
    /// Make it a dead letter.
    case buried(DeathCause, reason: String)
    /// Give it back to its place in the line.
    case released(reason: String)
    /// Record that it was called off.
    case cancelled(reason: String)
    /// Nothing: it is recorded already, or it is somebody else's to record.
    case nothing

    /// Decides what follows when a handler threw `error`.
    ///
    /// Pure but for the generator.
    ///
    /// - Parameters:
    ///   - error: What the handler threw.
    ///   - attempt: Which attempt it was, from 1.
    ///   - limit: How often the job may be tried by its own account.
    ///   - retry: The handler's policy, which may allow fewer.
    ///   - generator: Where the jitter comes from.
    /// - Returns: What follows.
    static func onFailure(
        _ error: any Error, attempt: Int, limit: Int, retry: RetryPolicy,
        using generator: inout some RandomNumberGenerator
    ) -> Verdict {
        let reason = SafeText.of(error)
        switch error {
        case is LeaseLost:
            return .nothing
        case is UndecodablePayload, is PayloadSealError:
            return .buried(.undecodable, reason: reason)
        case JobFailure.discard:
            return .buried(.discarded, reason: reason)
        case JobFailure.cancel:
            return .cancelled(reason: reason)
        case JobFailure.snooze(let pause, _):
            return .postponed(.snoozed, after: pause, reason: reason)
        case _ where attempt >= min(limit, retry.attempts):
            return .buried(.attempts, reason: reason)
        case JobFailure.retryAfter(let pause, _):
            return .postponed(.failed, after: pause, reason: reason)
        default:
            let pause = retry.delay(beforeAttempt: attempt + 1, using: &generator)
            return .postponed(.failed, after: pause, reason: reason)
        }
    }
}
