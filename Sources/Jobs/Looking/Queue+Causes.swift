public import Database
public import Foundation

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

extension Queue {
    /// The jobs that some events caused, the newest first.
    ///
    /// - Parameters:
    ///   - events: The events.
    ///   - limit: How many at most.
    /// - Returns: A statement giving a ``JobSummary`` for each.
    public static func jobs(ofEvents events: [UUID], limit: Int = 200) -> SQL {
        let chosen: SQL = """
            SELECT * FROM queue.jobs WHERE event_id = ANY (\(events)::uuid[]) ORDER BY id DESC LIMIT \(limit)::bigint
            """
        return located(chosen) + " ORDER BY job_id DESC"
    }

    /// The schedule that asks for jobs such as this one, which says for which moment it was asked for: `name`.
    ///
    /// - Parameter job: The job.
    /// - Returns: A query; no row when no schedule asked for it.
    public static func schedule(askingFor job: JobID) -> SQL {
        """
        SELECT s.name FROM queue.jobs j
        JOIN queue.schedules s ON s.request ->> 'kind' = j.kind
        WHERE j.id = \(job) AND j.payload ? 'scheduled_for'
        ORDER BY s.name LIMIT 1
        """
    }
}
