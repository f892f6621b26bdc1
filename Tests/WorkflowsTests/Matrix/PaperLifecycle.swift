import Database
import Foundation
import StateMachines
import Synchronization
import Workflows

/// What the tests decide about paper machines: which guards are false, what factories make.
final class PaperSwitches: Sendable {
    struct Settings: Sendable {
        /// Guards that answer no.
        var falseGuards: Set<String> = []
        /// Factories that make a record.
        var making: Set<String> = []
        /// Whether the actor is the one whom each separation of duties keeps out.
        var isSeparated = false
    }

    private let settings = Mutex(Settings())

    var now: Settings { settings.withLock { $0 } }

    /// Changes the settings for good, whoever is at work with them.
    func change(_ change: (inout Settings) -> Void) { settings.withLock { change(&$0) } }

    /// Runs a body with other settings, and then takes them back.
    func with<T>(_ change: (inout Settings) -> Void, _ body: () async throws -> T) async rethrows -> T {
        let before = now
        settings.withLock { change(&$0) }
        defer { settings.withLock { $0 = before } }
        return try await body()
    }
}

/// The facts of a record on paper: those that its file declares, and nothing else.
struct PaperFacts: Governed {
    var values: [String: FactValue] = [:]

    func value(ofFact name: String) -> FactValue? { values[name] }
    func zone(named name: String) -> TimeZone? { TimeZone(identifier: "America/Los_Angeles") }
    /// With what reactions of the shipped files read of their source, beside its inputs.
    var columns: [String: JSONValue] {
        values.mapValues { .string("\($0)") }.merging(["type": "call"]) { own, _ in own }
    }

    mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {}
}

/// A lifecycle made of its file alone, on a table of its own.
///
/// Guards say what the test wants, applies set the facts that the vocabulary says they set. So what the engine does with a file can be seen for every word of it.
struct PaperLifecycle: Lifecycle {
    static let machine = "paper"

    let file: Machine
    let vocabulary: Vocabulary
    let switches: PaperSwitches

    var machineName: String { file.name.text }
    private var name: String { file.name.text }
    private var table: SQL { "\(unsafeUnescaped: "paper_\(file.name.text)")" }

    var rules: Rules<PaperFacts> {
        let switches = switches
        var guards: [String: Rules<PaperFacts>.Condition] = [:]
        for word in file.guardWords {
            guards[word.text] = .init { _, _ in switches.now.falseGuards.contains(word.text) ? .no() : .yes }
        }
        var applies: [String: @Sendable (inout PaperFacts, MoveContext) -> Void] = [:]
        for word in file.applyWords {
            let set = vocabulary.applies.first { $0.name == word.text }?.facts.map(\.text) ?? []
            let facts = file.facts.filter { set.contains($0.name.text) }
            applies[word.text] = { paper, context in
                for fact in facts { paper.values[fact.name.text] = Self.ahead(fact, of: context) }
            }
        }
        var separations: [String: @Sendable (PaperFacts, Actor) -> Bool] = [:]
        for word in file.separationWords { separations[word.text] = { _, _ in switches.now.isSeparated } }
        return Rules(guards: guards, applies: applies, separations: separations)
    }

    private static func ahead(_ fact: Fact, of context: MoveContext) -> FactValue {
        let moment = context.asOf.addingTimeInterval(10 * 86_400)
        return fact.kind == .date ? .day(context.calendar.day(of: moment)) : .instant(moment)
    }

    var finders: [String: Finder] {
        let name = name
        let linked: Finder = { source in
            "SELECT target FROM paper_links WHERE source = \(source.record) AND machine = \(name)"
        }
        var finders: [String: Finder] = [:]
        for finder in file.reactions.compactMap(\.find?.text) { finders[finder] = linked }
        return finders
    }

    var factories: [String: Factory<PaperFacts>] {
        let switches = switches
        var factories: [String: Factory<PaperFacts>] = [:]
        for factory in file.reactions.compactMap(\.create?.text) {
            factories[factory] = Factory(
                read: { _ in ["SELECT 1"] },
                make: { _, source in
                    guard switches.now.making.contains(factory) else { return [] }
                    return [NewRecord(id: UUID.v7(), facts: fresh(at: source.asOf, source.calendar))]
                })
        }
        return factories
    }

    /// The facts that a new record of this machine has.
    func fresh(at moment: Date, _ calendar: CompanyCalendar) -> PaperFacts {
        let context = MoveContext(actor: .system, now: moment, calendar: calendar)
        let set = file.facts.filter { $0.setBy.contains { $0 == "create" } }
        return PaperFacts(
            values: Dictionary(uniqueKeysWithValues: set.map { ($0.name.text, Self.ahead($0, of: context)) }))
    }

    func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        let rows: SQL =
            "SELECT id, state, state_seq, state_since, facts FROM \(table) WHERE id IN (\(records)) ORDER BY id"
        guard locking else { return [rows] }
        return [
            """
            SELECT id FROM paper_locks WHERE id IN (SELECT lock FROM paper_members WHERE record IN (\(records)))
            ORDER BY id FOR NO KEY UPDATE
            """, rows + " FOR NO KEY UPDATE",
        ]
    }

    func loaded(_ results: [StatementResult]) throws -> [Loaded<PaperFacts>] {
        try results[results.count - 1].rows.map { row in
            let texts = try JSONDecoder().decode(
                [String: String].self, from: Data(row.value("facts", as: JSON.self).text.utf8))
            let facts = PaperFacts(
                values: texts.compactMapValues { text in
                    if let day = CalendarDay(text) { return .day(day) }
                    return Double(text).map { .instant(Date(timeIntervalSince1970: $0)) }
                })
            return Loaded(
                standing: RecordStanding(
                    id: try row.value("id"), state: try row.value("state"), seq: try row.value("state_seq"),
                    since: try row.value("state_since")), facts: facts)
        }
    }

    func prepare(_ command: Command) throws -> [SQL] { ["SELECT 1"] }

    func prepared(_ results: [StatementResult], for command: Command) throws -> PaperFacts? {
        guard case .string(let text)? = command.inputs["at"], let seconds = Double(text) else { return nil }
        return fresh(at: Date(timeIntervalSince1970: seconds), MatrixBed.calendar)
    }

    func insert(_ change: Change<PaperFacts>) -> [SQL] {
        let standing = change.standing
        return [
            """
            INSERT INTO \(table) (id, state, state_seq, state_since, facts)
            VALUES (\(standing.id), \(standing.state), \(standing.seq), \(standing.since), \(stored(change.facts)))
            """
        ]
    }

    func update(_ change: Change<PaperFacts>, before: Loaded<PaperFacts>) -> [SQL] {
        let standing = change.standing
        return [
            """
            WITH moved AS (
                UPDATE \(table) SET state = \(standing.state), state_seq = \(standing.seq),
                    state_since = \(standing.since), facts = \(stored(change.facts))
                WHERE id = \(standing.id) AND state = \(before.standing.state) AND state_seq = \(before.standing.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), \(name))
            """
        ]
    }

    private func stored(_ facts: PaperFacts) -> JSON {
        let texts = facts.values.mapValues { value -> JSONValue in
            switch value {
            case .day(let day): .string(day.description)
            case .instant(let instant): .string("\(instant.timeIntervalSince1970)")
            }
        }
        return JSON(text: JSONValue.object(texts).json)
    }
}
