internal import Database
internal import Foundation

extension Queue {
    /// The beginning of every statement that ends leases: `asked` as given, and `gone`, the rows of `queue.leases` that
    /// still matched and are deleted.
    ///
    /// Rows are found by their key and deleted in the order of their ids, so that two such statements, or one and a
    /// rescue, cannot wait for each other.
    ///
    /// - Parameters:
    ///   - leases: The leases; one given twice counts once.
    ///   - columns: Further columns of `asked`, each with an array of as many elements.
    /// - Returns: Two common table expressions, to follow `WITH`.
    static func goneLeases(_ leases: [JobLease], _ columns: [(name: SQL, values: SQL)] = []) -> SQL {
        let names = columns.map { ", " + $0.name }.joined(separator: "")
        let values = columns.map { ", " + $0.values }.joined(separator: "")
        return """
            asked AS MATERIALIZED (
                SELECT DISTINCT ON (a.job_id, a.lease, a.worker_id) a.*
                FROM unnest(\(leases.map(\.jobID.rawValue))::bigint[], \(leases.map(\.number))::integer[],
                            \(leases.map(\.workerID.rawValue))::bigint[]\(values))
                     AS a (job_id, lease, worker_id\(names))
                ORDER BY a.job_id, a.lease, a.worker_id
            ),
            gone AS (
                -- The key's index is read in its order. IS TRUE keeps the fence a question to each row, in a hash table,
                -- from becoming a join in another order.
                DELETE FROM queue.leases
                WHERE job_id = ANY (ARRAY(SELECT job_id FROM asked))
                  AND ((job_id, lease, worker_id) IN (SELECT job_id, lease, worker_id FROM asked)) IS TRUE
                RETURNING *
            )
            """
    }

    /// Those of `gone` that somebody has asked to cancel, as `ended`; see ``endings``.
    static var endedByRequest: SQL {
        """
        ended AS (
            SELECT job_id, traits, 'cancelled'::text AS outcome FROM gone WHERE cancel_requested_at IS NOT NULL
        )
        """
    }

    /// Records what became of `gone`, as `recorded` with the column `job_id`: `cancelled` where somebody has asked for
    /// it.
    ///
    /// - Parameters:
    ///   - outcome: What is recorded of the others.
    ///   - retryAt: When they run again.
    ///   - reason: A safe text about the others.
    ///   - onlyCancelled: Whether nothing is recorded of the others.
    /// - Returns: A common table expression.
    static func recorded(
        as outcome: String, retryAt: Date? = nil, reason: String?, onlyCancelled: Bool = false
    ) -> SQL {
        """
        recorded AS (
            INSERT INTO queue.attempts (job_id, worker_id, claimed_at, retry_at, lease, attempt, queue, outcome, reason)
            SELECT job_id, worker_id, claimed_at,
                   CASE WHEN cancel_requested_at IS NULL THEN \(retryAt)::timestamptz END,
                   lease, attempt, queue,
                   CASE WHEN cancel_requested_at IS NULL THEN \(outcome) ELSE 'cancelled' END,
                   CASE WHEN cancel_requested_at IS NULL THEN \(reason.map(SafeText.cut))::text ELSE cancel_reason END
            FROM gone
            WHERE cancel_requested_at IS NOT NULL OR NOT \(onlyCancelled)
            RETURNING job_id
        )
        """
    }
}
