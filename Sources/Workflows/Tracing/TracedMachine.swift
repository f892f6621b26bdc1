import Crypto
import Database
import StateMachines

/// A machine whose records are judged: how it is now, and every definition that its events may name.
struct TracedMachine {
    /// The machine as it is now: where its records are, and which timers wait in which states.
    let now: Machine
    /// Every definition of it that was kept and can be read, by hash.
    let definitions: [[UInt8]: Machine]
    /// What is wrong with those that cannot.
    private(set) var faults: [String] = []

    var name: String { now.name.text }
    // Names of tables and columns cannot be bound; these come from files whose names the loader has checked.
    var table: SQL { "\(unsafeUnescaped: now.entity.text)" }
    var field: SQL { "\(unsafeUnescaped: now.field.text)" }

    /// The names of the machines of which there is a definition or history.
    static let names: SQL = """
        SELECT machine FROM workflow_definitions UNION SELECT machine FROM workflow_events ORDER BY machine
        """

    /// Reads a machine's definitions; nil when none can be read.
    init?(_ name: String, files: WorkflowFiles, in session: Session) throws {
        let rows = try session.query(
            "SELECT hash, body FROM workflow_definitions WHERE machine = \(name) ORDER BY first_run_at, hash")
        var definitions: [[UInt8]: Machine] = [:]
        var newest: Machine?
        for row in rows {
            let hash = try row.value("hash", as: [UInt8].self)
            let body = try row.value("body", as: String.self)
            guard Array(SHA256.hash(data: Array(body.utf8))) == hash else {
                faults.append("a kept definition is not the text that its hash says")
                continue
            }
            let machines = WorkflowFiles.load(texts: [("\(name).yaml", body)]).files.machines
            guard let machine = machines.first(where: { $0.name == name }) else {
                faults.append("a kept definition cannot be read")
                continue
            }
            definitions[hash] = machine
            newest = machine
        }
        guard let now = files.machine(named: name) ?? newest else { return nil }
        (self.now, self.definitions) = (now, definitions)
    }

    /// Whether its table has the three columns of its state.
    func hasColumns(in session: Session) throws -> Bool {
        let field = now.field.text
        let rows = try session.query(
            """
            SELECT count(*) AS columns FROM pg_attribute
            WHERE attrelid = to_regclass(\(now.entity.text)::text) AND NOT attisdropped
              AND attname = ANY(\([field, "\(field)_seq", "\(field)_since"]))
            """)
        return try rows.first?.value("columns", as: Int.self) == 3
    }
}
