internal import Database

/// What became of an operator's wish for one job.
public struct OperatedJob: Sendable, Hashable {
    /// The job that was meant.
    public let jobID: JobID
    /// Whether it was done.
    ///
    /// If not, the rest says what stands in the way.
    public let isDone: Bool
    /// Where the job is now; `nil` when there is none, or no longer.
    public let place: JobPlace?
    /// The job that was made in its place.
    public let replacement: JobID?
    /// The live job that has its unique key.
    public let keyHolder: JobID?
    /// What holds it.
    public let pause: PauseScope?

    init(_ jobID: JobID, isDone: Bool, standing row: Row?, replacement: JobID? = nil) throws(DatabaseError) {
        (self.jobID, self.isDone, self.replacement) = (jobID, isDone, replacement)
        guard let row else {
            (place, keyHolder, pause) = (nil, nil, nil)
            return
        }
        place = JobPlace(rawValue: try row.value("place"))
        let holder = try row.optional("holder", as: Int64.self).map(JobID.init(rawValue:))
        keyHolder = holder == jobID ? nil : holder
        let name: String? = try row.optional("pause_name")
        pause =
            switch try row.optional("pause_scope", as: String.self) {
            case "kind": name.map(PauseScope.kind)
            case "key": name.map(PauseScope.key)
            default: nil
            }
    }
}

extension Queue {
    /// Where jobs are, and what may stand in an operator's way.
    ///
    /// - Parameter jobs: The jobs; unknown ones are passed over.
    /// - Returns: A statement giving `job_id`, `place`, `holder` of its unique key, and `pause_scope` and `pause_name` of the
    ///   pause that holds it.
    static func standing(_ jobs: [JobID]) -> SQL {
        let chosen = bodies(of: jobs)
        return """
            SELECT j.job_id, j.place, u.job_id AS holder, h.scope AS pause_scope, h.name AS pause_name
            FROM (\(located(chosen))) j
            LEFT JOIN queue.unique_keys u ON u.kind = j.kind AND u.key = j.unique_key
            LEFT JOIN queue.held h ON h.job_id = j.job_id
            """
    }
}
