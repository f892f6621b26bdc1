public import Database

/// What became of one request to enqueue.
public struct JobPlacement: Hashable, Sendable {
    /// Which of the requests, from 0.
    public let position: Int
    /// The job made for it, or the live one that has its key already.
    public let jobID: JobID
    /// Whether it was made, or was there already.
    public let isCreated: Bool

    /// Reads a row of ``Queue/enqueue(_:now:)``.
    public init(row: Row) throws(DatabaseError) {
        position = try row.value("position", as: Int.self) - 1
        jobID = JobID(rawValue: try row.value("job_id"))
        isCreated = try row.value("created")
    }
}
