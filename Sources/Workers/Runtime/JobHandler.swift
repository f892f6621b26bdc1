public import Jobs

/// Does the jobs of one kind, with collaborators of its own.
///
/// One that needs none is a ``Job``, which is its own handler.
///
/// A job is delivered at least once. What the handler writes through ``JobContext/transaction(_:)`` happens exactly
/// once; what it does to the outside world carries a key made from the job's id. It looks at the world again first: a
/// reminder for what was paid meanwhile ends well, with the remark "no longer due".
///
/// It returns when the job is done. It throws ``JobFailure`` to say what is to follow; after any other error the job is
/// tried again as ``retry`` says. It ends soon after its task was cancelled.
public protocol JobHandler: Sendable {
    /// What the job carries; a `JobPayload`, when it belongs to one kind.
    associatedtype Payload: Codable & Sendable
    /// The kind of job, stable for ever, for rows outlive code: that of its payload.
    static var kind: String { get }
    /// How often to try, and when again.
    var retry: RetryPolicy { get }
    /// How long one attempt may take; then its task is cancelled, and the attempt has failed.
    var timeLimit: Duration { get }
    /// Does one job.
    ///
    /// - Parameters:
    ///   - payload: What the job carries; one that cannot be read makes the job a dead letter and does not come here.
    ///   - context: Which job it is, and its transaction.
    /// - Throws: ``JobFailure``, or any error to be tried again.
    func run(_ payload: Payload, in context: JobContext) async throws
}

extension JobHandler where Payload: JobPayload {
    /// The payload's kind.
    public static var kind: String { Payload.kind }
}
