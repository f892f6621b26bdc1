public import Database
public import Foundation

extension Queue {
    /// Puts a job off to a later moment: after a failure, at its own wish, or because nobody here knows its kind.
    ///
    /// Meanwhile others have its slot, and its rate limit counts it anew. One that somebody has asked to cancel ends
    /// as cancelled instead.
    ///
    /// - Parameters:
    ///   - lease: The lease; does nothing when it no longer holds.
    ///   - runAt: When it is to run again, by the caller's clock.
    ///   - postponement: Why, which decides whether the attempt counts.
    ///   - reason: A safe text for operators.
    /// - Returns: A statement giving `job_id` when the lease held, with what is to be followed up; see
    ///   ``QueueFollowUp``.
    public static func postpone(
        _ lease: JobLease, to runAt: Date, because postponement: Postponement, reason: String
    ) -> SQL {
        """
        WITH \(goneLeases([lease])),
        \(endedByRequest),
        unslotted AS (SELECT job_id, traits FROM gone),
        \(endings),
        put AS (
            INSERT INTO queue.scheduled (run_at, job_id, lease, shard, priority, attempt, crashes, traits, queue)
            SELECT \(runAt), job_id, lease, shard, priority, attempt - \(postponement.uncountedAttempts)::smallint,
                   crashes, traits, queue
            FROM gone
            WHERE cancel_requested_at IS NULL
        ),
        \(recorded(as: postponement.rawValue, retryAt: runAt, reason: reason))
        \(answer("recorded"))
        """
    }
}

/// Why a job is put off.
///
/// The raw values are stable, for rows outlive code.
public enum Postponement: String, Sendable {
    /// It failed and is tried again; the attempt counts.
    case failed
    /// It asked for a later moment; that is no attempt.
    case snoozed
    /// The worker has no handler for it, and another version of the program may; that is no attempt.
    case unknownKind = "unknown_kind"
    /// Its payload is sealed with a key that the worker does not have, and another may; that is no attempt.
    case unknownKey = "unknown_key"

    /// What is taken off the number of attempts.
    var uncountedAttempts: Int16 { self == .failed ? 0 : 1 }
}
