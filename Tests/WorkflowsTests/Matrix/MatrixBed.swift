import Database
import Foundation
import StateMachines
import TestSupport
import Workflows

/// The shipped files on paper: a real engine and a real database, with a table for each machine and switches for guards.
struct MatrixBed: Sendable {
    static let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
    static let calendar = CompanyCalendar(zone: zone)
    /// A Monday.
    static let start = InvoiceBed.time("2026-03-02 10:00")

    let pool: Pool
    let engine: Engine
    let files: WorkflowFiles
    let switches: PaperSwitches
    /// Where to connect as the server's superuser.
    let url: String

    /// The files, without the conditions over the real tables.
    var words: WorkflowFiles {
        var words = files
        for index in words.vocabulary.guards.indices { words.vocabulary.guards[index].means = nil }
        return words
    }

    /// The shipped files, with tables of their own.
    static func files() throws -> WorkflowFiles {
        let root = InvoiceBed.root.appending(path: "workflows")
        var texts: [(name: String, text: String)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: root.path()).sorted()
        where name.hasSuffix(".yaml") && name != "properties.yaml" {
            var text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
            if let machine = text.firstMatch(of: /(?m)^machine: (\w+)/)?.1 {
                text = text.replacing(/(?m)^entity: .*$/, with: "entity: paper_\(machine)")
                text = text.replacing(/(?m)^field: .*$/, with: "field: state")
            }
            texts.append((name, text))
        }
        return WorkflowFiles.load(texts: texts).files
    }

    static let machines: [String] = (try? files().machines.map(\.name.text)) ?? []

    static func with(connections: Int = 4, _ body: (MatrixBed) async throws -> Void) async throws {
        let files = try files()
        try await ScratchDatabase.with(migrations: InvoiceBed.root.appending(path: "migrations")) { url in
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            for machine in files.machines {
                let table: SQL = "\(unsafeUnescaped: machine.entity.text)"
                _ = try await owner.query(
                    """
                    CREATE TABLE \(table) (id uuid PRIMARY KEY, state text NOT NULL, state_seq integer NOT NULL,
                        state_since timestamptz NOT NULL, facts jsonb NOT NULL)
                    """)
                _ = try await owner.query(
                    """
                    CREATE CONSTRAINT TRIGGER backstop AFTER INSERT OR UPDATE OF state, state_seq ON \(table)
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                    EXECUTE FUNCTION workflow_backstop('\(unsafeUnescaped: machine.name.text)', 'state')
                    """)
                _ = try await owner.query("GRANT SELECT, INSERT, UPDATE ON \(table) TO drizzl_engine, drizzl_app")
            }
            _ = try await owner.query("CREATE TABLE paper_links (source uuid, target uuid, machine text)")
            _ = try await owner.query("GRANT SELECT, INSERT, DELETE ON paper_links TO drizzl_engine, drizzl_app")
            // The aggregates' locks, as rows, and the records that they belong to.
            _ = try await owner.query("CREATE TABLE paper_locks (id uuid PRIMARY KEY)")
            _ = try await owner.query(
                "CREATE TABLE paper_members (record uuid PRIMARY KEY, lock uuid REFERENCES paper_locks)")
            _ = try await owner.query(
                "GRANT SELECT, INSERT, UPDATE ON paper_locks, paper_members TO drizzl_engine, drizzl_app")
            await owner.close()
            let pool = Pool(
                DatabaseConfiguration(url: url, maximumConnections: connections, role: "drizzl_app"))
            do {
                let switches = PaperSwitches()
                let engine = try await Engine.start(
                    files,
                    lifecycles: files.machines.map {
                        PaperLifecycle(file: $0, vocabulary: files.vocabulary, switches: switches)
                    }, calendar: calendar, pool: pool)
                try await body(MatrixBed(pool: pool, engine: engine, files: files, switches: switches, url: url))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    func machine(_ name: String) throws -> Machine { try engine.definition(of: name) }

    /// Somebody in a role, with every permission.
    func actor(_ role: String, permissions: Set<String>? = nil) -> Actor {
        let all = Set(files.vocabulary.permissions.map(\.text))
        return switch role {
        case "system": .system
        case "admin": Actor(kind: .admin, id: UUID(), role: role, permissions: permissions ?? all)
        case _ where files.vocabulary.role(named: role)?.kind == .service: Actor(kind: .service, role: role)
        case "rep": Actor(kind: .salesRep, id: UUID(), role: role)
        default: Actor(kind: .partnerUser, id: UUID(), role: role)
        }
    }

    /// A record that stands in `state`, put there by an operator.
    func record(of machine: String, in state: String, at now: Date = start) async throws -> UUID {
        let file = try self.machine(machine)
        let id = UUID.v7()
        let create = Command(
            id: UUID(), machine: machine, record: id, move: "create",
            inputs: ["at": .string("\(now.timeIntervalSince1970)")], actor: actor(file.create.who[0].text))
        try await done(engine.perform(create, now: now))
        if try await standing(of: machine, id).state != state {
            try await repair(machine, id, to: state, at: now)
        }
        return id
    }

    func repair(_ machine: String, _ record: UUID, to state: String, at now: Date) async throws {
        let command = Command(
            id: UUID(), machine: machine, record: record, move: "repair",
            inputs: ["reason": "the test wants it so", "second": "Olivia Grant"], actor: actor("admin"))
        try await done(engine.repair(to: state, command, now: now))
    }

    /// Inputs that the asks of a move take.
    func inputs(for move: Move) -> [String: JSONValue] {
        var inputs: [String: JSONValue] = [:]
        for ask in move.inputs {
            inputs[ask.name.text] =
                switch ask.type {
                case .text: "words"
                case .money, .percent, .integer: 100
                case .date: "2026-03-20"
                case .time: "2026-03-20T09:00:00Z"
                case .choice(let choices): .string(choices[0].text)
                case .boolean: true
                case .file, .reference: .string(UUID().uuidString)
                case .lines: .array([])
                }
        }
        return inputs
    }

    func perform(
        _ move: Move, of machine: String, on record: UUID, by role: String? = nil, permissions: Set<String>? = nil,
        inputs: [String: JSONValue]? = nil, at now: Date = start
    ) async throws -> Outcome {
        let command = Command(
            id: UUID(), machine: machine, record: record, move: move.name.text,
            inputs: inputs ?? self.inputs(for: move),
            actor: actor(role ?? move.who[0].text, permissions: permissions))
        return try await engine.perform(command, now: now)
    }

    func standing(of machine: String, _ record: UUID) async throws -> RecordStanding {
        let explanation = try await engine.explain(machine: machine, record: record, actor: .system, now: Self.start)
        guard let explanation else { throw InvoiceBed.NotDone() }
        return explanation.standing
    }

    /// Whether the two are linked, so that finders of `machine` reach `target` from `source`.
    func link(_ source: UUID, to target: UUID, of machine: String) async throws {
        _ = try await pool.query(
            "INSERT INTO paper_links (source, target, machine) VALUES (\(source), \(target), \(machine))")
    }

    /// Everything that the engine has written but refusals and the tasks they open for services: a refused command leaves it as it is.
    func written() async throws -> [Int] {
        let rows = try await pool.query(
            """
            SELECT (SELECT count(*) FROM workflow_events) AS events, (SELECT count(*) FROM workflow_commands) AS commands,
                (SELECT count(*) FROM queue.jobs) AS jobs, (SELECT count(*) FROM workflow_attention WHERE task <> 'refused_service') AS tasks,
                (SELECT count(*) FROM workflow_timers) AS timers
            """)
        return try ["events", "commands", "jobs", "tasks", "timers"].compactMap { try rows.first?.value($0) }
    }

    @discardableResult
    func done(_ outcome: Outcome) throws -> Receipt {
        switch outcome {
        case .done(let receipt): return receipt
        case .refused(let refusal): throw refusal
        }
    }
}
