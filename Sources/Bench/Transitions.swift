import Database
import Foundation
import Jobs
import StateMachines
import Workflows

/// How fast records are moved: each move locks one record, writes it, its event and two jobs, and commits.
struct Transitions {
    /// How many records there are; no two clients wait for the same one.
    private static let records = 8_000

    let ground: Ground
    let settings: BenchSettings

    /// With one, two, four and eight clients, beside pgbench that does the same in two round trips.
    func measure() async throws -> [Measure] {
        for statement in TurnLifecycle.table { _ = try await ground.pool.query(statement) }
        var database = DatabaseConfiguration(url: ground.url, maximumConnections: 8)
        database.role = "drizzl_app"
        let pool = Pool(database)
        let loaded = TurnLifecycle.files
        guard let zone = TimeZone(identifier: "UTC"), loaded.faults.isEmpty else {
            throw BenchFailure("the lifecycle of the bench does not load: \(loaded.faults)")
        }
        let engine = try await Engine.start(
            loaded.files, lifecycles: [TurnLifecycle()], calendar: CompanyCalendar(zone: zone), pool: pool)
        var measures: [Measure] = []
        for clients in [1, 2, 4, 8] {
            var measure = Measure("transition_\(clients)", "moves/s")
            let each = settings.moves / clients
            for _ in 0..<settings.rounds {
                let ids = try await fill()
                measure.product.append(
                    try await ground.rate(of: each * clients, into: &measure) {
                        try await move(ids, with: engine, clients: clients, each: each)
                    })
                _ = try await fill()
                measure.limit.append(
                    try Limit(url: ground.url).run(script(clients), clients: clients, transactions: each).rate)
            }
            measures.append(measure)
        }
        await pool.close()
        return measures
    }

    /// All records at their beginning, and nothing else.
    private func fill() async throws -> [UUID] {
        try await ground.clear()
        return try await ground.pool.run { session in
            try session.pipeline([
                "SET session_replication_role = replica", "TRUNCATE turns, workflow_events, workflow_commands CASCADE",
                """
                INSERT INTO turns (number, id, state, state_seq, state_since)
                SELECT n, gen_random_uuid(), 'here', 1, now() FROM generate_series(0, \(Self.records - 1)) n
                """, "RESET session_replication_role", "SELECT id FROM turns ORDER BY number",
            ]).last?.rows.map { row in try row.value("id") } ?? []
        }
    }

    /// Each client has records of its own, and moves them back and forth in turn.
    private func move(_ ids: [UUID], with engine: Engine, clients: Int, each: Int) async throws {
        let own = ids.count / clients
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    for n in 0..<each {
                        let command = Command(
                            id: .v7(), machine: TurnLifecycle.machine, record: ids[client * own + n % own],
                            move: n / own % 2 == 0 ? "go" : "back", actor: .system)
                        guard case .done = try await engine.perform(command, now: ground.now()) else {
                            throw BenchFailure("a move was refused")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The same rows by hand: locked and read in one round trip, written and committed in another.
    private func script(_ clients: Int) -> String {
        let payload =
            #"'{"machine": "turn", "record": "01890000-0000-7000-8000-000000000000", "event": "01890000-0000-7000-8000-000000000000", "with": {"template": "bye", "to": "them"}}'"#
        let enqueue = Queue.enqueue([settings.request(1), settings.request(2)], now: ground.now()).script(
            "ARRAY['send_email', 'notify']", "ARRAY[\(payload), \(payload)]", "ARRAY['default', 'default']",
            "ARRAY[1, 1]", "ARRAY[NULL, NULL]", "ARRAY[gen_random_uuid()::text, gen_random_uuid()::text]",
            "ARRAY[20, 20]", "ARRAY[NULL, NULL]", "ARRAY['turn', 'turn']",
            "ARRAY['01890000-0000-7000-8000-000000000000', '01890000-0000-7000-8000-000000000000']",
            "ARRAY[NULL, NULL]", "now()", "now()")
        let own = Self.records / clients
        return """
            \\set number :client_id * \(own) + random(0, \(own - 1))
            \\startpipeline
            BEGIN;
            SELECT id, state, state_seq, state_since FROM turns WHERE number = :number FOR NO KEY UPDATE;
            \\endpipeline
            \\startpipeline
            UPDATE turns SET state = CASE state WHEN 'here' THEN 'there' ELSE 'here' END, state_seq = state_seq + 1,
                   state_since = now() WHERE number = :number;
            WITH asked AS (
                INSERT INTO workflow_commands (id, request_hash, response)
                VALUES (gen_random_uuid(), sha256('x'), '{"result": "done", "state": "there"}')
                RETURNING id
            )
            INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, from_state, to_state, role, actor_kind,
                   command_id, as_of, definition)
            SELECT gen_random_uuid(), 'turn', id, state_seq, 'move', 'go', 'here', state, 'system', 'system',
                   (SELECT id FROM asked), now(), (SELECT hash FROM workflow_definitions LIMIT 1)
            FROM turns WHERE number = :number;
            \(enqueue);
            COMMIT;
            \\endpipeline
            """
    }
}
