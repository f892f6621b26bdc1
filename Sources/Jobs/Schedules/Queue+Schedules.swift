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
    ///   - now: The caller's clock.
    /// - Returns: A statement giving `name` when there is such a schedule; one that is paused stays so.
    public static func pauseSchedule(_ name: String, now: Date) -> SQL {
        "UPDATE queue.schedules SET paused_at = coalesce(paused_at, \(now)) WHERE name = \(name) RETURNING name"
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
            UPDATE queue.schedules SET paused_at = NULL, next_fire_at = greatest(next_fire_at, \(next))
            WHERE name = \(name)
            """)
        return true
    }
}
