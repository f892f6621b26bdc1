internal import Database
public import Foundation

/// Which dead letters are meant; what is nil does not matter.
public struct DeadFilter: Sendable, Hashable {
    /// What was to be done.
    public var kind: String?
    /// The queue.
    public var queue: String?
    /// Why they died: `attempts`, `discarded`, `worker_lost` or `undecodable`.
    public var reason: String?
    /// What they failed with, as ``DeadGroup/error`` has it.
    public var error: String?
    /// They died at this moment or later, by the database's clock.
    public var since: Date?
    /// They died before this moment, by the database's clock.
    public var until: Date?

    /// Means all dead letters, until something is set.
    public init() {}

    var condition: SQL {
        var conditions: [SQL] = ["true"]
        if let kind { conditions.append("dead.kind = \(kind)") }
        if let queue { conditions.append("dead.queue = \(queue)") }
        if let reason { conditions.append("dead.reason = \(reason)") }
        if let error { conditions.append("\(Queue.deadError) = \(error)") }
        if let since { conditions.append("dead.died_at >= \(since)") }
        if let until { conditions.append("dead.died_at < \(until)") }
        return conditions.joined(separator: " AND ")
    }
}

/// How far a redrive has got.
struct RedriveMark: Sendable, Hashable {
    /// The moment as the database wrote it, to the microsecond.
    let diedAt: String
    let jobID: JobID

    /// Reads a row of ``Queue/redrive(_:after:limit:by:now:)``.
    init(row: Row) throws(DatabaseError) {
        diedAt = try row.value("died")
        jobID = JobID(rawValue: try row.value("job_id"))
    }
}

extension Queue {
    /// Lets a portion of the dead letters run again, the one that died first before the others.
    ///
    /// Letters that another operator has in hand at this moment are passed over.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - mark: How far the portions before have got.
    ///   - limit: How many at most.
    ///   - note: Who, and why.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving `job_id` and `died` of each letter that was looked at, in order, and for those that
    ///   were raised the other columns of ``placed(now:)``.
    static func redrive(
        _ filter: DeadFilter, after mark: RedriveMark?, limit: Int, by note: OperatorNote, now: Date
    ) -> SQL {
        let behind: SQL =
            mark.map { "(dead.died_at, dead.job_id) > (\($0.diedAt)::timestamptz, \($0.jobID)::bigint)" } ?? "true"
        return """
            WITH locked AS MATERIALIZED (
                SELECT dead.job_id, dead.died_at, dead.lease, dead.body
                FROM queue.dead
                WHERE \(filter.condition) AND \(behind)
                ORDER BY dead.died_at, dead.job_id
                LIMIT \(limit)::bigint
                FOR UPDATE SKIP LOCKED
            ),
            \(raised(as: .redrive, by: note, now: now))
            SELECT l.job_id, l.died_at::text AS died, p.queue, p.place, p.freed_key, p.dependents
            FROM locked l
            LEFT JOIN placed p USING (job_id)
            ORDER BY l.died_at, l.job_id
            """
    }

    /// The next dead letters that are meant: `job_id`.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - limit: How many at most.
    /// - Returns: A statement.
    static func deadLetters(_ filter: DeadFilter, limit: Int) -> SQL {
        """
        SELECT dead.job_id FROM queue.dead
        WHERE \(filter.condition)
        ORDER BY dead.died_at, dead.job_id
        LIMIT \(limit)::bigint
        """
    }

    /// How many dead letters are meant, counted up to a bound.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - bound: Where counting ends.
    /// - Returns: A statement giving `letters`, and `began_at`, the database's clock.
    static func countDead(_ filter: DeadFilter, bound: Int) -> SQL {
        """
        SELECT count(*) AS letters, clock_timestamp() AS began_at
        FROM (SELECT FROM queue.dead WHERE \(filter.condition) LIMIT \(bound)::bigint) d
        """
    }
}
