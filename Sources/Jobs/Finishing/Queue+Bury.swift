public import Database

extension Queue {
    /// Moves a job to the dead letters, with a copy of its body.
    ///
    /// Its unique key is free again. One that somebody has asked to cancel ends as cancelled instead.
    ///
    /// - Parameters:
    ///   - lease: The lease; does nothing when it no longer holds.
    ///   - cause: Why it is not tried again.
    ///   - reason: A safe text for operators.
    /// - Returns: A statement giving `job_id` when the lease held, with what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func bury(_ lease: JobLease, because cause: DeathCause, reason: String) -> SQL {
        """
        WITH \(goneLeases([lease])),
        ended AS (
            SELECT job_id, traits, CASE WHEN cancel_requested_at IS NULL THEN 'dead' ELSE 'cancelled' END AS outcome
            FROM gone
        ),
        unslotted AS (SELECT job_id, traits FROM gone),
        \(endings),
        laid AS (
            INSERT INTO queue.dead (job_id, kind, queue, reason, detail, lease, attempts, crashes, body)
            SELECT g.job_id, j.kind, g.queue, \(cause.rawValue), \(SafeText.cut(reason)), g.lease, g.attempt,
                   g.crashes, to_jsonb(j)
            FROM gone g
            JOIN queue.jobs j ON j.id = g.job_id
            WHERE g.cancel_requested_at IS NULL
        ),
        \(recorded(as: cause.attemptOutcome, reason: reason))
        \(answer("recorded"))
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
