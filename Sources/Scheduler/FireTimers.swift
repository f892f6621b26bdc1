public import Database
public import Foundation
import Jobs
public import Logging
import StateMachines
public import Workflows

/// Fires the timers that are due, in the order of their moments.
///
/// Safe on any node at any time: whoever comes second finds the row gone.
public struct FireTimers: Duty {
    /// The name under which it is logged.
    public let name = "fire timers"
    /// How long nothing was due before it is looked again.
    public let interval = Duration.milliseconds(500)
    /// How many rows are read at once.
    private static let batch = 100
    /// When a timer whose firing failed is tried again, in seconds.
    private static let postponement: TimeInterval = 60
    private let engine: Engine
    private let pool: Pool
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// Makes the duty.
    public init(engine: Engine, pool: Pool, now: @escaping @Sendable () -> Date, logger: Logger) {
        (self.engine, self.pool, self.now, self.logger) = (engine, pool, now, logger)
    }

    /// Fires one batch.
    ///
    /// - Returns: Whether there may be more that is due; a fired timer may arm another that is due as well.
    /// - Throws: `DatabaseError` when the database cannot be reached.
    public func run() async throws -> Bool {
        let rows = try await pool.query(engine.due(at: now(), limit: Self.batch))
        for timer in try rows.map(DueTimer.init) {
            try Task.checkCancellation()
            do {
                try await engine.fire(timer, now: now())
            } catch let error as DatabaseError where error.kind == .connection || error.kind == .cancelled {
                throw error
            } catch {
                // One record's trouble must not stop the others; it comes back by itself.
                logger.error(
                    "a timer could not be fired and is put off",
                    metadata: [
                        "machine": "\(timer.machine)", "record": "\(timer.record)",
                        "timer": "\(timer.occurrence.timer)", "error": "\(SafeText.of(error))",
                    ])
                try await engine.postpone(timer, until: now().addingTimeInterval(Self.postponement))
            }
        }
        return !rows.isEmpty
    }
}
