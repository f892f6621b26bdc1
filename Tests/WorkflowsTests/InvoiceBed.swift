import Database
import Foundation
import Jobs
import StateMachines
import TestSupport
import Workflows

/// A database with one partner and its orders, and an engine on it; the clock is the test's.
struct InvoiceBed: Sendable {
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    static let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
    static let calendar = CompanyCalendar(zone: zone)
    static let admin = Actor(
        kind: .admin, id: UUID(), role: "admin", permissions: ["payments.record", "invoices.manage"])
    static let gateway = Actor(kind: .service, role: "gateway")

    let pool: Pool
    let engine: Engine
    let partner: UUID
    let url: String

    static func with(
        connections: Int = 4, terms: String = "NET30", lateFees: Bool = true,
        _ body: (InvoiceBed) async throws -> Void
    ) async throws {
        try await ScratchDatabase.with(migrations: root.appending(path: "migrations")) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: connections, role: "drizzl_app"))
            do {
                let engine = try await Engine.start(
                    files, lifecycles: [InvoiceLifecycle()], calendar: calendar, pool: pool)
                let bed = InvoiceBed(pool: pool, engine: engine, partner: UUID(), url: url)
                try await bed.plant(terms: terms, lateFees: lateFees)
                try await body(bed)
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    static var files: WorkflowFiles { WorkflowFiles.load(directory: root.appending(path: "workflows")).files }

    /// A moment of the company's time, `2026-03-02 10:00`.
    static func time(_ text: String) -> Date {
        let parts = text.split(separator: " ")
        let clock = parts.last?.split(separator: ":").compactMap { Int($0) } ?? []
        guard let day = CalendarDay(String(parts[0])), clock.count == 2 else { preconditionFailure("no time: \(text)") }
        return day.instant(hour: clock[0], minute: clock[1], in: zone)
    }

    private func plant(terms: String, lateFees: Bool) async throws {
        let accepted = lateFees ? CalendarDay("2026-01-05") : nil
        try await ScratchDatabase.plant(
            url,
            [
                """
                INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                    zip_code, time_zone, payment_terms, late_fee_terms_accepted_on, status, status_seq, status_since,
                    approved_by, approved_at)
                VALUES (\(partner), 'Bluebird Cafe', 'cafe', 'Maya Flores', 'maya@bluebird.example', '(555) 818-2207',
                    '14 Ocean Avenue', 'Santa Monica', 'CA', '90401', 'America/Los_Angeles', \(terms), \(accepted),
                    'active', 1, now(), \(UUID()), now())
                """,
                """
                INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
                VALUES (\(UUID()), \(partner), 'rosa@bluebird.example', 'Rosa', 'Lind', 'finance',
                    'America/Los_Angeles')
                """,
            ])
    }

    /// A shipped order of one line, without the history that led there.
    func order(_ cents: Int64, terms: String = "NET30") async throws -> UUID {
        let id = UUID()
        try await ScratchDatabase.plant(
            url,
            [
                """
                INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents,
                    shipping_cents, total_cents, payment_terms, placed_on, status, status_seq, status_since,
                    payment_status, payment_status_seq, payment_status_since)
                VALUES (\(id), \("ORD-\(id.uuidString.prefix(8))"), 'B2B', \(partner), 'partner_user', \(cents), 0, 0,
                    \(cents), \(terms), '2026-03-01', 'shipped', 3, now(), 'pending', 1, now())
                """
            ])
        return id
    }

    /// An invoice for an order of one line, issued at `now`.
    func invoice(_ cents: Int64 = 10_000, at now: Date, terms: String = "NET30") async throws -> UUID {
        let id = UUID()
        let command = Command(
            id: UUID(), machine: "invoice", record: id, move: "create",
            inputs: ["order": .string(try await order(cents, terms: terms).uuidString)],
            actor: .system)
        guard case .done = try await engine.perform(command, now: now) else { throw NotDone() }
        return id
    }

    struct NotDone: Error {}

    func perform(
        _ move: String, on invoice: UUID, _ inputs: [String: JSONValue] = [:], by actor: Actor = admin,
        id: UUID = UUID(),
        expectedSeq: Int? = nil, dryRun: Bool = false, at now: Date
    ) async throws -> Outcome {
        let command = Command(
            id: id, machine: "invoice", record: invoice, move: move, inputs: inputs, actor: actor,
            expectedSeq: expectedSeq, isDryRun: dryRun)
        return try await engine.perform(command, now: now)
    }

    func pay(
        _ cents: Int64, on invoice: UUID, reference: String = UUID().uuidString, id: UUID = UUID(), at now: Date
    ) async throws -> Outcome {
        try await perform(
            "record_payment", on: invoice, payment(cents, reference), by: Self.gateway, id: id, at: now)
    }

    func payment(_ cents: Int64, _ reference: String) -> [String: JSONValue] {
        ["amount": .integer(cents), "received_on": "2026-03-10", "reference": .string(reference)]
    }

    /// Fires everything that is due at `now`, as the scheduler does.
    func fireDue(at now: Date) async throws {
        while true {
            let rows = try await pool.query(DueTimer.due(at: now, limit: 10))
            if rows.isEmpty { return }
            for row in rows { try await engine.fire(DueTimer(row), now: now) }
        }
    }

    func summary(_ invoice: UUID) async throws -> InvoiceSummary {
        guard let row = try await pool.query(InvoiceSummary.one(invoice)).first else { throw NotDone() }
        return try InvoiceSummary(row)
    }

    func history(_ invoice: UUID) async throws -> [HistoryEntry] {
        try await pool.query(HistoryEntry.of("invoice", invoice)).map(HistoryEntry.init)
    }

    /// The armed timers as `name time`, in company time, soonest first.
    func next(_ invoice: UUID) async throws -> [String: Date] {
        let rows = try await pool.query(
            "SELECT timer, moment FROM workflow_timers WHERE record_id = \(invoice)")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.value("timer"), try $0.value("moment", as: Date.self)) })
    }

    /// The stages of the ladder that were queued, oldest first.
    func reminders() async throws -> [String] {
        try await pool.query(
            """
            SELECT payload -> 'with' ->> 'stage' AS stage FROM queue.jobs WHERE kind = 'send_dunning_notice'
            ORDER BY id
            """
        ).map { try $0.value("stage") }
    }

    /// The kinds of the jobs that were queued for an invoice, oldest first.
    func jobs(_ invoice: UUID) async throws -> [String] {
        try await pool.query(Queue.jobs(of: "invoice", record: invoice)).map { try JobSummary(row: $0).kind }.sorted()
    }

    /// How many rows the engine has written, by table: a refusal leaves all of them as they are.
    func rowCounts() async throws -> [Int] {
        let rows = try await pool.query(
            """
            SELECT (SELECT count(*) FROM workflow_events) AS events, (SELECT count(*) FROM workflow_commands) AS commands,
                (SELECT count(*) FROM payments) AS payments, (SELECT count(*) FROM queue.jobs) AS jobs,
                (SELECT count(*) FROM workflow_attention) AS tasks, (SELECT count(*) FROM credit_notes) AS notes,
                (SELECT coalesce(sum(status_seq), 0)::bigint FROM invoices) AS seqs
            """)
        guard let row = rows.first else { return [] }
        return try ["events", "commands", "payments", "jobs", "tasks", "notes", "seqs"].map { try row.value($0) }
    }
}

extension Outcome {
    /// The receipt, if it was done.
    var receipt: Receipt? { if case .done(let receipt) = self { receipt } else { nil } }

    /// The codes of the refusal, if it was refused.
    var codes: [String] { if case .refused(let refusal) = self { refusal.codes } else { [] } }
}
