import Database
public import Jobs
import Workflows

/// `reconcile_figures`: works all figures out anew, and says how many had been wrong (J-30, D-02, D-03).
public struct ReconcileFiguresHandler: JobHandler {
    /// Nothing has to be known: it is about all partners and reps.
    public struct Payload: Codable, Sendable {}

    /// `reconcile_figures`.
    public static let kind = "reconcile_figures"
    /// Nothing but the database is asked.
    public let retry = RetryPolicy.database
    /// Reads every order and every deal.
    public let timeLimit = Duration.seconds(600)

    /// Makes a handler.
    public init() {}

    /// Corrects what is wrong and completes.
    ///
    /// - Parameters:
    ///   - job: Nothing.
    ///   - context: The job's context.
    /// - Throws: What the database throws.
    public func run(_ job: Payload, in context: JobContext) async throws {
        try await context.transaction { session in
            let partners = try session.query(Figures.refresh(partner: nil)).count
            let reps = try session.query(Figures.refresh(rep: nil)).count
            context.remark("partners corrected: \(partners), reps corrected: \(reps)")
        }
    }
}
