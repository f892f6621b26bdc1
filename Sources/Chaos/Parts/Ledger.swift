internal import Database
internal import Foundation
internal import Jobs
internal import Workers

/// Where a handler leaves its traces: that it began, at once; what it did, in its job's transaction.
struct Ledger: Sendable {
    let pool: Pool
    let waker: QueueWaker
    /// The process.
    let label: String
    let now: @Sendable () -> Date

    /// One time that a handler began.
    struct Run: Sendable {
        let number: Int64
        let lease: JobLease
    }

    /// Notes that a handler has begun.
    func begin(_ context: JobContext) async throws -> Run {
        let row = try await pool.query(
            """
            INSERT INTO chaos.runs (job_id, lease, worker_id, label)
            VALUES (\(context.id), \(context.lease.number), \(context.lease.workerID), \(label))
            RETURNING number
            """
        ).first
        guard let row else { throw JobFailure.retry("the beginning could not be noted") }
        return Run(number: try row.value("number"), lease: context.lease)
    }

    /// Notes, in the job's transaction, that it was done, and what it asked for.
    func effect(of run: Run, children: [JobID] = []) -> SQL {
        """
        INSERT INTO chaos.effects (run_number, job_id, lease, worker_id, children)
        VALUES (\(run.number), \(run.lease.jobID), \(run.lease.number), \(run.lease.workerID),
                \(children.map(\.rawValue))::bigint[])
        """
    }

    /// Notes that a transaction was refused because the lease was lost: what a zombie tried.
    func refusal(of run: Run) async {
        // In a task of its own, for the handler's was cancelled. A trace that is lost makes a count smaller, no more.
        await Task {
            _ = try? await pool.query(
                "INSERT INTO chaos.refusals (run_number, job_id) VALUES (\(run.number), \(run.lease.jobID))")
        }.value
    }
}
