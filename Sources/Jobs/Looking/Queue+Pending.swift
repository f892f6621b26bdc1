public import Database
public import Foundation

extension Queue {
    /// The jobs that have not ended, the oldest first.
    ///
    /// Looks at every body, so for tests and small queues.
    ///
    /// - Returns: A statement giving a ``PendingJob`` for each.
    public static func pending() -> SQL {
        """
        SELECT job_id, kind, queue, place, run_at, unique_key, payload
        FROM (\(located("SELECT * FROM queue.jobs"))) all_of_them
        WHERE place NOT IN ('finished', 'cancelled', 'dead')
        ORDER BY job_id
        """
    }
}

/// A job that has not ended, with its body.
public struct PendingJob: Sendable, Hashable {
    /// The job's number.
    public let id: JobID
    /// What is to be done.
    public let kind: String
    /// The queue it is in.
    public let queue: String
    /// Where it is.
    public let place: JobPlace
    /// When it is to run, while it is scheduled; by the caller's clock.
    public let runAt: Date?
    /// What makes two requests of its kind the same.
    public let uniqueKey: String?
    /// What the handler gets, sealed if it was sealed.
    public let payload: JSON

    /// Reads a row of ``Queue/pending()``.
    public init(row: Row) throws(DatabaseError) {
        id = JobID(rawValue: try row.value("job_id"))
        kind = try row.value("kind")
        queue = try row.value("queue")
        // The statement itself makes these words.
        place = JobPlace(rawValue: try row.value("place")) ?? .ready
        runAt = try row.optional("run_at")
        uniqueKey = try row.optional("unique_key")
        payload = try row.value("payload")
    }
}
