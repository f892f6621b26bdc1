internal import Database

extension JobOperator {
    /// Calls jobs off: those that nobody has begun end at once, those that run are stopped soon.
    ///
    /// A dead letter is left alone; ``discard(_:)`` is for those.
    ///
    /// - Parameter jobs: The jobs.
    /// - Returns: What became of each, in the order in which they were asked for.
    /// - Throws: `DatabaseError`.
    public func cancel(_ jobs: [JobID]) async throws -> [OperatedJob] {
        let (reached, queues) = try await pool.run { session in
            try session.begin()
            let answer = try Queue.cancelAll(jobs, reason: note.reason, in: session)
            let reached = answer.ended.union(answer.stopping)
            try session.commit(with: [Queue.noted(.cancel, reached.sorted(), by: note)])
            if !answer.workers.isEmpty { try session.execute(Queue.notifyCancelled(answer.workers)) }
            return (reached, try Queue.follow(answer.followUp, in: session))
        }
        waker.wake(queues)
        return try await outcomes(of: jobs, done: reached)
    }
}
