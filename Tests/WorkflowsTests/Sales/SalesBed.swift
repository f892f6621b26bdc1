import Database
import Foundation
import Jobs
import StateMachines
import TestSupport
import Workflows

/// A database with one rep and one product, and an engine with the machines of selling on it; the clock is the test's.
struct SalesBed: Sendable {
    static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
    static let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
    static let calendar = CompanyCalendar(zone: zone)
    static let contact = Actor(kind: .lead, id: UUID(), role: "contact")
    static let visitor = Actor(kind: .lead, role: "visitor")

    let pool: Pool
    let engine: Engine
    let rep: Actor
    let admin: Actor
    let product: UUID

    static func with(_ body: (SalesBed) async throws -> Void) async throws {
        try await ScratchDatabase.with(migrations: root.appending(path: "migrations")) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 3, role: "drizzl_app"))
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                let files = WorkflowFiles.load(directory: root.appending(path: "workflows")).files
                let engine = try await Engine.start(
                    files,
                    lifecycles: [LeadLifecycle(), DealLifecycle(), ProposalLifecycle(), ActivityLifecycle()],
                    calendar: calendar, pool: pool)
                let bed = SalesBed(
                    pool: pool, engine: engine, rep: Actor(kind: .salesRep, id: UUID(), role: "rep"),
                    admin: Actor(kind: .admin, id: UUID(), role: "admin", permissions: ["leads.manage"]),
                    product: UUID())
                try await bed.plant(owner)
                try await body(bed)
            } catch {
                await pool.close()
                await owner.close()
                throw error
            }
            await pool.close()
            await owner.close()
        }
    }

    private func plant(_ owner: Pool) async throws {
        try await addRep(rep.id ?? UUID(), states: ["CA"], owner)
        _ = try await owner.query(
            """
            INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents)
            VALUES (\(product), 'Green Detox', 'GD-12', 'smoothie', 799, 799, 300)
            """)
    }

    func addRep(_ id: UUID, states: [String], _ owner: Pool? = nil) async throws {
        let name = id.uuidString
        _ = try await (owner ?? pool).query(
            """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title,
                territory_states)
            VALUES (\(id), \("\(name)@drizzl.example"), 'Sarah', 'Johnson', '(555) 010-2000', 'America/Los_Angeles',
                \(name), 'Sales Rep', \(states))
            """)
    }

    /// A moment of the company's time, `2026-03-02 10:00`.
    static func time(_ text: String) -> Date { InvoiceBed.time(text) }

    /// That moment as inputs carry it.
    static func input(_ text: String) -> JSONValue { .string(time(text).formatted(.iso8601)) }

    static let answers: [String: JSONValue] = [
        "budget": "confirmed", "authority": "decision_maker", "need": "urgent", "timeline": "30_days",
        "expected_close_date": "2026-04-30",
    ]
    static let details: [String: JSONValue] = [
        "contact_name": "Jennifer Smith", "email": "jennifer@whole.example", "phone": "(555) 010-3000",
        "business_type": "grocery", "address": "1 Ocean Avenue", "city": "Santa Monica", "state": "CA",
        "zip_code": "90401",
    ]

    /// Makes a record; its id.
    func make(
        _ machine: String, _ body: [String: JSONValue], by actor: Actor? = nil, at now: String
    ) async throws -> UUID {
        let id = UUID.v7()
        let outcome = try await perform("\(machine).create", on: id, body, by: actor, at: now)
        guard outcome.receipt != nil else { throw NotDone(codes: outcome.codes) }
        return id
    }

    /// A lead with its answers, a value and a contact.
    func lead(_ more: [String: JSONValue] = [:], at now: String = "2026-03-02 10:00") async throws -> UUID {
        let body: [String: JSONValue] = ["company_name": "Whole Foods Market", "estimated_value_cents": 8_500_000]
        let all = body.merging(Self.answers) { $1 }.merging(Self.details) { $1 }.merging(more) { $1 }
        return try await make("lead", all, at: now)
    }

    struct NotDone: Error { var codes: [String] }

    func perform(
        _ move: String, on record: UUID, _ inputs: [String: JSONValue] = [:], by actor: Actor? = nil, at now: String
    ) async throws -> Outcome {
        let parts = move.split(separator: ".").map(String.init)
        let command = Command(
            id: UUID(), machine: parts[0], record: record, move: parts[1], inputs: inputs, actor: actor ?? rep)
        return try await engine.perform(command, now: Self.time(now))
    }

    /// Where the records of a lead stand, each machine's newest.
    func states(_ lead: UUID) async throws -> [String: String] {
        let rows = try await pool.query(
            """
            SELECT l.status AS lead, d.stage AS deal,
                (SELECT status FROM proposals WHERE lead_id = l.id ORDER BY id DESC LIMIT 1) AS proposal,
                (SELECT status FROM sales_activities WHERE lead_id = l.id AND type <> 'proposal'
                 ORDER BY id DESC LIMIT 1) AS activity
            FROM leads l LEFT JOIN deals d ON d.lead_id = l.id WHERE l.id = \(lead)
            """)
        var states: [String: String] = [:]
        for name in ["lead", "deal", "proposal", "activity"] { states[name] = try rows.first?.optional(name) }
        return states
    }

    /// The deal of a lead.
    func deal(of lead: UUID) async throws -> UUID {
        let rows = try await pool.query("SELECT id FROM deals WHERE lead_id = \(lead)")
        return try rows.first?.value("id") ?? UUID()
    }

    /// The newest activity of a lead that is no proposal.
    func activity(of lead: UUID) async throws -> UUID {
        let rows = try await pool.query(
            "SELECT id FROM sales_activities WHERE lead_id = \(lead) AND type <> 'proposal' ORDER BY id DESC LIMIT 1")
        return try rows.first?.value("id") ?? UUID()
    }

    /// When a timer of a record fires next.
    func next(_ timer: String, of record: UUID) async throws -> Date? {
        try await pool.query(
            "SELECT moment FROM workflow_timers WHERE record_id = \(record) AND timer = \(timer)"
        ).first?.value("moment")
    }

    /// Fires everything that is due, as the scheduler does.
    func fireDue(at now: String) async throws {
        while true {
            let rows = try await pool.query(DueTimer.due(at: Self.time(now), limit: 10))
            if rows.isEmpty { return }
            for row in rows { try await engine.fire(DueTimer(row), now: Self.time(now)) }
        }
    }

    func jobs(_ machine: String, _ record: UUID) async throws -> [String] {
        try await pool.query(Queue.jobs(of: machine, record: record)).map { try JobSummary(row: $0).kind }.sorted()
    }
}
