public import Database

extension Queue {
    /// How many live jobs name each key; a key that is not among them is no longer needed.
    ///
    /// Dead letters count, for they may be tried again. Reads the hot tables from end to end, so not in a tight loop.
    ///
    /// - Returns: A statement giving a ``SealingKeyUse`` for each key.
    public static func sealingKeys() -> SQL {
        """
        WITH live AS (
            SELECT job_id FROM queue.ready
            UNION ALL SELECT job_id FROM queue.scheduled
            UNION ALL SELECT job_id FROM queue.leases
        ),
        named AS (
            SELECT j.payload ->> 'sealed' AS key_id
            FROM queue.jobs j
            WHERE j.payload ? 'sealed' AND j.payload ? 'box' AND j.id IN (SELECT job_id FROM live)
            UNION ALL
            SELECT d.body -> 'payload' ->> 'sealed'
            FROM queue.dead d
            WHERE d.body -> 'payload' ? 'sealed' AND d.body -> 'payload' ? 'box'
        )
        SELECT key_id, count(*) AS jobs FROM named GROUP BY key_id ORDER BY key_id
        """
    }
}

/// How many live jobs are sealed with a key.
public struct SealingKeyUse: Sendable, Hashable {
    /// The key's id.
    public let keyID: String
    /// The jobs that wait, run or are dead letters.
    public let jobs: Int

    /// Reads a row of ``Queue/sealingKeys()``.
    public init(row: Row) throws(DatabaseError) {
        keyID = try row.value("key_id")
        jobs = try row.value("jobs")
    }
}
