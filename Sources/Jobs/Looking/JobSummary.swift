public import Database
public import Foundation

/// One job in a list: what it is and how it stands.
public struct JobSummary: Sendable, Hashable {
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
    /// How often it was tried, each time that had an outcome of its own.
    public let attempts: Int
    /// How often it is tried at most.
    public let maxAttempts: Int
    /// How often a worker was lost while it held this job.
    public let crashes: Int
    /// Why it failed last; a safe text.
    ///
    /// Stays when it succeeds later.
    public let lastError: String?
    /// What its success was worth remarking, such as "no longer due", or why it was cancelled.
    public let note: String?
    /// The record it is about.
    public let subject: JobSubject?
    /// The workflow event that caused it.
    public let eventID: UUID?
    /// When it was enqueued, by the database's clock.
    public let createdAt: Date
    /// When it succeeded, was cancelled or was given up, by the database's clock.
    public let finishedAt: Date?

    /// Reads a row of ``Queue/jobs(of:record:limit:)``.
    public init(row: Row) throws(DatabaseError) {
        id = JobID(rawValue: try row.value("job_id"))
        kind = try row.value("kind")
        queue = try row.value("queue")
        let name: String = try row.value("place")
        // The statement itself makes these words.
        place = JobPlace(rawValue: name) ?? .ready
        runAt = try row.optional("run_at")
        attempts = try row.value("attempts")
        maxAttempts = Int(try row.value("max_attempts", as: Int16.self))
        crashes = try row.value("crashes")
        lastError = try row.optional("last_error")
        note = try row.optional("note")
        subject = try JobSubject(row: row)
        eventID = try row.optional("event_id")
        createdAt = try row.value("created_at")
        finishedAt = try row.optional("finished_at")
    }
}

extension Queue {
    /// The jobs about a record, newest first.
    ///
    /// - Parameters:
    ///   - machine: The machine that governs the record.
    ///   - record: The record's id.
    ///   - limit: How many at most.
    /// - Returns: A statement giving a ``JobSummary`` for each.
    public static func jobs(of machine: String, record: UUID, limit: Int = 100) -> SQL {
        let chosen: SQL = """
            SELECT * FROM queue.jobs
            WHERE record_id = \(record) AND machine = \(machine)
            ORDER BY id DESC
            LIMIT \(limit)::bigint
            """
        return located(chosen) + " ORDER BY job_id DESC"
    }
}
