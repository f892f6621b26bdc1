import Database
import Foundation
import StateMachines
import TestSupport
import Workflows

/// A database with an active partner, its buyer and products, and an engine that runs orders, payments and invoices.
struct OrderBed: Sendable {
    static let now = InvoiceBed.time("2026-03-02 10:00")
    static let permissions: Set<String> = ["orders.manage", "payments.record", "invoices.manage", "credit.release"]
    static let admin = Actor(kind: .admin, id: UUID(), role: "admin", permissions: permissions)

    let pool: Pool
    let engine: Engine
    let partner = UUID()
    let user = UUID()

    var buyer: Actor { Actor(kind: .partnerUser, id: user, role: "partner_buyer") }

    static func with(
        connections: Int = 4, terms: String = "NET30", creditLimit: Int64 = 5_000_000,
        _ body: (OrderBed) async throws -> Void
    ) async throws {
        try await ScratchDatabase.with(migrations: InvoiceBed.root.appending(path: "migrations")) { url in
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: connections, role: "drizzl_app"))
            do {
                let engine = try await Engine.start(
                    InvoiceBed.files, lifecycles: [OrderLifecycle(), OrderPaymentLifecycle(), InvoiceLifecycle()],
                    calendar: InvoiceBed.calendar, pool: pool)
                let bed = OrderBed(pool: pool, engine: engine)
                try await bed.plant(owner, terms: terms, creditLimit: creditLimit)
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

    /// The partner's own lifecycle is not on the bed, so its row is written without a history.
    private func plant(_ owner: Pool, terms: String, creditLimit: Int64) async throws {
        let approver = UUID()
        for statement: SQL in [
            "ALTER TABLE partners DISABLE TRIGGER partners_status_backstop",
            """
            INSERT INTO admins (id, email, first_name, last_name)
            VALUES (\(approver), 'ada@drizzl.example', 'Ada', 'Okafor')
            """,
            """
            INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                zip_code, time_zone, payment_terms, credit_limit_cents, discount_bp, status, status_seq, status_since,
                approved_by, approved_at)
            VALUES (\(partner), 'Bluebird Cafe', 'cafe', 'Maya Flores', 'maya@bluebird.example', '(555) 818-2207',
                '14 Ocean Avenue', 'Santa Monica', 'CA', '90401', 'America/Los_Angeles', \(terms), \(creditLimit), 0,
                'active', 1, \(Self.now), \(approver), \(Self.now))
            """,
            """
            INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
            VALUES (\(user), \(partner), 'rosa@bluebird.example', 'Rosa', 'Lind', 'buyer', 'America/Los_Angeles')
            """,
            // Goods cost what they cost; shipping has tests of its own.
            "UPDATE shipping_rates SET amount_cents = 0",
        ] {
            _ = try await owner.query(statement)
        }
    }

    /// A product of which `stock` units are on the shelf.
    func product(
        _ cents: Int64, stock: Int = 1_000, cost: Int64 = 0, minimum: Int = 1, pack: Int = 1, backorder: Int = 0
    ) async throws -> UUID {
        let id = UUID()
        _ = try await pool.query(
            """
            INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents, stock,
                min_order_qty, case_pack_size, backorder_limit, reorder_point)
            VALUES (\(id), 'Green Detox', \(id.uuidString), 'smoothie', \(cents), \(cents), \(cost), \(stock),
                \(minimum), \(pack), \(backorder), 0)
            """)
        return id
    }

    func lines(_ product: UUID, _ quantity: Int) -> JSONValue {
        .array([.object(["product": .string(product.uuidString), "quantity": .integer(Int64(quantity))])])
    }

    func place(
        _ product: UUID, _ quantity: Int, with more: [String: JSONValue] = [:], by actor: Actor? = nil,
        order: UUID = UUID(), at now: Date = now
    ) async throws -> Outcome {
        let inputs = ["partner": .string(partner.uuidString), "lines": lines(product, quantity)]
            .merging(more) { _, new in new }
        return try await perform("create", on: order, inputs, by: actor ?? buyer, at: now)
    }

    func perform(
        _ move: String, on record: UUID, machine: String = "order", _ inputs: [String: JSONValue] = [:],
        by actor: Actor = admin, at now: Date = now
    ) async throws -> Outcome {
        try await engine.perform(
            Command(id: UUID(), machine: machine, record: record, move: move, inputs: inputs, actor: actor), now: now)
    }

    /// The reasons of the open holds.
    func holds(_ order: UUID) async throws -> [String] {
        try await pool.query(
            "SELECT reason FROM order_holds WHERE order_id = \(order) AND released_at IS NULL ORDER BY reason"
        ).map { try $0.value("reason") }
    }

    /// One number that a query gives.
    func number(_ query: SQL) async throws -> Int {
        try await pool.query("SELECT (\(query))::bigint AS number").first?.value("number") ?? -1
    }

    func text(_ query: SQL) async throws -> String? {
        try await pool.query("SELECT (\(query))::text AS text").first?.optional("text")
    }

    func allocated(_ product: UUID) async throws -> Int {
        try await number("SELECT allocated FROM products WHERE id = \(product)")
    }

    /// What the movements of a product add up to: the truth that its sums follow.
    func moved(_ product: UUID) async throws -> Int {
        try await number(
            """
            SELECT coalesce(sum(quantity), 0) FROM stock_movements
            WHERE product_id = \(product) AND kind IN ('allocate', 'release', 'sale')
            """)
    }

    /// Fires everything that is due at `now`, as the scheduler does.
    func fireDue(at now: Date) async throws {
        while true {
            let rows = try await pool.query(DueTimer.due(at: now, limit: 10))
            if rows.isEmpty { return }
            for row in rows { try await engine.fire(DueTimer(row), now: now) }
        }
    }
}
