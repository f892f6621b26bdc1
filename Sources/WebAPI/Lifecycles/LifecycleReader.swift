public import Accounts
import Database
public import Foundation
public import StateMachines
import Workflows

/// Reads how the machines stand: what is in each state, what moves and what is refused.
///
/// As the visitor, who has to be an admin. Both the API and the pages read by it.
public struct LifecycleReader: Sendable {
    private let dependencies: WebDependencies

    /// The time over which moves and refusals are counted.
    public static let span: TimeInterval = 86_400
    /// Of as many of the newest records it is asked how long they stayed.
    private static let newest = 1_000
    /// As many have to have left a state before it has a usual time.
    private static let fewest = 3
    /// As often the usual time may pass.
    private static let patience = 3
    /// A week: for a state that nobody has left yet, and that no timer leads out of.
    private static let otherwise = 604_800

    /// Makes a reader.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    /// The definition in use.
    ///
    /// - Throws: ``Problem`` 404 when no such machine runs.
    public func machine(_ name: String?) throws(Problem) -> Machine {
        guard let machine = dependencies.engine.definitions.first(where: { $0.name.text == name }) else {
            throw .notFound("lifecycle")
        }
        return machine
    }

    /// Every machine that runs.
    ///
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func all(_ visit: Visit) async throws -> (visitor: Visitor, lifecycles: [LifecycleSummary]) {
        let machines = dependencies.engine.definitions
        let counts: [SQL] = machines.map { machine in
            """
            SELECT \(machine.name.text)::text AS machine, \(field(machine)) AS state, count(*) AS records
            \(rows(machine)) GROUP BY 2
            """
        }
        let (visitor, results) = try await visit.read([
            counts.joined(separator: " UNION ALL "),
            "SELECT machine, count(*) AS items FROM workflow_attention WHERE closed_at IS NULL GROUP BY machine",
            "SELECT machine, sum(moves)::bigint AS items FROM (\(traffic(nil))) x GROUP BY machine",
            "SELECT machine, sum(refusals)::bigint AS items FROM (\(refused(nil))) x GROUP BY machine",
        ])
        var records: [String: [String: Int]] = [:]
        for row in results[0].rows {
            records[try row.value("machine"), default: [:]][try row.value("state")] = try row.value("records")
        }
        let (attention, moves, refusals) = (
            try Self.items(results[1].rows), try Self.items(results[2].rows), try Self.items(results[3].rows)
        )
        return (
            visitor,
            machines.map { machine in
                let name = machine.name.text
                return LifecycleSummary(
                    machine: machine, records: records[name] ?? [:], attention: attention[name] ?? 0,
                    moves: moves[name] ?? 0, refusals: refusals[name] ?? 0)
            }
        )
    }

    private static func items(_ rows: [Row]) throws -> [String: Int] {
        var items: [String: Int] = [:]
        for row in rows { items[try row.value("machine")] = try row.value("items") }
        return items
    }

    /// One machine.
    ///
    /// - Throws: ``Problem`` 401, 403 or 404; `DatabaseError`.
    public func one(_ name: String?, _ visit: Visit) async throws -> (visitor: Visitor, figures: LifecycleFigures) {
        let machine = try machine(name)
        let (visitor, results) = try await visit.read([
            figures(machine), traffic(machine), refused(machine),
        ])
        let states = try results[0].rows.map { try StateFigures($0) }
        return (
            visitor,
            LifecycleFigures(
                machine: machine, states: states, traffic: try results[1].rows.map { try MoveTraffic($0) },
                refused: try results[2].rows.map { try RefusedTraffic($0) })
        )
    }

    /// The records in a state, the one that is in it longest before the others.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - figures: Those of the state, which say who is stuck.
    ///   - mark: Where the page before ended.
    ///   - limit: How many at most.
    ///   - visit: Who asks.
    /// - Returns: The records.
    /// - Throws: ``Problem`` 401, 403, or 422 for a mark that is none of ours; `DatabaseError`.
    public func records(
        of machine: Machine, in figures: StateFigures, after mark: String?, limit: Int = 50, _ visit: Visit
    ) async throws -> ListPage<StandingRecord> {
        let since: SQL = "t.\(unsafeUnescaped: machine.field.text)_since"
        var behind: SQL = "true"
        if let mark {
            let mark = try MomentMark(mark)
            behind = "(\(since), t.id) > (\(mark.moment), \(try mark.id))"
        }
        let results = try await visit.read([
            """
            SELECT t.id, \(since) AS since, \(MomentMark.micros(of: since)) AS micros,
                \(RecordName.of("\(machine.name.text)::text", "t.id")) AS name
            \(rows(machine)) AND \(field(machine)) = \(figures.state) AND \(behind)
            ORDER BY \(since), t.id LIMIT \(limit + 1)::bigint
            """
        ]).1
        let now = dependencies.now()
        let found = try results[0].rows.map { row in
            let since = try row.value("since", as: Date.self)
            let record = StandingRecord(
                id: try row.value("id"), name: try row.optional("name") ?? machine.title, since: since,
                isStuck: figures.bound.map { now.timeIntervalSince(since) > $0 } ?? false)
            return (record: record, micros: try row.value("micros", as: Int64.self))
        }
        return ListPage(found, limit: limit) {
            MomentMark.text($0.micros, $0.record.id)
        } item: {
            $0.record
        }
    }

    // MARK: Statements

    /// The machine's records that an admin sees, as `t`.
    private func rows(_ machine: Machine) -> SQL {
        let theirs = Table(machine: machine.name.text).map { Scoping.predicate(for: $0, of: .admin, alias: "t") }
        // The names of tables and columns come from files whose names the loader has checked.
        return """
            FROM \(unsafeUnescaped: machine.entity.text) t
            WHERE \(field(machine)) IS NOT NULL AND \(theirs ?? "visitor.kind() = 'admin'")
            """
    }

    private func field(_ machine: Machine) -> SQL { "t.\(unsafeUnescaped: machine.field.text)" }

    private func figures(_ machine: Machine) -> SQL {
        let (name, states) = (machine.name.text, machine.states.map(\.name.text))
        let limited = states.filter { !machine.isFinal($0) }.compactMap { state in
            machine.limit(of: state).map { (state, Int($0)) }
        }
        let open = states.filter { !machine.isFinal($0) && !machine.mayRest(in: $0) }
        let unwatched = open.filter { !machine.isLeftByItself($0) }
        return """
            WITH recent AS (SELECT t.id \(rows(machine)) ORDER BY t.id DESC LIMIT \(Self.newest)::bigint),
            stays AS (
                SELECT e.from_state AS state, extract(epoch FROM e.as_of - b.as_of) AS stay
                FROM recent r
                JOIN workflow_events e ON e.machine = \(name) AND e.record_id = r.id AND e.from_state <> e.to_state
                CROSS JOIN LATERAL (
                    SELECT x.as_of FROM workflow_events x
                    WHERE x.machine = \(name) AND x.record_id = r.id AND x.seq < e.seq
                      AND x.from_state IS DISTINCT FROM x.to_state
                    ORDER BY x.seq DESC LIMIT 1) b
            ),
            usual AS (
                SELECT state, percentile_cont(0.5) WITHIN GROUP (ORDER BY stay)::bigint AS median
                FROM stays GROUP BY state HAVING count(*) >= \(Self.fewest)::bigint
            ),
            bounds AS (
                SELECT s.state, s.place, u.median, coalesce(
                    least(l.seconds, CASE WHEN s.state = ANY(\(open)) THEN \(Self.patience)::bigint * u.median END),
                    CASE WHEN s.state = ANY(\(unwatched)) THEN \(Self.otherwise)::bigint END) AS bound
                FROM unnest(\(states)) WITH ORDINALITY AS s (state, place)
                LEFT JOIN usual u USING (state)
                LEFT JOIN unnest(\(limited.map(\.0)), \(limited.map(\.1))) AS l (state, seconds) USING (state)
            ),
            held AS (
                SELECT \(field(machine)) AS state, t.\(unsafeUnescaped: machine.field.text)_since AS since
                \(rows(machine))
            )
            SELECT b.state, b.median, b.bound, count(h.state) AS records, min(h.since) AS oldest,
                count(*) FILTER (WHERE h.since < \(dependencies.now())::timestamptz - b.bound * interval '1 second')
                    AS stuck
            FROM bounds b LEFT JOIN held h USING (state)
            GROUP BY b.state, b.place, b.median, b.bound ORDER BY b.place
            """
    }

    /// Moves by machine, move and ends; of one machine, or of all.
    private func traffic(_ machine: Machine?) -> SQL {
        """
        SELECT machine, move, from_state, to_state, count(*) AS moves FROM workflow_events
        WHERE \(recent) AND kind IN ('create', 'move', 'correction') AND \(only(machine))
        GROUP BY machine, move, from_state, to_state
        """
    }

    private func refused(_ machine: Machine?) -> SQL {
        """
        SELECT machine, move, state, count(*) AS refusals FROM workflow_refusals
        WHERE \(recent) AND \(only(machine)) GROUP BY machine, move, state
        """
    }

    private func only(_ machine: Machine?) -> SQL { machine.map { "machine = \($0.name.text)" } ?? "true" }

    /// What was written in the last 24 hours.
    ///
    /// The ids are in the order of time (UUIDv7), so their index finds the rows and there need be none by time; an hour
    /// is left for clocks that differ.
    private var recent: SQL {
        let since = dependencies.now().addingTimeInterval(-Self.span)
        return "id >= \(UUID.v7(at: since.addingTimeInterval(-3_600))) AND at >= \(since)"
    }
}

extension Machine {
    /// How long a record is meant to stay in a state: till the first timer that counts from its entering.
    ///
    /// Business days count with the weekends that may lie between, for a mark on a list need not know the calendar.
    func limit(of state: String) -> TimeInterval? {
        timers.filter { timer in
            timer.states.contains { $0 == state } && timer.when.countsFromEntering && !timer.when.isBefore
        }.compactMap { timer in timer.when.distance?.longest }.min()
    }

    /// Whether its file says why records may rest in an open state.
    func mayRest(in state: String) -> Bool { restingReasons.contains { $0.name == state } }

    /// Whether a timer makes a move out of a state.
    func isLeftByItself(_ state: String) -> Bool {
        timers.contains { timer in timer.fires != nil && timer.states.contains { $0 == state } }
    }
}

extension Span {
    /// At most so many seconds.
    fileprivate var longest: TimeInterval {
        switch unit {
        case .minute: Double(count) * 60
        case .hour: Double(count) * 3_600
        case .day: Double(count) * 86_400
        case .businessDay: Double(count + 2 * ((count + 4) / 5)) * 86_400
        case .week: Double(count) * 604_800
        }
    }
}
