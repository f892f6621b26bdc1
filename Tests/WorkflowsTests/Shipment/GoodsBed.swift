import Database
import Foundation
import StateMachines
import TestSupport
import Workflows

/// A database with a released order of forty units for 4,000.00 of a rep, and an engine for parcels and commissions.
struct GoodsBed: Sendable {
    static let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
    static let calendar = CompanyCalendar(zone: zone)
    static let carrier = Actor(kind: .service, role: "carrier")
    static let monitor = Actor(kind: .service, role: "monitor")
    static let payoutRun = Actor(kind: .service, role: "payout_run")
    static let now = date("2026-03-02", hour: 10)

    let pool: Pool
    let owner: Pool
    let engine: Engine
    let order = UUID()
    let line = UUID()
    let product = UUID()
    let partner = UUID()
    let rep = UUID()
    let twin: Actor
    let admin: Actor

    static func date(_ day: String, hour: Int) -> Date {
        CalendarDay(day).map { $0.instant(hour: hour, in: zone) } ?? .distantPast
    }

    static func with(_ body: (GoodsBed) async throws -> Void) async throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let files = WorkflowFiles.load(directory: root.appending(path: "workflows")).files
        try await ScratchDatabase.with(migrations: root.appending(path: "migrations")) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 4, role: "drizzl_app"))
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                let engine = try await Engine.start(
                    files, lifecycles: [ShipmentLifecycle(), CommissionLifecycle(), InvoiceLifecycle()],
                    calendar: calendar, pool: pool)
                let bed = GoodsBed(pool: pool, owner: owner, engine: engine, twin: admin(), admin: admin())
                try await bed.plant()
                try await body(bed)
                await pool.close()
                await owner.close()
            } catch {
                await pool.close()
                await owner.close()
                throw error
            }
        }
    }

    private static func admin() -> Actor {
        let permissions = [
            "shipments.manage", "quality.decide", "commissions.approve", "payouts.run", "invoices.manage",
        ]
        return Actor(kind: .admin, id: UUID(), role: "admin", permissions: Set(permissions))
    }

    /// Writes what other machines make, past the demand for an event behind each state.
    func plant(_ statements: [SQL]) async throws {
        try await owner.transaction { session in
            _ = try session.pipeline(["SET LOCAL session_replication_role = replica"] + statements)
        }
    }

    private func plant() async throws {
        try await plant([
            """
            INSERT INTO admins (id, email, first_name, last_name)
            VALUES (\(admin.id), 'dana@drizzl.example', 'Dana', 'Ott'), (\(twin.id), 'sarah@drizzl.example', 'Sarah', 'Lee')
            """,
            """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title)
            VALUES (\(rep), 'Sarah@Drizzl.example', 'Sarah', 'Lee', '(555) 100-2000', 'America/Los_Angeles', 'R-1',
                'Sales Rep')
            """,
            """
            INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                zip_code, time_zone, status, status_seq, status_since, approved_by, approved_at)
            VALUES (\(partner), 'Bluebird Cafe', 'cafe', 'Maya Flores', 'maya@bluebird.example', '(555) 818-2207',
                '14 Ocean Avenue', 'Santa Monica', 'CA', '90401', 'America/Los_Angeles', 'active', 1, now(),
                \(admin.id), now())
            """,
            """
            INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents, stock,
                allocated)
            VALUES (\(product), 'Berry', 'B-1', 'smoothie', 10000, 10000, 100, 100, 40)
            """,
            """
            INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents,
                shipping_cents, total_cents, payment_terms, placed_on, sales_rep_id, released_at, status, status_seq,
                status_since, payment_status, payment_status_seq, payment_status_since)
            VALUES (\(order), 'ORD-10001', 'B2B', \(partner), 'partner_user', 400000, 0, 0, 400000, 'NET30',
                '2026-03-02', \(rep), \(Self.now), 'confirmed', 2, \(Self.now), 'pending', 1, \(Self.now))
            """,
            """
            INSERT INTO order_items (id, order_id, line_no, product_id, sku, description, quantity, msrp_cents,
                unit_price_cents, discount_cents, subtotal_cents)
            VALUES (\(line), \(order), 1, \(product), 'B-1', 'Berry', 40, 10000, 10000, 0, 400000)
            """,
            """
            INSERT INTO stock_reservations (id, order_item_id, location_id, quantity)
            SELECT \(UUID()), \(line), id, 40 FROM stock_locations WHERE is_default
            """,
        ])
    }

    /// A commission of the order, as its confirmation makes it.
    func plantCommission(
        _ id: UUID = UUID(), cents: Int64 = 20_000, base: Int64 = 400_000, state: String = "pending",
        order other: UUID? = nil
    ) async throws -> UUID {
        let order = other ?? order
        try await plant([
            """
            INSERT INTO commissions (id, sales_rep_id, type, reference_type, reference_id, order_id, amount_cents,
                rate_bp, base_value_cents, period_start, period_end, status, status_seq, status_since)
            VALUES (\(id), \(rep), 'order', 'order', \(order), \(order), \(cents), 500, \(base), '2026-03-01',
                '2026-03-31', \(state), 1, \(Self.now))
            """
        ])
        return id
    }

    @discardableResult
    func perform(
        _ machine: String, _ move: String, on record: UUID, _ inputs: [String: JSONValue] = [:], by actor: Actor,
        at now: Date = now
    ) async throws -> Outcome {
        let command = Command(
            id: UUID(), machine: machine, record: record, move: move, inputs: inputs, actor: actor)
        return try await engine.perform(command, now: now)
    }

    /// A parcel made by hand.
    func parcel(_ quantity: Int64? = nil, number: String? = "T-1") async throws -> UUID {
        let id = UUID.v7()
        let inputs: [String: JSONValue] = [
            "order": .string(order.uuidString), "quantity": quantity.map(JSONValue.integer) ?? .null,
            "tracking_number": number.map(JSONValue.string) ?? .null,
        ]
        let outcome = try await perform("shipment", "create", on: id, inputs, by: admin)
        guard case .done = outcome else { throw NotDone(outcome: outcome) }
        return id
    }

    struct NotDone: Error { let outcome: Outcome }

    /// The one number that a query gives.
    func number(_ query: SQL) async throws -> Int64? {
        try await pool.query("SELECT (\(query))::bigint AS number").first?.optional("number")
    }

    /// The one text that a query gives.
    func text(_ query: SQL) async throws -> String? {
        try await pool.query("SELECT (\(query))::text AS text").first?.optional("text")
    }
}
