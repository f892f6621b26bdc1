import Database
import Foundation
import StateMachines

/// What is known of a record's timers: which are armed, which have fired; and the state before the present one.
struct TimerState {
    /// How many statements ``read(_:_:)`` has.
    static let statements = 3

    var armed: [TimerOccurrence]
    var fired = FiredTimers()
    var previousState: String?

    /// Reads it, after the record's lock is held.
    static func read(_ machine: String, _ record: UUID) -> [SQL] {
        [
            """
            SELECT timer, counted_from, occurrence, moment FROM workflow_timers
            WHERE machine = \(machine) AND record_id = \(record)
            """,
            """
            SELECT timer, counted_from, max(occurrence) AS occurrence FROM workflow_events
            WHERE machine = \(machine) AND record_id = \(record) AND timer IS NOT NULL
            GROUP BY timer, counted_from
            """,
            """
            SELECT from_state FROM workflow_events
            WHERE machine = \(machine) AND record_id = \(record) AND from_state <> to_state
            ORDER BY seq DESC LIMIT 1
            """,
        ]
    }

    init(_ results: some Collection<StatementResult>) throws {
        let results = Array(results)
        self.armed = try results[0].rows.map(TimerOccurrence.init)
        for row in results[1].rows {
            fired.note(
                timer: try row.value("timer"), countedFrom: try row.value("counted_from"),
                number: try row.value("occurrence"))
        }
        self.previousState = try results[2].rows.first?.value("from_state")
    }

    /// Brings the rows from `old` to `new`; only those that differ are touched.
    static func write(
        _ new: [TimerOccurrence], replacing old: [TimerOccurrence], _ machine: String, _ record: UUID
    ) -> [SQL] {
        let gone = old.map(\.timer).filter { name in !new.contains { $0.timer == name } }
        let changed = new.filter { !old.contains($0) }
        var statements: [SQL] = []
        if !gone.isEmpty {
            statements.append(
                """
                DELETE FROM workflow_timers
                WHERE machine = \(machine) AND record_id = \(record) AND timer = ANY(\(gone))
                """)
        }
        if !changed.isEmpty {
            statements.append(
                """
                INSERT INTO workflow_timers (machine, record_id, timer, counted_from, occurrence, moment, fire_at)
                SELECT \(machine), \(record), t.timer, t.counted_from, t.occurrence, t.moment, t.moment
                FROM unnest(\(changed.map(\.timer)), \(changed.map(\.countedFrom)), \(changed.map(\.number)),
                    \(changed.map(\.moment))) AS t (timer, counted_from, occurrence, moment)
                ON CONFLICT (machine, record_id, timer) DO UPDATE
                SET counted_from = excluded.counted_from, occurrence = excluded.occurrence,
                    moment = excluded.moment, fire_at = excluded.fire_at
                """)
        }
        return statements
    }
}
