public import Database

/// What became of one request to enqueue.
public struct JobPlacement: Hashable, Sendable {
    /// Which of the requests, from 0.
    public let position: Int
    /// The job made for it, or the live one that has its key already.
    public let jobID: JobID
    /// Whether it was made, or was there already.
    public let isCreated: Bool
    /// The queue that was asked for.
    public let queue: String
    /// Where the job was put: `ready`, `scheduled`, `waiting` or `blocked`; `nil` if it was there already.
    public let place: JobPlace?
    /// The key whose slot it waits for; after the commit, tell the ``QueueWaker``.
    public let concurrencyKey: String?

    /// Reads a row of ``Queue/enqueue(_:now:)``.
    public init(row: Row) throws(DatabaseError) {
        position = try row.value("position", as: Int.self) - 1
        jobID = JobID(rawValue: try row.value("job_id"))
        isCreated = try row.value("created")
        queue = try row.value("queue")
        place = try row.optional("place", as: String.self).flatMap(JobPlace.init(rawValue:))
        concurrencyKey = try row.optional("concurrency_key")
    }
}
