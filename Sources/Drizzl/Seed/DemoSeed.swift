import Database
import Foundation
import StateMachines
import Workflows

/// Plants the demo data: what is governed through the engine, as it would have happened, the rest as rows.
///
/// Planting again changes nothing.
struct DemoSeed: Sendable {
    /// What a planted database keeps about it.
    private struct Mark: Codable {
        var asOf: String
        var isComplete: Bool
    }

    /// The database holds data that is none of ours.
    struct ForeignData: Error, CustomStringConvertible {
        var description: String {
            "This database already holds other data, so no demo data is planted. Use an empty database."
        }
    }

    /// What there is afterwards.
    struct Counts: Sendable, CustomStringConvertible {
        var numbers: [(name: String, count: Int)]
        var isNew: Bool

        var description: String {
            numbers.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
                + (isNew ? "" : " (they were there already)")
        }
    }

    /// Tables that are empty before anything is planted.
    private static let begun = ["admins", "sales_reps", "partners", "leads", "products", "orders", "customers"]
    private static let counted = [
        "admins", "sales_reps", "products", "partners", "leads", "deals", "orders", "invoices", "shipments",
        "commissions", "sales_activities",
    ]

    private let house: House
    private let set: DemoSet

    init(_ house: House) throws {
        self.house = house
        self.set = try DemoSet(from: house.settings.home.appending(path: "seeds"))
    }

    /// Whether something of the demo is missing in a database that holds nothing else: at the first start, or after a
    /// planting that was cut off.
    func isWanted() async throws -> Bool {
        if let mark = try await mark() { return !mark.isComplete }
        return try await isEmpty()
    }

    /// Plants everything that is not there.
    ///
    /// - Parameter day: As of which day; nil: today. A planting that was cut off is completed as of its own day.
    /// - Returns: What there is now.
    /// - Throws: ``ForeignData``; ``DemoPlayer/Refused``; `DatabaseError`.
    func plant(asOf day: CalendarDay? = nil) async throws -> Counts {
        let zone = house.calendar.zone
        let mark = try await mark()
        if let mark, mark.isComplete { return try await counts(isNew: false) }
        let isEmpty = try await isEmpty()
        if mark == nil, !isEmpty { throw ForeignData() }
        let today = mark.flatMap { CalendarDay($0.asOf) } ?? day ?? CalendarDay(house.now(), in: zone)
        var configuration = house.database
        (configuration.role, configuration.maximumConnections) = (nil, 1)
        let owner = Pool(configuration)
        do {
            try await keep(Mark(asOf: today.description, isComplete: false), in: owner)
            try await play(as: DemoCalendar(today: today, zone: zone), owner: owner)
            try await keep(Mark(asOf: today.description, isComplete: true), in: owner)
        } catch {
            await owner.close()
            throw error
        }
        await owner.close()
        return try await counts(isNew: mark == nil)
    }

    private func play(as calendar: DemoCalendar, owner: Pool) async throws {
        let permissions = Set(house.files.vocabulary.permissions.map(\.text))
        let names = DemoNames(set, calendar: calendar, permissions: permissions, pool: house.pool)
        var player = DemoPlayer(
            engine: house.engine, pool: house.pool, owner: owner, calendar: calendar, names: names)
        try await player.play(try set.steps(calendar))
        try await score(calendar)
    }

    /// Scores the leads with what people there have done.
    private func score(_ calendar: DemoCalendar) async throws {
        for lead in set.leads where lead.score != nil {
            let id = DemoNames.id("lead:\(lead.key)")
            guard let row = try await house.pool.query("SELECT * FROM leads WHERE id = \(id)").first else { continue }
            let score = try LeadScore(row, engagement: lead.engagement, at: calendar.reference)
            _ = try await house.pool.query(
                """
                UPDATE leads SET lead_score = \(score.points), score_factors = \(JSON(text: score.factorsJSON))
                WHERE id = \(id)
                """)
        }
    }

    private func isEmpty() async throws -> Bool {
        for table in Self.begun {
            let rows = try await house.pool.query("SELECT FROM \(unsafeUnescaped: table) LIMIT 1")
            guard rows.isEmpty else { return false }
        }
        return true
    }

    private func counts(isNew: Bool) async throws -> Counts {
        var numbers: [(name: String, count: Int)] = []
        for table in Self.counted {
            let rows = try await house.pool.query("SELECT count(*) AS rows FROM \(unsafeUnescaped: table)")
            numbers.append((table.replacing("_", with: " "), try rows[0].value("rows")))
        }
        return Counts(numbers: numbers, isNew: isNew)
    }

    private func mark() async throws -> Mark? {
        let rows = try await house.pool.query("SELECT value FROM settings WHERE key = 'demo.planted'")
        return try rows.first.map { row in
            try JSONDecoder().decode(Mark.self, from: Data(row.value("value", as: JSON.self).text.utf8))
        }
    }

    private func keep(_ mark: Mark, in owner: Pool) async throws {
        let value = JSON(text: String(decoding: try JSONEncoder().encode(mark), as: UTF8.self))
        _ = try await owner.query(
            """
            INSERT INTO settings (key, value) VALUES ('demo.planted', \(value))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """)
    }
}
