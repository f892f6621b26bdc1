public import Database
public import Foundation

extension Queue {
    /// All schedules, the next to fire first.
    ///
    /// - Returns: A statement giving a ``StoredSchedule`` for each.
    public static func schedules() -> SQL {
        "SELECT \(StoredSchedule.columns) FROM queue.schedules ORDER BY next_fire_at, name"
    }

    /// Holds a schedule: it fires no more until it is resumed.
    ///
    /// - Parameters:
    ///   - name: The schedule.
    ///   - note: Who holds it, and why.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving `name` when there is such a schedule; one that is paused stays so.
    public static func pauseSchedule(_ name: String, by note: OperatorNote, now: Date) -> SQL {
        """
        UPDATE queue.schedules
        SET paused_at = coalesce(paused_at, \(now)),
            paused_by = CASE WHEN paused_at IS NULL THEN \(note.name)::text ELSE paused_by END,
            pause_reason = CASE WHEN paused_at IS NULL THEN \(note.reason)::text ELSE pause_reason END
        WHERE name = \(name) RETURNING name
        """
    }

    /// Asks for a schedule's job now, besides those of its moments.
    ///
    /// - Parameters:
    ///   - name: The schedule.
    ///   - now: The caller's clock; the job's payload says it as `scheduled_for`, as at every fire.
    ///   - session: A session in a transaction that the caller commits.
    /// - Returns: The job, or the live one that has its unique key; nil when there is no such schedule.
    /// - Throws: ``UnreadableSchedule``, ``DatabaseError``.
    public static func runSchedule(_ name: String, now: Date, in session: Session) throws -> JobPlacement? {
        let row = try session.first(
            "SELECT \(StoredSchedule.columns) FROM queue.schedules WHERE name = \(name) FOR UPDATE")
        guard let stored = try row.map(StoredSchedule.init(row:)) else { return nil }
        var request = try stored.understood().request
        request.payload =
            try session.first("SELECT \(payload(request.payload, for: "\(now)::timestamptz")) AS payload")?.value(
                "payload")
            ?? request.payload
        request.runAt = nil
        let placed = try session.enqueue([request], now: now).first
        if let placed {
            try session.execute("UPDATE queue.schedules SET last_job_id = \(placed.jobID) WHERE name = \(name)")
        }
        return placed
    }

    /// Lets a schedule that is held fire again, at its next moment.
    ///
    /// What it would have fired meanwhile is not made up for, whatever it says of catching up: somebody wanted it held.
    ///
    /// - Parameters:
    ///   - name: The schedule.
    ///   - now: The caller's clock.
    ///   - session: A session in a transaction that the caller commits.
    /// - Returns: Whether there is such a schedule; one that is not held stays as it is.
    /// - Throws: ``UnreadableSchedule``, ``DatabaseError``.
    public static func resumeSchedule(_ name: String, now: Date, in session: Session) throws -> Bool {
        let row = try session.first(
            "SELECT \(StoredSchedule.columns) FROM queue.schedules WHERE name = \(name) FOR UPDATE")
        guard let stored = try row.map(StoredSchedule.init(row:)) else { return false }
        guard stored.pausedAt != nil else { return true }
        let schedule = try stored.understood()
        let next = schedule.cron.next(after: now, in: schedule.zone)
        try session.execute(
            """
            UPDATE queue.schedules SET paused_at = NULL, paused_by = NULL, pause_reason = NULL,
                next_fire_at = greatest(next_fire_at, \(next))
            WHERE name = \(name)
            """)
        return true
    }
}
