public import Database
public import Foundation

/// All that a job has told of itself.
public struct ToldOfJob: Sendable {
    /// How far it is, or got.
    public let progress: JobReport.Progress?
    /// When it said so, by the database's clock.
    public let progressAt: Date?
    /// Its last lines, the first first, with the lease under which each was said.
    public let lines: [(lease: Int, line: JobReport.Line)]
    /// What came of it.
    public let output: JSON?

    /// Reads what a job has told.
    ///
    /// - Parameters:
    ///   - id: The job's number; of one that told nothing everything is empty.
    ///   - lines: How many lines at most, the last ones.
    ///   - session: Any session; one round trip.
    /// - Throws: `DatabaseError`.
    public init(of id: JobID, lines limit: Int = 1_000, in session: Session) throws(DatabaseError) {
        let results = try session.pipeline([
            Queue.progress(of: id), Queue.logLines(of: id, limit: limit), Queue.output(of: id),
        ])
        let told = results[0].rows.first
        progress = try told.map { row throws(DatabaseError) in
            JobReport.Progress(
                fraction: try row.value("fraction"), message: try row.optional("message"))
        }
        progressAt = try told?.value("changed_at")
        lines = try results[1].rows.map { row throws(DatabaseError) in
            (
                try row.value("lease"),
                JobReport.Line(
                    number: try row.value("line"), moment: try row.value("logged_at"), level: try row.value("level"),
                    text: try row.value("text"))
            )
        }
        output = try results[2].rows.first?.value("value")
    }
}

extension Queue {
    /// How far a job is: `fraction`, `message`, `changed_at`, if it has said so.
    public static func progress(of id: JobID) -> SQL {
        "SELECT fraction, message, changed_at FROM queue.progress WHERE job_id = \(id)"
    }

    /// The last lines of a job, the first first: `lease`, `line`, `logged_at`, `level`, `text`.
    ///
    /// - Parameters:
    ///   - id: The job's number.
    ///   - limit: How many at most.
    /// - Returns: A query.
    public static func logLines(of id: JobID, limit: Int) -> SQL {
        """
        SELECT lease, line, logged_at, level, text
        FROM (SELECT * FROM queue.log_lines
              WHERE job_id = \(id)
              ORDER BY lease DESC, line DESC
              LIMIT \(limit)::bigint) last
        ORDER BY lease, line
        """
    }

    /// What came of a job: `value`, if it has said so.
    public static func output(of id: JobID) -> SQL {
        "SELECT value FROM queue.outputs WHERE job_id = \(id)"
    }
}
