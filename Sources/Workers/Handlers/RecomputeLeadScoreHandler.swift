public import Jobs
public import Workflows

/// `recompute_lead_score`: works a lead's score out anew (J-16, R-19).
public struct RecomputeLeadScoreHandler: JobHandler {
    /// `recompute_lead_score`.
    public static let kind = "recompute_lead_score"
    /// The database alone.
    public let retry = RetryPolicy.database
    /// One row is read and written.
    public let timeLimit = Duration.seconds(30)

    /// Makes a handler.
    public init() {}

    /// Writes the score and completes, in one transaction.
    ///
    /// - Parameters:
    ///   - job: The lead.
    ///   - context: The job's context.
    /// - Throws: `JobFailure.discard` when there is no such lead; `DatabaseError`.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let now = context.now()
        try await context.transaction { session in
            guard try LeadScore.recompute(job.record, at: now, in: session) != nil else {
                throw JobFailure.discard("there is no such lead")
            }
        }
    }
}
