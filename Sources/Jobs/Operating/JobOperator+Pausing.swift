internal import Database

extension JobOperator {
    /// Lets no jobs of a queue, kind or key begin; those that run go on.
    ///
    /// - Parameter scope: What is paused.
    /// - Returns: The pause in force, which is an earlier one's if somebody was first.
    /// - Throws: `DatabaseError`.
    public func pause(_ scope: PauseScope) async throws -> JobPause? {
        try await pool.run { session in
            try session.begin(with: [
                Queue.pause(scope, by: note.name, reason: note.reason), Queue.noted(.pause, scope, by: note),
            ])
            try session.commit()
            return try session.query(Queue.pauses()).map(JobPause.init).first { $0.scope == scope }
        }
    }

    /// Lets them begin again, and moves on what the pause had put aside.
    ///
    /// - Parameter scope: What was paused.
    /// - Returns: Whether it was paused.
    /// - Throws: `DatabaseError`.
    public func resume(_ scope: PauseScope) async throws -> Bool {
        let (isDone, queues) = try await pool.run { session in
            let isDone = try session.begin(with: [Queue.resume(scope)]).first?.rows.isEmpty == false
            guard isDone else { return (false, Set<String>()) }
            try session.commit(with: [Queue.noted(.resume, scope, by: note)])
            return (true, try moveOn(scope, in: session))
        }
        waker.wake(queues)
        return isDone
    }

    /// Moves on what was held by pauses that are over.
    ///
    /// - Returns: The queues that got jobs.
    private func moveOn(_ scope: PauseScope, in session: Session) throws -> Set<String> {
        var queues: Set<String> = []
        var followUp = QueueFollowUp()
        switch scope {
        case .queue(let name): queues.insert(name)
        case .key(let key): followUp.keys.insert(key)
        case .kind: break
        }
        let portion = 1_000
        var moved = portion
        while moved >= portion {
            moved = 0
            for row in try session.query(Queue.letGo(limit: portion)) {
                queues.insert(try row.value("queue"))
                followUp.keys.formUnion(try row.value("keys", as: [String].self))
                moved += try row.value("jobs", as: Int.self)
            }
        }
        return queues.union(try Queue.follow(followUp, in: session))
    }
}

extension Queue {
    /// Records that an operator paused or resumed something.
    fileprivate static func noted(_ action: OperatorAction, _ scope: PauseScope, by note: OperatorNote) -> SQL {
        """
        INSERT INTO queue.operations (action, scope, name, operator, reason)
        VALUES (\(action.rawValue), \(scope.noun), \(scope.name), \(note.name), \(note.reason))
        """
    }

    /// Records what an operator did to jobs.
    static func noted(_ action: OperatorAction, _ jobs: [JobID], by note: OperatorNote) -> SQL {
        "WITH \(askedFor(jobs)), \(noted(action, by: note, from: "asked")) SELECT"
    }
}
