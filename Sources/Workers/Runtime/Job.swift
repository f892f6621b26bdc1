public import Jobs

/// Something to be done later, that knows how to do itself.
///
/// ```swift
/// struct SendWelcome: Job {
///     static let kind = "send_welcome"
///     var customer: UUID
///
///     func run(in context: JobContext) async throws {
///         try await context.transaction { session in … }
///     }
/// }
/// ```
///
/// A job that needs collaborators, such as a mail server, has none here: then its payload is a `JobPayload`, and a
/// ``JobHandler`` made with the collaborators does it. Whoever asks for the job writes the same in both cases.
public protocol Job: JobPayload {
    /// How often to try, and when again: `RetryPolicy.network`.
    static var retry: RetryPolicy { get }
    /// How long one attempt may take; then its task is cancelled, and the attempt has failed: a minute.
    static var timeLimit: Duration { get }
    /// Does the job.
    ///
    /// It may happen more than once; see ``JobHandler``.
    ///
    /// - Parameter context: Which job it is, and its transaction.
    /// - Throws: ``JobFailure``, or any error to be tried again.
    func run(in context: JobContext) async throws
}

extension Job {
    /// `RetryPolicy.network`: twenty tries in about half a day.
    public static var retry: RetryPolicy { .network }
    /// A minute.
    public static var timeLimit: Duration { .seconds(60) }
    /// As many as ``retry`` allows.
    public static var maxAttempts: Int { retry.attempts }
    /// What a ``HandlerSet`` takes: the job does itself.
    public static var handler: any JobHandler { OwnHandler<Self>() }
}

/// The handler of a job that does itself.
private struct OwnHandler<Payload: Job>: JobHandler {
    var retry: RetryPolicy { Payload.retry }
    var timeLimit: Duration { Payload.timeLimit }

    func run(_ job: Payload, in context: JobContext) async throws { try await job.run(in: context) }
}
