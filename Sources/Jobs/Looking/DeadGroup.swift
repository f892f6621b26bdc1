public import Database
public import Foundation

/// Dead letters of one kind that died of the same error.
public struct DeadGroup: Sendable, Hashable {
    /// What was to be done.
    public let kind: String
    /// Why they died: `attempts`, `discarded`, `worker_lost` or `undecodable`.
    public let reason: String
    /// What they failed with, numbers and ids left out; empty when nothing was said.
    public let error: String
    /// How many there are.
    public let letters: Int
    /// When the first of them died.
    public let firstAt: Date
    /// When the last of them died.
    public let lastAt: Date
    /// The one that died last.
    public let example: JobID
    /// What that one failed with, word for word.
    public let detail: String?

    /// Reads a row of ``Queue/deadGroups(limit:)``.
    public init(row: Row) throws(DatabaseError) {
        (kind, reason, error) = (try row.value("kind"), try row.value("reason"), try row.value("error"))
        (letters, firstAt, lastAt) = (try row.value("letters"), try row.value("first_at"), try row.value("last_at"))
        example = JobID(rawValue: try row.value("example"))
        detail = try row.optional("detail")
    }

    /// The letters of the group, for ``JobOperator``.
    public var filter: DeadFilter {
        var filter = DeadFilter()
        (filter.kind, filter.reason, filter.error) = (kind, reason, error)
        return filter
    }
}

extension Queue {
    /// How many dead letters are looked at to find the groups: those that died last.
    public static let deadDepth = 100_000

    /// The dead letters by kind and error, the largest group first.
    ///
    /// - Parameter limit: How many groups at most.
    /// - Returns: A statement giving a ``DeadGroup`` for each.
    public static func deadGroups(limit: Int) -> SQL {
        """
        SELECT kind, reason, error, count(*) AS letters, min(died_at) AS first_at, max(died_at) AS last_at,
               (array_agg(job_id ORDER BY died_at DESC, job_id DESC))[1] AS example,
               (array_agg(detail ORDER BY died_at DESC, job_id DESC))[1] AS detail
        FROM (SELECT dead.kind, dead.reason, \(deadError) AS error, dead.died_at, dead.job_id, dead.detail
              FROM queue.dead ORDER BY dead.died_at DESC, dead.job_id DESC LIMIT \(deadDepth)::bigint) d
        GROUP BY kind, reason, error
        ORDER BY letters DESC, kind, reason, error
        LIMIT \(limit)::bigint
        """
    }

    /// What a dead letter failed with, without what differs from one to the next.
    static var deadError: SQL {
        """
        regexp_replace(coalesce(dead.detail, ''),
            '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9]+', '#', 'g')
        """
    }
}
