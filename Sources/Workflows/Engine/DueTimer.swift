public import Database
public import Foundation
public import StateMachines

/// A timer's row that is due.
public struct DueTimer: Sendable, Hashable {
    /// The machine.
    public var machine: String
    /// The record.
    public var record: UUID
    /// Which occurrence of which timer.
    public var occurrence: TimerOccurrence

    /// Names a row.
    public init(machine: String, record: UUID, occurrence: TimerOccurrence) {
        (self.machine, self.record, self.occurrence) = (machine, record, occurrence)
    }

    /// The rows that are due at `now`, oldest moment first, so that an outage is made up for in order.
    ///
    /// Of each record only the first: what it arms may be due before the record's next one.
    ///
    /// - Parameters:
    ///   - now: The present, UTC.
    ///   - limit: How many at most.
    /// - Returns: The statement.
    public static func due(at now: Date, limit: Int) -> SQL { due(at: now, limit: limit, "TRUE") }

    /// The same of those rows alone that meet a condition.
    static func due(at now: Date, limit: Int, _ condition: SQL) -> SQL {
        """
        SELECT machine, record_id, timer, counted_from, occurrence, moment
        FROM (
            SELECT DISTINCT ON (machine, record_id) *
            FROM workflow_timers
            WHERE fire_at <= \(now) AND \(condition)
            ORDER BY machine, record_id, moment, timer
        ) AS first
        ORDER BY moment
        LIMIT \(limit)
        """
    }

    /// Puts off a timer whose firing failed, so that it does not stand in the way of the others.
    static func postpone(_ timer: DueTimer, until: Date) -> SQL {
        """
        UPDATE workflow_timers SET fire_at = \(until)
        WHERE machine = \(timer.machine) AND record_id = \(timer.record) AND timer = \(timer.occurrence.timer)
        """
    }

    /// Reads a row of ``due(at:limit:)``.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    public init(_ row: Row) throws {
        self.machine = try row.value("machine")
        self.record = try row.value("record_id")
        self.occurrence = try TimerOccurrence(row)
    }

    /// The id of the command that fires it, the same on every node.
    ///
    /// Source: docs/lifecycle-files.md.
    var commandID: UUID {
        let counted = Int64((occurrence.countedFrom.timeIntervalSince1970 * 1_000_000).rounded())
        return UUID(
            derivedFrom: "timer", machine, record.uuidString, occurrence.timer, "\(counted)", "\(occurrence.number)")
    }
}

extension TimerOccurrence {
    /// Reads a row of `workflow_timers`.
    init(_ row: Row) throws {
        self.init(
            timer: try row.value("timer"), countedFrom: try row.value("counted_from"),
            number: try row.value("occurrence"), moment: try row.value("moment"))
    }
}
