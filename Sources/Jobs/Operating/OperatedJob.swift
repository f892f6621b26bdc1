public import Database

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

    /// Whether it runs and was asked to end.
    public let isCancelRequested: Bool

    init(_ jobID: JobID, isDone: Bool, standing row: Row?, replacement: JobID? = nil) throws(DatabaseError) {
        (self.jobID, self.isDone, self.replacement) = (jobID, isDone, replacement)
        place = try row?.value("place", as: String.self).flatMap(JobPlace.init(rawValue:))
        let holder = try row?.optional("holder", as: Int64.self) ?? nil
        keyHolder = holder.map(JobID.init(rawValue:)).flatMap { $0 == jobID ? nil : $0 }
        isCancelRequested = try row?.value("is_cancel_requested") ?? false
        let name = try row?.optional("pause_name", as: String.self) ?? nil
        switch try row?.optional("pause_scope", as: String.self) ?? nil {
        case "kind": pause = name.map(PauseScope.kind)
        case "key": pause = name.map(PauseScope.key)
        default: pause = nil
        }
    }
}

extension Queue {
    /// Where jobs are, and what may stand in an operator's way.
    ///
    /// - Parameter jobs: The jobs; unknown ones are passed over.
    /// - Returns: A statement giving `job_id`, `place`, `holder` of its unique key, `pause_scope` and `pause_name` of the
    ///   pause that holds it, and `is_cancel_requested`.
    static func standing(_ jobs: [JobID]) -> SQL {
        let chosen = bodies(of: jobs)
        return """
            SELECT j.job_id, j.place, u.job_id AS holder, h.scope AS pause_scope, h.name AS pause_name,
                   l.cancel_requested_at IS NOT NULL AS is_cancel_requested
            FROM (\(located(chosen))) j
            LEFT JOIN queue.unique_keys u ON u.kind = j.kind AND u.key = j.unique_key
            LEFT JOIN queue.held h ON h.job_id = j.job_id
            LEFT JOIN queue.leases l ON l.job_id = j.job_id
            """
    }
}
