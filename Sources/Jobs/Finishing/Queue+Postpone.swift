public import Database
public import Foundation

extension Queue {
    /// Puts a job off to a later moment: after a failure, at its own wish, or because nobody here knows its kind.
    ///
    /// - Parameters:
    ///   - lease: The lease; does nothing when it no longer holds.
    ///   - runAt: When it is to run again, by the caller's clock.
    ///   - postponement: Why, which decides whether the attempt counts.
    ///   - reason: A safe text for operators.
    /// - Returns: A statement giving `job_id` when the lease held.
    public static func postpone(
        _ lease: JobLease, to runAt: Date, because postponement: Postponement, reason: String
    ) -> SQL {
        """
        WITH \(goneLeases([lease])),
        put AS (
            INSERT INTO queue.scheduled (run_at, job_id, lease, shard, priority, attempt, crashes, queue)
            SELECT \(runAt), job_id, lease, shard, priority, attempt - \(postponement.uncountedAttempts)::smallint,
                   crashes, queue
            FROM gone
        )
        INSERT INTO queue.attempts (job_id, worker_id, claimed_at, retry_at, lease, attempt, queue, outcome, reason)
        SELECT job_id, worker_id, claimed_at, \(runAt), lease, attempt, queue, \(postponement.rawValue),
               \(SafeText.cut(reason))
        FROM gone
        RETURNING job_id
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
