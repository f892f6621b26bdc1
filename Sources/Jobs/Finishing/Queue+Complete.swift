public import Database

extension Queue {
    /// Records that jobs succeeded.
    ///
    /// What is not answered was no longer the worker's, and nothing is recorded for it.
    ///
    /// - Parameters:
    ///   - leases: The leases; of one job at most one holds.
    ///   - notes: For each lease a safe remark such as "no longer due", or `nil`; as many as leases.
    /// - Returns: A statement giving `job_id` for each job whose success was recorded, with what is to be followed up;
    ///   see ``QueueFollowUp``.
    public static func complete(_ leases: [JobLease], notes: [String?]) -> SQL {
        "WITH \(completing(leases, notes: notes)) \(answer("recorded"))"
    }

    /// Records that a job succeeded, or ends the transaction if it is no longer the worker's.
    ///
    /// Put last, in the same round trip as COMMIT: then a handler's writes and its job's success are one, and locks on
    /// the job are held for no longer than the commit.
    ///
    /// - Parameters:
    ///   - lease: The lease.
    ///   - note: A safe remark, or `nil`.
    /// - Returns: A statement that fails with the SQLSTATE ``leaseLostState``, and gives what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func completeOrAbort(_ lease: JobLease, note: String?) -> SQL {
        """
        WITH \(completing([lease], notes: [note]))
        SELECT queue.demand_lease(EXISTS (SELECT FROM recorded)), (SELECT concurrency_key FROM vacated) AS freed_key,
               (SELECT array_agg(job_id) FROM concerned) AS dependents
        """
    }

    /// The SQLSTATE with which ``completeOrAbort(_:note:)`` ends a transaction.
    public static let leaseLostState = "DZ001"

    /// The common table expressions of a completion, the last of which is `recorded` with the column `job_id`.
    private static func completing(_ leases: [JobLease], notes: [String?]) -> SQL {
        let hasNotes = notes.contains { $0 != nil }
        let recorded: SQL =
            hasNotes
            ? "a.note FROM gone g JOIN asked a USING (job_id, lease, worker_id)" : "NULL FROM gone g"
        return """
            \(goneLeases(leases, hasNotes ? [("note", "\(notes)::text[]")] : [])),
            ended AS (SELECT job_id, traits, 'succeeded'::text AS outcome FROM gone),
            unslotted AS (SELECT job_id, traits FROM gone),
            \(endings),
            recorded AS (
                INSERT INTO queue.attempts (job_id, worker_id, claimed_at, lease, attempt, queue, outcome, reason)
                SELECT g.job_id, g.worker_id, g.claimed_at, g.lease, g.attempt, g.queue, 'succeeded', \(recorded)
                RETURNING job_id
            )
            """
    }
}
