internal import Database

extension JobOperator {
    /// Lets a worker take nothing new; what it runs goes on to its end.
    ///
    /// The worker is told at once, and else learns it with its next heartbeat.
    ///
    /// - Parameter worker: The worker.
    /// - Returns: Whether there is such a worker; one that is drained already stays so, with who was first.
    /// - Throws: `DatabaseError`.
    public func drain(_ worker: WorkerID) async throws -> Bool {
        try await change(worker, by: Queue.drain(worker, by: note), noting: .drain)
    }

    /// Lets a worker that is drained take jobs again.
    ///
    /// - Parameter worker: The worker.
    /// - Returns: Whether there is such a worker, and it was drained.
    /// - Throws: `DatabaseError`.
    public func resume(_ worker: WorkerID) async throws -> Bool {
        try await change(worker, by: Queue.undrain(worker), noting: .resume)
    }

    private func change(_ worker: WorkerID, by statement: SQL, noting action: OperatorAction) async throws -> Bool {
        let isDone = try await pool.run { session in
            let changed = try session.begin(with: [statement])
            guard changed.first?.rows.isEmpty == false else { return false }
            try session.commit(with: [Queue.noted(action, worker, by: note)])
            return true
        }
        // After the commit: the worker looks at its row when it hears this, as it does for jobs that are called off.
        if isDone { _ = try? await pool.query(Queue.notifyCancelled([worker])) }
        return isDone
    }
}

extension Queue {
    fileprivate static func noted(_ action: OperatorAction, _ worker: WorkerID, by note: OperatorNote) -> SQL {
        """
        INSERT INTO queue.operations (action, scope, name, operator, reason)
        VALUES (\(action.rawValue), 'worker', \(worker.description), \(note.name), \(note.reason))
        """
    }
}
