internal import Database

extension JobOperator {
    /// Holds a schedule: it fires no more until it is resumed.
    ///
    /// - Parameter name: The schedule.
    /// - Returns: Whether there is such a schedule; one that is held stays as it is, with its reason.
    /// - Throws: `DatabaseError`.
    public func pauseSchedule(_ name: String) async throws -> Bool {
        try await pool.run { session in
            let held = try session.begin(with: [Queue.pauseSchedule(name, by: note, now: now())])
            guard held.first?.rows.isEmpty == false else { return false }
            try session.commit(with: [Queue.noted(.pause, schedule: name, by: note)])
            return true
        }
    }

    /// Lets a schedule that is held fire again, at its next moment.
    ///
    /// - Parameter name: The schedule.
    /// - Returns: Whether there is such a schedule.
    /// - Throws: ``UnreadableSchedule``, `DatabaseError`.
    public func resumeSchedule(_ name: String) async throws -> Bool {
        try await pool.transaction { session in
            guard try Queue.resumeSchedule(name, now: now(), in: session) else { return false }
            try session.execute(Queue.noted(.resume, schedule: name, by: note))
            return true
        }
    }

    /// Asks for a schedule's job now, besides those of its moments; also while it is held.
    ///
    /// - Parameter name: The schedule.
    /// - Returns: The job, or the live one that has its unique key; nil when there is no such schedule.
    /// - Throws: ``UnreadableSchedule``, `DatabaseError`.
    public func runSchedule(_ name: String) async throws -> JobPlacement? {
        let placed = try await pool.transaction { session in
            let placed = try Queue.runSchedule(name, now: now(), in: session)
            if let placed { try session.execute(Queue.noted(.runNow, [placed.jobID], by: note)) }
            return placed
        }
        if let placed { waker.wake([placed.queue]) }
        return placed
    }
}

extension Queue {
    fileprivate static func noted(_ action: OperatorAction, schedule: String, by note: OperatorNote) -> SQL {
        """
        INSERT INTO queue.operations (action, scope, name, operator, reason)
        VALUES (\(action.rawValue), 'schedule', \(schedule), \(note.name), \(note.reason))
        """
    }
}
