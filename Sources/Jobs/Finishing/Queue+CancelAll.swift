public import Database

extension Queue {
    /// What became of jobs that were called off.
    public struct Cancelling: Sendable, Hashable {
        /// Those that ended at once.
        public var ended: Set<JobID> = []
        /// Those that run, and are stopped soon.
        public var stopping: Set<JobID> = []
        /// Who runs them; after the commit, ``Queue/notifyCancelled(_:)``.
        public var workers: Set<WorkerID> = []
        /// What is to be followed up after the commit.
        public var followUp = QueueFollowUp()
    }

    /// Calls jobs off as ``cancel(_:reason:)`` does, and looks again for those that moved meanwhile.
    ///
    /// - Parameters:
    ///   - jobs: The jobs; those that have ended, and dead letters, are in no set of the answer.
    ///   - reason: A safe text for operators.
    ///   - session: Any session.
    /// - Returns: What became of them.
    /// - Throws: ``DatabaseError``.
    public static func cancelAll(
        _ jobs: [JobID], reason: String, in session: Session
    ) throws(DatabaseError) -> Cancelling {
        var answer = Cancelling()
        var missing = Set(jobs)
        // One that moves between two places just then is missed; that it does so each time is as good as impossible.
        for _ in 0..<50 where !missing.isEmpty {
            let rows = try session.query(cancel(missing.sorted(), reason: reason))
            answer.followUp.formUnion(try QueueFollowUp(rows: rows))
            for row in rows {
                let job = JobID(rawValue: try row.value("job_id"))
                missing.remove(job)
                if let worker = try row.optional("worker_id", as: Int64.self) {
                    answer.stopping.insert(job)
                    answer.workers.insert(WorkerID(rawValue: worker))
                } else {
                    answer.ended.insert(job)
                }
            }
            for row in try session.query(settled(missing.sorted())) {
                missing.remove(JobID(rawValue: try row.value("job_id")))
            }
        }
        return answer
    }

    /// Which of these jobs have ended, are dead, or do not exist.
    private static func settled(_ jobs: [JobID]) -> SQL {
        """
        SELECT a.id AS job_id
        FROM unnest(\(jobs.map(\.rawValue))::bigint[]) AS a (id)
        WHERE EXISTS (SELECT FROM queue.dead d WHERE d.job_id = a.id)
           OR EXISTS (SELECT FROM queue.attempts t
                      WHERE t.job_id = a.id AND t.outcome IN ('succeeded', 'cancelled')
                        AND \(isNotTakenBack("t")))
           OR NOT EXISTS (SELECT FROM queue.jobs j WHERE j.id = a.id)
        """
    }
}
