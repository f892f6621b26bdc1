public import Database
public import Foundation

/// A kind of job of which some have died.
public struct FailedKind: Sendable, Hashable {
    /// What was to be done.
    public let kind: String
    /// How many dead letters there are.
    public let jobs: Int
    /// When the first of them died.
    public let since: Date
    /// When the last of them died.
    public let latest: Date
    /// Why the last one died; a safe text.
    public let lastError: String?

    /// Reads a row of ``Queue/failedKinds()``.
    public init(row: Row) throws(DatabaseError) {
        (kind, jobs) = (try row.value("kind"), try row.value("jobs"))
        (since, latest) = (try row.value("since"), try row.value("latest"))
        lastError = try row.optional("last_error")
    }
}

extension Queue {
    /// The kinds of which jobs have died, those that died last before the others.
    ///
    /// - Returns: A statement giving a ``FailedKind`` for each.
    public static func failedKinds() -> SQL {
        """
        SELECT d.kind, count(*) AS jobs, min(d.died_at) AS since, max(d.died_at) AS latest,
            (array_agg(coalesce(d.detail, d.reason) ORDER BY d.died_at DESC))[1] AS last_error
        FROM queue.dead d GROUP BY d.kind ORDER BY latest DESC, d.kind
        """
    }
}
