import Database
import Foundation
import StateMachines

/// A machine's definition on its way into a database that may hold records of an earlier one.
struct DefinitionVersion: Sendable {
    /// How many records are rewritten in one transaction.
    static let batch = 500

    let machine: Machine
    let hash: [UInt8]

    // Names of tables and columns cannot be bound; these come from files whose names the loader has checked.
    private var entity: SQL { "\(unsafeUnescaped: machine.entity.text)" }
    private var field: SQL { "\(unsafeUnescaped: machine.field.text)" }

    /// The name of the row that has a record's timers derived by this definition and by no older one beside it.
    static func mark(of hash: [UInt8]) -> String {
        TimerState.again + hash.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// One line for each state of a live record that neither the file nor its `was` knows.
    func unknownStates(in session: Session) throws -> [String] {
        let known = machine.states.map(\.name.text) + machine.renames.states.map(\.name.text)
        let rows = try session.query(
            """
            SELECT \(field) AS state, count(*) AS records FROM \(entity)
            WHERE NOT (\(field) = ANY(\(known))) GROUP BY 1 ORDER BY 1
            """)
        return try rows.map { row in
            let count = try row.value("records", as: Int.self)
            let state = try row.value("state", as: String.self)
            return "\(machine.name): \(count) records are in the state \(state), which the file does not know"
        }
    }

    /// Keeps the definition; if it is new here, rewrites renamed states and has the timers of live records derived again.
    func takeOver(in session: Session) throws {
        let results = try session.begin(with: [
            "SET LOCAL ROLE drizzl_engine",
            "SELECT count(*) AS earlier FROM workflow_definitions WHERE machine = \(machine.name.text)",
            """
            INSERT INTO workflow_definitions (hash, machine, version, body)
            VALUES (\(hash), \(machine.name.text), \(machine.version), \(machine.source))
            ON CONFLICT DO NOTHING RETURNING hash
            """,
        ])
        let earlier = try results[1].rows.first?.value("earlier", as: Int.self) ?? 0
        guard earlier > 0, !results[2].rows.isEmpty else {
            try session.commit()
            return try rename(in: session)
        }
        let final = machine.final.map(\.text)
        try session.commit(with: [
            """
            INSERT INTO workflow_timers (machine, record_id, timer, counted_from, occurrence, moment, fire_at)
            SELECT \(machine.name.text), id, \(Self.mark(of: hash)), to_timestamp(0), 1, to_timestamp(0), to_timestamp(0) FROM \(entity)
            WHERE NOT (\(field) = ANY(\(final)))
            ON CONFLICT DO NOTHING
            """
        ])
        try rename(in: session)
    }

    /// Rewrites states that `was` maps, with an event of kind `migration` for each record; what was cut off goes on here.
    private func rename(in session: Session) throws {
        for pair in machine.renames.states {
            while try rename(pair.name.text, to: pair.value.text, in: session) == Self.batch {}
        }
    }

    private func rename(_ old: String, to new: String, in session: Session) throws -> Int {
        let command = UUID.v7()
        let results = try session.begin(with: [
            "SET LOCAL ROLE drizzl_engine",
            """
            WITH batch AS (
                SELECT id FROM \(entity) WHERE \(field) = \(old) ORDER BY id LIMIT \(Self.batch) FOR NO KEY UPDATE
            ), moved AS (
                UPDATE \(entity) AS t SET \(field) = \(new), \(field)_seq = t.\(field)_seq + 1
                FROM batch WHERE t.id = batch.id
                RETURNING t.id, t.\(field)_seq AS seq
            )
            INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, from_state, to_state, role, actor_kind,
                command_id, as_of, definition)
            SELECT gen_random_uuid(), \(machine.name.text), id, seq, 'migration', 'migration', \(old), \(new), 'system',
                'system', \(command), clock_timestamp(), \(hash)
            FROM moved
            RETURNING record_id
            """,
        ])
        let count = results[1].rows.count
        guard count > 0 else {
            try session.rollback()
            return 0
        }
        try session.commit(with: [
            """
            INSERT INTO workflow_commands (id, request_hash, response)
            VALUES (\(command), \(hash), jsonb_build_object('migrated', \(count)::integer))
            """
        ])
        return count
    }
}
