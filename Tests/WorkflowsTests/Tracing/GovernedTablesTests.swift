import Database
import Foundation
import StateMachines
import TestSupport
import Testing

/// The database holds the line for every machine of the shipped files, whatever the program does.
@Suite("the table of every machine", .serialized)
struct GovernedTablesTests {
    /// A machine's columns, as the tests write them into statements.
    private struct Columns {
        let machine: Machine
        var table: SQL { "\(unsafeUnescaped: machine.entity.text)" }
        var state: SQL { "\(unsafeUnescaped: machine.field.text)" }
        var initial: String { machine.initial.text }
    }

    private static let machines = InvoiceBed.files.machines
    static let names = machines.map(\.name.text)

    private func with(_ name: String, _ body: (Columns, Pool) async throws -> Void) async throws {
        let machine = try #require(Self.machines.first { $0.name == name })
        try await ScratchDatabase.with(migrations: InvoiceBed.root.appending(path: "migrations")) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                try await body(Columns(machine: machine), pool)
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    @Test(
        "has its columns, exactly the file's states, its backstop, its refreshers and no more rights than it should",
        arguments: names)
    func schema(name: String) async throws {
        try await with(name) { columns, pool in
            let machine = columns.machine
            let (table, field) = (machine.entity.text, machine.field.text)
            var missing: [String] = []
            let checks = try await pool.query(
                """
                SELECT pg_get_constraintdef(c.oid) AS text FROM pg_constraint c
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
                WHERE c.contype = 'c' AND c.conrelid = to_regclass(\(table)::text) AND a.attname = \(field)
                """
            ).map { try $0.value("text", as: String.self) }
            let allowed = checks.map { Set($0.matches(of: /'(\w+)'::text/).map { String($0.1) }) }
            let states = Set(machine.states.map(\.name.text))
            if !allowed.contains(states) {
                missing.append("a CHECK of \(table).\(field) for exactly \(states.sorted())")
            }

            let types = try await pool.query(
                """
                SELECT attname || ' ' || format_type(atttypid, NULL) AS column FROM pg_attribute
                WHERE attrelid = to_regclass(\(table)::text) AND attnum > 0 AND NOT attisdropped
                """
            ).map { try $0.value("column", as: String.self) }
            let wanted = ["\(field) text", "\(field)_seq integer", "\(field)_since timestamp with time zone"]
            missing += wanted.filter { !types.contains($0) }

            let triggers = try await pool.query(
                """
                SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger
                WHERE tgrelid = to_regclass(\(table)::text) AND NOT tgisinternal AND tgenabled = 'O'
                """
            ).map { try $0.value("text", as: String.self) }
            let backstop = "workflow_backstop('\(name)', '\(field)')"
            let hasBackstop = triggers.contains { text in
                text.contains("AFTER INSERT OR UPDATE OF \(field), \(field)_seq ON ") && text.contains(backstop)
                    && text.contains("DEFERRABLE INITIALLY DEFERRED") && !text.contains(" WHEN ")
            }
            if !hasBackstop { missing.append(backstop) }
            for fact in machine.facts where fact.setBy.contains(where: { $0 == "edit" }) {
                let refresher = "workflow_refresh_timers('\(name)')"
                let isThere = triggers.contains { text in
                    let columns = text.firstMatch(of: #/AFTER UPDATE OF ([\w, ]+) ON /#)?.1.split(separator: ", ") ?? []
                    return text.contains(refresher) && columns.contains(Substring(fact.name.text))
                }
                if !isThere { missing.append("\(refresher) after UPDATE OF \(fact.name)") }
            }

            for column in [field, "\(field)_seq", "\(field)_since"] {
                let rights = try await pool.query(
                    """
                    SELECT has_column_privilege('drizzl_app', \(table)::text, \(column)::text, 'UPDATE') AS app,
                        has_column_privilege('drizzl_engine', \(table)::text, \(column)::text, 'UPDATE') AS engine,
                        has_column_privilege('drizzl_engine', \(table)::text, \(column)::text, 'INSERT') AS makes
                    """)
                guard let row = rows(rights) else { continue }
                if try row.value("app", as: Bool.self) { missing.append("drizzl_app may write \(column)") }
                if try !row.value("engine", as: Bool.self) { missing.append("drizzl_engine may not write \(column)") }
                if try !row.value("makes", as: Bool.self) { missing.append("drizzl_engine may not insert \(column)") }
            }
            #expect(missing == [], "\(name): \(table)")
        }
    }

    private func rows(_ rows: [Row]) -> Row? { rows.first }

    @Test(
        "refuses a state to the application, and a state or a row without its event to the engine at commit",
        arguments: names)
    func states(name: String) async throws {
        try await with(name) { columns, pool in
            try await pool.run { session in try strip(columns, session) }
            let (table, state) = (columns.table, columns.state)
            let id = UUID.v7()
            let insert: SQL = """
                INSERT INTO \(table) (id, \(state), \(state)_seq, \(state)_since)
                VALUES (\(id), \(columns.initial), 1, now())
                """
            await expect("23000", as: "drizzl_engine", [insert], pool, "\(name): a row without its event")
            try await pool.transaction { session in
                _ = try session.pipeline(
                    ["SET LOCAL ROLE drizzl_engine"] + event(name, id, seq: 1, from: nil, to: columns.initial) + [
                        insert
                    ])
            }
            let other = try #require(columns.machine.states.first { $0.name != columns.machine.initial }).name.text
            let bare: SQL = "UPDATE \(table) SET \(state) = \(other) WHERE id = \(id)"
            let counted: SQL = "UPDATE \(table) SET \(state) = \(other), \(state)_seq = 2 WHERE id = \(id)"
            await expect("42501", as: "drizzl_app", [bare], pool, "\(name): a state by the application")
            await expect("23000", as: "drizzl_engine", [bare], pool, "\(name): a state without its event")
            await expect("23000", as: "drizzl_engine", [counted], pool, "\(name): a state and seq without its event")
            let elsewhere = event(name, id, seq: 2, from: columns.initial, to: columns.initial)
            await expect(
                "23000", as: "drizzl_engine", elsewhere + [counted], pool, "\(name): an event of another state")
            let rows = try await pool.query("SELECT \(state) AS state FROM \(table) WHERE id = \(id)")
            #expect(try rows.first?.value("state", as: String.self) == columns.initial)
            try await pool.transaction { session in
                _ = try session.pipeline(
                    ["SET LOCAL ROLE drizzl_engine"] + event(name, id, seq: 2, from: columns.initial, to: other) + [
                        counted
                    ])
            }
        }
    }

    @Test("cannot have its history rewritten, by neither role")
    func history() async throws {
        try await with("invoice") { columns, pool in
            try await pool.run { session in
                try strip(columns, session)
                try session.begin(with: event("invoice", UUID.v7(), seq: 1, from: nil, to: "pending"))
                try session.commit()
            }
            let changes: [SQL] = [
                "UPDATE workflow_events SET to_state = 'paid'", "DELETE FROM workflow_events",
                "UPDATE workflow_commands SET response = '{}'", "DELETE FROM workflow_commands",
                "UPDATE workflow_definitions SET body = ''", "DELETE FROM workflow_definitions",
                "TRUNCATE workflow_events CASCADE",
            ]
            for role in ["drizzl_app", "drizzl_engine"] {
                for change in changes { await expect("42501", as: role, [change], pool, "\(role): \(change.text)") }
            }
            for table in ["workflow_events", "workflow_commands", "workflow_definitions"] {
                let right = "INSERT"
                let rows = try await pool.query(
                    "SELECT has_table_privilege('drizzl_app', \(table)::text, \(right)::text) AS may")
                #expect(try rows.first?.value("may", as: Bool.self) == false, "drizzl_app writes \(table)")
            }
        }
    }

    private func expect(
        _ state: String, as role: String, _ statements: [SQL], _ pool: Pool, _ comment: String
    ) async {
        let error = await #expect(throws: DatabaseError.self, "\(comment)") {
            try await pool.transaction { session in
                _ = try session.pipeline(["SET LOCAL ROLE \(unsafeUnescaped: role)"] + statements)
            }
        }
        #expect(error?.sqlState == state, "\(comment)")
    }

    private func event(_ machine: String, _ record: UUID, seq: Int, from: String?, to: String) -> [SQL] {
        let command = UUID.v7()
        return [
            """
            INSERT INTO workflow_definitions (hash, machine, version, body) VALUES ('\\x01', 'test', 1, '')
            ON CONFLICT DO NOTHING
            """,
            "INSERT INTO workflow_commands (id, request_hash, response) VALUES (\(command), '\\x01', '{}')",
            """
            INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, from_state, to_state, role, actor_kind,
                command_id, as_of, definition)
            VALUES (\(UUID.v7()), \(machine), \(record), \(seq), 'move', 'move', \(from), \(to), 'system', 'system',
                \(command), now(), '\\x01')
            """,
        ]
    }

    /// Takes away what else a table demands, so that a row of nothing but its state can be written.
    private func strip(_ columns: Columns, _ session: Session) throws {
        let table = columns.machine.entity.text
        let constraints = try session.query(
            """
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS text FROM pg_constraint
            WHERE conrelid = to_regclass(\(table)::text) AND contype IN ('c', 'f')
            """)
        let nulls = try session.query(
            """
            SELECT format('ALTER TABLE %s ALTER %I DROP NOT NULL', attrelid::regclass, attname) AS text
            FROM pg_attribute
            WHERE attrelid = to_regclass(\(table)::text) AND attnum > 0 AND attnotnull AND NOT attisdropped
              AND attname <> 'id'
            """)
        // A row may be governed by two machines; the other one has a test of its own.
        let own = "%workflow_backstop('\(columns.machine.name)'%"
        let triggers = try session.query(
            """
            SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) AS text FROM pg_trigger
            WHERE tgrelid = to_regclass(\(table)::text) AND NOT tgisinternal AND pg_get_triggerdef(oid) NOT LIKE \(own)
            """)
        for row in triggers + constraints + nulls {
            try session.execute("\(unsafeUnescaped: row.value("text", as: String.self))")
        }
    }
}
