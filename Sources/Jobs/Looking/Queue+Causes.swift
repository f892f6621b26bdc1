public import Database

extension Queue {
    /// The jobs that an event caused, oldest first: `job_id`, `kind`, `machine`, `record_id`, `event_id`.
    ///
    /// - Parameters:
    ///   - after: The last job that was read; nil begins with the first.
    ///   - limit: How many at most.
    /// - Returns: A query.
    public static func caused(after: JobID?, limit: Int) -> SQL {
        """
        SELECT id AS job_id, kind, machine, record_id, event_id
        FROM queue.jobs
        WHERE id > \(after ?? JobID(rawValue: -1)) AND event_id IS NOT NULL
        ORDER BY id
        LIMIT \(limit)
        """
    }
}
