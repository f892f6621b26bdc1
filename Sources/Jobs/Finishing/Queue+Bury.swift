public import Database

extension Queue {
    /// Moves a job to the dead letters, with a copy of its body.
    ///
    /// Its unique key is free again.
    ///
    /// - Parameters:
    ///   - lease: The lease; does nothing when it no longer holds.
    ///   - cause: Why it is not tried again.
    ///   - reason: A safe text for operators.
    /// - Returns: A statement giving `job_id` when the lease held.
    public static func bury(_ lease: JobLease, because cause: DeathCause, reason: String) -> SQL {
        """
        WITH \(goneLeases([lease])),
        ended AS (SELECT job_id FROM gone),
        \(freedKeys),
        laid AS (
            INSERT INTO queue.dead (job_id, kind, queue, reason, detail, lease, attempts, crashes, body)
            SELECT g.job_id, j.kind, g.queue, \(cause.rawValue), \(SafeText.cut(reason)), g.lease, g.attempt,
                   g.crashes, to_jsonb(j)
            FROM gone g
            JOIN queue.jobs j ON j.id = g.job_id
        )
        INSERT INTO queue.attempts (job_id, worker_id, claimed_at, lease, attempt, queue, outcome, reason)
        SELECT job_id, worker_id, claimed_at, lease, attempt, queue, \(cause.attemptOutcome), \(SafeText.cut(reason))
        FROM gone
        RETURNING job_id
        """
    }
}

/// Why a job that ran is not tried again.
///
/// One whose workers were lost is laid to rest by ``Queue/rescue(limit:)``, under a cause of its own.
/// The raw values are stable, for rows outlive code.
public enum DeathCause: String, Sendable {
    /// All its attempts failed.
    case attempts
    /// Its handler said that trying again is no use.
    case discarded
    /// Its payload is not what its handler reads.
    case undecodable

    /// What is recorded of the last attempt.
    var attemptOutcome: String {
        switch self {
        case .attempts: "failed"
        case .discarded: "discarded"
        case .undecodable: "undecodable"
        }
    }
}
