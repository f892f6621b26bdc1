public import Jobs
import StateMachines
public import Workflows

/// `run_reaction`: what follows from a move in transactions of its own.
public struct RunReactionHandler: JobHandler {
    /// `run_reaction`.
    public static let kind = LaterReaction.kind
    /// The database alone.
    public let retry = RetryPolicy.database
    /// Hundreds of records may be reached, each by a command.
    public let timeLimit = Duration.seconds(300)
    private let engine: Engine

    /// Makes a handler.
    public init(engine: Engine) { self.engine = engine }

    /// Runs the reaction; its commands' ids are derived, so that a second try does nothing twice.
    ///
    /// - Parameters:
    ///   - later: The reaction and the event.
    ///   - context: The job's context.
    /// - Throws: `JobFailure.discard` when a record refuses for good; `DatabaseError`, `EngineError`.
    public func run(_ later: LaterReaction, in context: JobContext) async throws {
        do {
            try await engine.run(later, now: context.now())
        } catch let refusal as Refusal {
            throw JobFailure.discard("refused: \(refusal.codes.joined(separator: ", "))")
        }
    }
}
