internal import Database

extension Queue {
    /// The beginning of every statement that ends leases: `asked` as given, and `gone`, the rows of `queue.leases` that
    /// still matched and are deleted.
    ///
    /// Rows are found by their key and locked in the order of their ids, so that two such statements, or one and a
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
            held AS MATERIALIZED (
                SELECT l.tid
                FROM asked
                CROSS JOIN LATERAL (
                    SELECT leases.ctid AS tid
                    FROM queue.leases
                    WHERE leases.job_id = asked.job_id AND leases.lease = asked.lease
                      AND leases.worker_id = asked.worker_id
                    FOR UPDATE
                ) l
            ),
            gone AS (
                DELETE FROM queue.leases
                WHERE ctid = ANY (ARRAY(SELECT tid FROM held))
                RETURNING *
            )
            """
    }

    /// Frees the unique keys of the jobs in the common table expression `ended`, which has a column `job_id`.
    static var freedKeys: SQL {
        """
        freed AS (
            DELETE FROM queue.unique_keys u
            USING ended
            CROSS JOIN LATERAL (
                SELECT j.kind, j.unique_key
                FROM queue.jobs j
                WHERE j.id = ended.job_id AND j.unique_key IS NOT NULL
                OFFSET 0
            ) b
            WHERE u.kind = b.kind AND u.key = b.unique_key AND u.job_id = ended.job_id
        )
        """
    }
}
