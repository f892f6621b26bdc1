import Database
import Foundation
import Jobs
import StateMachines
import Synchronization
import TestSupport
import Workflows

/// Made-up machines on a real engine and a real database.
struct SketchBed: Sendable {
    /// A Monday.
    static let start = InvoiceBed.time("2026-03-02 10:00")
    static let admin = Actor(kind: .admin, id: UUID(), role: "admin", permissions: ["sketch.manage"])

    static let vocabulary = """
        locks: [a]
        roles:
          admin: { title: An admin, kind: person }
          rep: { title: The rep, kind: person }
          system: { title: The machine, kind: system }
        permissions: [sketch.manage]
        guards:
          ready: { says: It is ready, refusal: It is not ready. }
          willing: { says: It is willing, refusal: It is not willing., code: unwilling, status: 422 }
          sound: { says: It is sound, refusal: It is not sound. }
        finders:
          linked: { says: What is linked, gives: b }
          linked_open: { says: What is linked and open, gives: b, in: [open] }
        jobs:
          notify: { says: Tells somebody, with: [who, about], key: "notice, record, occurrence" }
          send_email: { says: Sends a mail, with: [template, to], key: event }
        notices:
          gone: { says: It is gone }
          first: { says: The first time, once: true }
        """

    /// A file of states `open`, `busy`, `done` and `dropped`, with moves `go`, `finish`, `drop` and `back`.
    static func machine(_ name: String, version: Int = 1, moves: String = "", _ more: String = "") -> String {
        """
        machine: \(name)
        version: \(version)
        title: Sketch
        entity: sketch_\(name)
        field: state
        initial: open
        final: [done, dropped]
        states:
          open: Open
          busy: Busy
          done: { title: Done, holds: [sound] }
          dropped: Dropped
        facts:
          due: { type: date, set_by: [create, plan, edit] }
        create: { title: Make, who: [admin, system] }
        transitions:
          go:
            title: Go
            button: Go
            from: [open]
            to: busy
            already: [done]
            who: [admin, system]
            permission: sketch.manage
            requires: [ready, willing]
            apply: [count, look]
            jobs:
              - notify: { who: admins, about: gone }
          plan:
            title: Plan
            button: Plan
            from: [open, busy]
            to: same
            who: [admin]
            permission: sketch.manage
            asks:
              due: { type: date }
            apply: [take_due]
          finish: { title: Finish, from: [busy], to: done, who: [admin, system], permission: sketch.manage, jobs: [ { send_email: { template: bye, to: them } }, { notify: { who: admins, about: first } } ] }
          drop:
            title: Drop
            from: [open, busy]
            to: dropped
            who: [admin, system]
            permission: sketch.manage
            asks:
              reason: { type: text }
              amount: { type: integer }
            apply: [take_amount]
        \(moves)
        corrections:
          undo: { title: Undo, from: [done, dropped], to: previous, who: [admin, system], permission: sketch.manage }
        \(more)
        """
    }

    let pool: Pool
    let owner: Pool
    let engine: Engine
    /// How often the engine has woken the queue.
    let wakes: Wakes

    final class Wakes: Sendable {
        private let counter = Mutex(0)
        var count: Int { counter.withLock { $0 } }
        func add() { counter.withLock { $0 += 1 } }
    }

    static func files(_ machines: [String], holidays: Set<CalendarDay> = []) -> WorkflowFiles {
        let texts = machines.enumerated().map { ("machine\($0.offset).yaml", $0.element) }
        return WorkflowFiles.load(texts: texts + [("vocabulary.yaml", vocabulary)]).files
    }

    static func with(
        _ machines: String..., connections: Int = 4, holidays: Set<CalendarDay> = [],
        _ body: (SketchBed) async throws -> Void
    ) async throws {
        let files = files(machines)
        try await ScratchDatabase.with(migrations: InvoiceBed.root.appending(path: "migrations")) { url in
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: connections, role: "drizzl_app"))
            do {
                for machine in Set(files.machines.map(\.name.text)).union(["a"]).sorted() {
                    try await lay(machine, owner)
                }
                _ = try await owner.query(
                    """
                    CREATE TABLE sketch_links (place bigint GENERATED ALWAYS AS IDENTITY, source uuid, target uuid,
                        machine text)
                    """)
                _ = try await owner.query("GRANT SELECT, INSERT ON sketch_links TO drizzl_engine, drizzl_app")
                let wakes = Wakes()
                let engine = try await start(files, on: pool, holidays: holidays, wakes: wakes)
                try await body(SketchBed(pool: pool, owner: owner, engine: engine, wakes: wakes))
                await pool.close()
                await owner.close()
            } catch {
                await pool.close()
                await owner.close()
                throw error
            }
        }
    }

    private static func lay(_ machine: String, _ owner: Pool) async throws {
        let table: SQL = "sketch_\(unsafeUnescaped: machine)"
        for statement: SQL in [
            """
            CREATE TABLE \(table) (id uuid PRIMARY KEY, state text NOT NULL, state_seq integer NOT NULL,
                state_since timestamptz NOT NULL, facts jsonb NOT NULL)
            """,
            "GRANT SELECT, UPDATE (facts) ON \(table) TO drizzl_app",
            "GRANT SELECT, INSERT, UPDATE ON \(table) TO drizzl_engine",
            """
            CREATE CONSTRAINT TRIGGER backstop AFTER INSERT OR UPDATE OF state, state_seq ON \(table)
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            EXECUTE FUNCTION workflow_backstop('\(unsafeUnescaped: machine)', 'state')
            """,
            """
            CREATE TRIGGER refresh_timers AFTER UPDATE OF facts ON \(table) FOR EACH ROW
            WHEN (OLD.facts -> 'due' IS DISTINCT FROM NEW.facts -> 'due')
            EXECUTE FUNCTION workflow_refresh_timers('\(unsafeUnescaped: machine)')
            """,
        ] { _ = try await owner.query(statement) }
    }

    static func start(
        _ files: WorkflowFiles, on pool: Pool, holidays: Set<CalendarDay> = [], wakes: Wakes = Wakes()
    ) async throws -> Engine {
        try await Engine.start(
            files, lifecycles: files.machines.map(SketchLifecycle.init),
            calendar: CompanyCalendar(zone: InvoiceBed.zone, holidays: holidays), pool: pool,
            committed: { wakes.add() })
    }

    func make(
        _ machine: String = "a", _ facts: [String: JSONValue] = [:], id: UUID = UUID.v7(), at now: Date = start
    ) async throws -> UUID {
        guard try await perform("create", of: machine, on: id, facts, at: now).receipt != nil else {
            throw InvoiceBed.NotDone()
        }
        return id
    }

    @discardableResult
    func perform(
        _ move: String, of machine: String = "a", on record: UUID, _ inputs: [String: JSONValue] = [:],
        by actor: Actor = admin, id: UUID = UUID(), seq: Int? = nil, dryRun: Bool = false, at now: Date = start
    ) async throws -> Outcome {
        try await engine.perform(
            Command(
                id: id, machine: machine, record: record, move: move, inputs: inputs, actor: actor, expectedSeq: seq,
                isDryRun: dryRun), now: now)
    }

    func link(_ source: UUID, to target: UUID, of machine: String = "b") async throws {
        _ = try await pool.query(
            "INSERT INTO sketch_links (source, target, machine) VALUES (\(source), \(target), \(machine))")
    }

    /// Edits facts outside of moves.
    func edit(_ record: UUID, of machine: String = "a", _ facts: [String: JSONValue]) async throws {
        let table: SQL = "sketch_\(unsafeUnescaped: machine)"
        _ = try await pool.query(
            "UPDATE \(table) SET facts = facts || \(JSON(text: JSONValue.object(facts).json)) WHERE id = \(record)")
    }

    func explain(_ record: UUID, of machine: String = "a", by actor: Actor = admin) async throws -> Explanation {
        let found = try await engine.explain(machine: machine, record: record, actor: actor, now: Self.start)
        guard let found else { throw InvoiceBed.NotDone() }
        return found
    }

    func state(_ record: UUID, of machine: String = "a") async throws -> String {
        try await explain(record, of: machine).standing.state
    }

    func fact(_ name: String, _ record: UUID, of machine: String = "a") async throws -> String? {
        let table: SQL = "sketch_\(unsafeUnescaped: machine)"
        return try await pool.query("SELECT facts ->> \(name) AS fact FROM \(table) WHERE id = \(record)")
            .first?.optional("fact")
    }

    func history(_ record: UUID, of machine: String = "a") async throws -> [HistoryEntry] {
        try await pool.query(HistoryEntry.of(machine, record)).map(HistoryEntry.init)
    }

    /// What was done, to every record, in the order in which it was written.
    func story() async throws -> [String] {
        try await pool.query("SELECT machine, move FROM workflow_events WHERE move <> 'create' ORDER BY id").map {
            "\(try $0.value("machine", as: String.self)).\(try $0.value("move", as: String.self))"
        }
    }

    /// The armed timers of a record by name.
    func armed(_ record: UUID) async throws -> [String: Date] {
        let rows = try await pool.query("SELECT timer, moment FROM workflow_timers WHERE record_id = \(record)")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.value("timer"), try $0.value("moment", as: Date.self)) })
    }

    func fireDue(at now: Date, _ engine: Engine? = nil) async throws {
        let engine = engine ?? self.engine
        while true {
            let rows = try await pool.query(engine.due(at: now, limit: 10))
            if rows.isEmpty { return }
            for row in rows { try await engine.fire(DueTimer(row), now: now) }
        }
    }

    /// The reactions that were left to a job, oldest first.
    func later() async throws -> [LaterReaction] {
        try await pool.query("SELECT payload FROM queue.jobs WHERE kind = \(LaterReaction.kind) ORDER BY id").map {
            try JSONDecoder().decode(LaterReaction.self, from: Data($0.value("payload", as: JSON.self).text.utf8))
        }
    }

    func number(_ query: SQL) async throws -> Int {
        try await pool.query("SELECT (\(query))::bigint AS number").first?.value("number") ?? -1
    }

    /// How many rows the engine has written but for refusals: a refused command leaves them as they are.
    func written() async throws -> [Int] {
        var counts: [Int] = []
        for table in ["workflow_events", "workflow_commands", "queue.jobs", "workflow_attention", "workflow_timers"] {
            counts.append(try await number("SELECT count(*) FROM \(unsafeUnescaped: table)"))
        }
        return counts
    }
}
