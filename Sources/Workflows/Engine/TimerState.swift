import Database
import Foundation
import StateMachines

/// What is known of a record's timers: which are armed, which have fired; and the state before the present one.
struct TimerState {
    /// How many statements ``read(_:_:)`` has.
    static let statements = 3

    /// The name of the row that asks for a record's timers to be derived again, because a fact was edited.
    static let again = "*"

    var armed: [TimerOccurrence] = []
    var fired = FiredTimers()
    var previousState: String?

    /// Reads it for some records, after their locks are held.
    static func read(_ machine: Machine, _ records: SQL) -> [SQL] {
        let name = machine.name.text
        return [
            """
            SELECT record_id, timer, counted_from, occurrence, moment FROM workflow_timers
            WHERE machine = \(name) AND record_id IN (\(records))
            """,
            """
            SELECT record_id, timer, counted_from, max(occurrence) AS occurrence FROM workflow_events
            WHERE machine = \(name) AND record_id IN (\(records)) AND timer IS NOT NULL
            GROUP BY record_id, timer, counted_from
            """,
            """
            SELECT DISTINCT ON (record_id) record_id, from_state FROM workflow_events
            WHERE machine = \(name) AND record_id IN (\(records)) AND from_state <> to_state
              AND kind <> 'migration'
            ORDER BY record_id, seq DESC
            """,
        ]
    }

    /// What ``read(_:_:)`` brought, by record; what a later version renamed goes by its new name.
    static func states(
        _ results: some Collection<StatementResult>, of machine: Machine
    ) throws -> [UUID: TimerState] {
        let results = Array(results.prefix(statements))
        var states: [UUID: TimerState] = [:]
        for row in results[0].rows {
            states[try row.value("record_id"), default: TimerState()].armed.append(try TimerOccurrence(row))
        }
        for row in results[1].rows {
            let name = try row.value("timer", as: String.self)
            let renamed = machine.renames.timers.first { $0.name == name }?.value.text
            states[try row.value("record_id"), default: TimerState()].fired.note(
                timer: renamed ?? name, countedFrom: try row.value("counted_from"),
                number: try row.value("occurrence"))
        }
        for row in results[2].rows {
            let name = try row.value("from_state", as: String.self)
            let renamed = machine.renames.states.first { $0.name == name }?.value.text
            states[try row.value("record_id"), default: TimerState()].previousState = renamed ?? name
        }
        return states
    }

    /// Brings the rows from `old` to `new`; only those that differ are touched.
    static func write(_ new: [TimerOccurrence], replacing old: [TimerOccurrence], _ key: RecordKey) -> [SQL] {
        let gone = old.map(\.timer).filter { name in !new.contains { $0.timer == name } }
        let changed = new.filter { !old.contains($0) }
        var statements: [SQL] = []
        if !gone.isEmpty {
            statements.append(
                """
                DELETE FROM workflow_timers
                WHERE machine = \(key.machine) AND record_id = \(key.record) AND timer = ANY(\(gone))
                """)
        }
        if !changed.isEmpty {
            statements.append(
                """
                INSERT INTO workflow_timers (machine, record_id, timer, counted_from, occurrence, moment, fire_at)
                SELECT \(key.machine), \(key.record), t.timer, t.counted_from, t.occurrence, t.moment, t.moment
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
