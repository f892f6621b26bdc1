public import Database
public import Foundation

/// Somebody's wish that a worker takes nothing new; what it runs goes on to its end.
///
/// It lasts until it is taken back or the process ends.
public struct WorkerDrain: Sendable, Hashable {
    /// Since when, by the database's clock.
    public let since: Date
    /// Who wishes it.
    public let name: String
    /// Why.
    public let reason: String

    /// Reads a row of ``Queue/workers()`` or ``Queue/beat(_:life:)``; nil when nobody wishes it.
    public init?(row: Row) throws(DatabaseError) {
        guard let since = try row.optional("draining_at", as: Date.self) else { return nil }
        self.since = since
        (name, reason) = (try row.value("drained_by"), try row.value("drain_reason"))
    }
}

extension Queue {
    /// Lets a worker take nothing new; one that is drained already stays so, with who was first.
    ///
    /// - Returns: A statement giving `id` when there is such a worker.
    static func drain(_ worker: WorkerID, by note: OperatorNote) -> SQL {
        """
        UPDATE queue.workers
        SET draining_at = coalesce(draining_at, clock_timestamp()), drained_by = coalesce(drained_by, \(note.name)),
            drain_reason = coalesce(drain_reason, \(note.reason))
        WHERE id = \(worker)
        RETURNING id
        """
    }

    /// Lets a worker that is drained take jobs again.
    ///
    /// - Returns: A statement giving `id` when there is such a worker, and it was drained.
    static func undrain(_ worker: WorkerID) -> SQL {
        """
        UPDATE queue.workers SET draining_at = NULL, drained_by = NULL, drain_reason = NULL
        WHERE id = \(worker) AND draining_at IS NOT NULL
        RETURNING id
        """
    }
}
