import Database
import Foundation
import StateMachines
import Workflows

/// The facts of a made-up record: whatever a test wants.
struct SketchFacts: Governed {
    var values: [String: JSONValue]
    /// What records that are linked to this one have counted.
    var seen: Int64 = 0

    func value(ofFact name: String) -> FactValue? {
        switch values[name] {
        case .string(let text)?: CalendarDay(text).map(FactValue.day)
        case .integer(let seconds)?: .instant(Date(timeIntervalSince1970: Double(seconds)))
        default: nil
        }
    }

    func zone(named name: String) -> TimeZone? { nil }
    var columns: [String: JSONValue] { values }
    mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        values[column] = .integer(Int64(moment.timeIntervalSince1970))
    }
}

/// A lifecycle for a made-up file.
///
/// A guard is false for a record that has the value `not_GUARD`; the apply `take_X` keeps the input X, `count` counts,
/// `look` keeps what linked records have counted. Finders reach what is linked, in the order of the links.
struct SketchLifecycle: Lifecycle {
    static let machine = "sketch"

    let file: Machine

    var machineName: String { file.name.text }
    private var name: String { file.name.text }
    private var table: SQL { "\(unsafeUnescaped: file.entity.text)" }

    var rules: Rules<SketchFacts> {
        var guards: [String: Rules<SketchFacts>.Condition] = [:]
        for word in file.guardWords {
            guards[word.text] = .init { facts, _ in facts.values["not_\(word)"] == true ? .no() : .yes }
        }
        var applies: [String: @Sendable (inout SketchFacts, MoveContext) -> Void] = [:]
        for word in file.applyWords { applies[word.text] = Self.apply(word.text) }
        return Rules(guards: guards, applies: applies)
    }

    private static func apply(_ name: String) -> @Sendable (inout SketchFacts, MoveContext) -> Void {
        switch name {
        case "count":
            return { facts, _ in
                let count: Int64 = if case .integer(let count)? = facts.values["count"] { count } else { 0 }
                facts.values["count"] = .integer(count + 1)
            }
        case "look": return { facts, _ in facts.values["seen"] = .integer(facts.seen) }
        default:
            let input = String(name.dropFirst("take_".count))
            return { facts, context in facts.values[input] = context.inputs.given[input] }
        }
    }

    var finders: [String: Finder] {
        let name = name
        let linked: Finder = { source in
            "SELECT target FROM sketch_links WHERE source = \(source.record) AND machine = \(name) ORDER BY place"
        }
        return Dictionary(
            file.reactions.compactMap { $0.find.map { ($0.text, linked) } }, uniquingKeysWith: { first, _ in first })
    }

    var factories: [String: Factory<SketchFacts>] {
        let table = table
        let one = Factory<SketchFacts>(
            read: { source in ["SELECT id FROM \(table) WHERE id = \(source.event)"] },
            make: { results, source in
                guard results[0].rows.isEmpty else { return [] }
                var values = source.columns
                values["count"] = nil
                return [NewRecord(id: source.event, facts: SketchFacts(values: values))]
            })
        return Dictionary(
            file.reactions.compactMap { $0.create.map { ($0.text, one) } }, uniquingKeysWith: { first, _ in first })
    }

    func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF t" : ""
        return [
            """
            SELECT t.id, t.state, t.state_seq, t.state_since, t.facts,
                (SELECT coalesce(sum((s.facts ->> 'count')::bigint), 0)::bigint
                 FROM sketch_links l JOIN sketch_a s ON s.id = l.source WHERE l.target = t.id) AS seen
            FROM \(table) t WHERE t.id IN (\(records)) ORDER BY t.id \(lock)
            """
        ]
    }

    func loaded(_ results: [StatementResult]) throws -> [Loaded<SketchFacts>] {
        try results[0].rows.map { row in
            let values = try JSONDecoder().decode(
                [String: JSONValue].self, from: Data(row.value("facts", as: JSON.self).text.utf8))
            if values["unreadable"] == true {
                throw Refusal(status: 422, code: "unreadable", message: "It cannot be read.")
            }
            let standing = RecordStanding(
                id: try row.value("id"), state: try row.value("state"), seq: try row.value("state_seq"),
                since: try row.value("state_since"))
            return Loaded(standing: standing, facts: SketchFacts(values: values, seen: try row.value("seen")))
        }
    }

    func prepare(_ command: Command) throws -> [SQL] { [] }

    func prepared(_ results: [StatementResult], for command: Command) throws -> SketchFacts? {
        SketchFacts(values: command.inputs.filter { $0.key != "secret" })
    }

    func insert(_ change: Change<SketchFacts>) -> [SQL] {
        let standing = change.standing
        return [
            """
            INSERT INTO \(table) (id, state, state_seq, state_since, facts)
            VALUES (\(standing.id), \(standing.state), \(standing.seq), \(standing.since),
                \(JSON(text: JSONValue.object(change.facts.values).json)))
            """
        ]
    }

    func update(_ change: Change<SketchFacts>, before: Loaded<SketchFacts>) -> [SQL] {
        let standing = change.standing
        return [
            """
            WITH moved AS (
                UPDATE \(table) SET state = \(standing.state), state_seq = \(standing.seq),
                    state_since = \(standing.since), facts = \(JSON(text: JSONValue.object(change.facts.values).json))
                WHERE id = \(standing.id) AND state = \(before.standing.state) AND state_seq = \(before.standing.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), \(name))
            """
        ]
    }
}
