import Database
import Foundation
import StateMachines
import Workflows

/// The facts of a record that only turns: none.
struct TurnFacts: Governed {
    func value(ofFact name: String) -> FactValue? { nil }
    func zone(named name: String) -> TimeZone? { nil }
    var columns: [String: JSONValue] { [:] }
    mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {}
}

/// The smallest lifecycle whose move writes a record, an event and two jobs.
struct TurnLifecycle: Lifecycle {
    static let machine = "turn"

    static let files = WorkflowFiles.load(texts: [
        (
            "vocabulary.yaml",
            """
            roles:
              system: { title: The machine, kind: system }
            jobs:
              send_email: { says: Sends a mail, with: [template, to], key: event }
              notify: { says: Tells somebody, with: [who, about], key: event }
            """
        ),
        (
            "turn.yaml",
            """
            machine: turn
            version: 1
            title: Turn
            entity: turns
            field: state
            initial: here
            final: [gone]
            states:
              here: Here
              there: There
              gone: Gone
            create: { title: Make, who: [system] }
            transitions:
              go:
                title: Go
                from: [here]
                to: there
                who: [system]
                jobs:
                  - send_email: { template: bye, to: them }
                  - notify: { who: them, about: gone }
              back:
                title: Back
                from: [there]
                to: here
                who: [system]
                jobs:
                  - send_email: { template: bye, to: them }
                  - notify: { who: them, about: gone }
            """
        ),
    ])

    /// The table, as a record's table is: with the trigger that lets nothing but the engine change a state.
    static let table: [SQL] = [
        """
        CREATE TABLE turns (number integer NOT NULL UNIQUE, id uuid PRIMARY KEY, state text NOT NULL,
            state_seq integer NOT NULL, state_since timestamptz NOT NULL)
        """,
        "GRANT SELECT, INSERT, UPDATE ON turns TO drizzl_engine", "GRANT SELECT ON turns TO drizzl_app",
        """
        CREATE CONSTRAINT TRIGGER backstop AFTER INSERT OR UPDATE OF state, state_seq ON turns
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('turn', 'state')
        """,
    ]

    var rules: Rules<TurnFacts> { Rules(guards: [:], applies: [:]) }
    var finders: [String: Finder] { [:] }
    var factories: [String: Factory<TurnFacts>] { [:] }

    func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        let lock: SQL = locking ? "FOR NO KEY UPDATE" : ""
        return ["SELECT id, state, state_seq, state_since FROM turns WHERE id IN (\(records)) ORDER BY id \(lock)"]
    }

    func loaded(_ results: [StatementResult]) throws -> [Loaded<TurnFacts>] {
        try results[0].rows.map { row in
            Loaded(
                standing: RecordStanding(
                    id: try row.value("id"), state: try row.value("state"), seq: try row.value("state_seq"),
                    since: try row.value("state_since")), facts: TurnFacts())
        }
    }

    func prepare(_ command: Command) throws -> [SQL] { [] }
    func prepared(_ results: [StatementResult], for command: Command) throws -> TurnFacts? { nil }
    func insert(_ change: Change<TurnFacts>) -> [SQL] { [] }

    func update(_ change: Change<TurnFacts>, before: Loaded<TurnFacts>) -> [SQL] {
        let standing = change.standing
        return [
            """
            WITH moved AS (
                UPDATE turns SET state = \(standing.state), state_seq = \(standing.seq), state_since = \(standing.since)
                WHERE id = \(standing.id) AND state = \(before.standing.state) AND state_seq = \(before.standing.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'turn')
            """
        ]
    }
}
