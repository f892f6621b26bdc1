import Database
import Foundation
import Jobs
import Scheduler
import StateMachines
import TestSupport
import Workflows

/// A company with two reps, one who approves and one who keeps the stock, and the engine for what reps earn.
struct CompanyBed: Sendable {
    static let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt

    let database: DatabaseConfiguration
    let pool: Pool
    let owner: Pool
    let engine: Engine
    let sarah = UUID()
    let mike = UUID()
    let keeper = UUID()
    let product = UUID()
    let approver = Actor(
        kind: .admin, id: UUID(), role: "admin", permissions: ["commissions.approve", "payouts.run"])

    /// A moment of the company's clock.
    static func at(_ day: String, _ hour: Int, _ minute: Int = 0) -> Date {
        CalendarDay(day).map { $0.instant(hour: hour, minute: minute, in: zone) } ?? .distantPast
    }

    static func with(_ body: (CompanyBed) async throws -> Void) async throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let files = WorkflowFiles.load(directory: root.appending(path: "workflows")).files
        try await ScratchDatabase.with(migrations: root.appending(path: "migrations")) { url in
            let database = DatabaseConfiguration(url: url, maximumConnections: 4, role: "drizzl_app")
            let pool = Pool(database)
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                let engine = try await Engine.start(
                    files, lifecycles: [CommissionLifecycle()], calendar: CompanyCalendar(zone: zone), pool: pool)
                let bed = CompanyBed(database: database, pool: pool, owner: owner, engine: engine)
                try await bed.plantPeople()
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

    /// What the scheduler of a program that was just started does about commissions at a moment.
    func payday(at now: Date) async throws {
        let calendar = CompanyCalendar(zone: Self.zone)
        while try await CommissionDuty(engine: engine, pool: pool, calendar: calendar, now: { now }).run() {}
        while try await StatementDuty(pool: pool, waker: QueueWaker { _ in }, now: { now }).run() {}
    }

    /// What the scheduler does about stock.
    func lookAtStock(at now: Date = at("2026-03-02", 10)) async throws {
        while try await LowStockDuty(pool: pool, waker: QueueWaker { _ in }, now: { now }).run() {}
    }

    /// An amount that somebody else approved at a moment.
    @discardableResult
    func approved(_ cents: Int64, of rep: UUID, at now: Date) async throws -> UUID {
        let row = UUID.v7()
        let inputs: [String: JSONValue] = [
            "type": "adjustment", "sales_rep": .string(rep.uuidString), "amount_cents": .integer(cents),
            "reason": "by hand",
        ]
        try await perform("create", on: row, inputs, by: approver, at: now)
        try await perform("approve", on: row, by: approver, at: now)
        return row
    }

    /// Makes a move of a commission, which must not be refused.
    func perform(
        _ move: String, on row: UUID, _ inputs: [String: JSONValue] = [:], by actor: Actor, at now: Date
    ) async throws {
        let command = Command(
            id: UUID(), machine: "commission", record: row, move: move, inputs: inputs, actor: actor)
        if case .refused(let refusal) = try await engine.perform(command, now: now) { throw refusal }
    }

    /// A quota, and a confirmed order that was credited in its month.
    func plantQuota(_ cents: Int64, credited: Int64, of rep: UUID, month: String) async throws {
        let order = UUID()
        let first = CalendarDay("\(month)-01").map { EarningPeriod(monthOf: $0) }
        try await plant([
            """
            INSERT INTO quota_periods (id, sales_rep_id, period_kind, period_start, amount_cents)
            VALUES (\(UUID()), \(rep), 'month', \(first?.start), \(cents))
            """,
            """
            INSERT INTO commissions (id, sales_rep_id, type, reference_type, reference_id, order_id, amount_cents,
                rate_bp, base_value_cents, period_start, period_end, status, status_seq, status_since)
            VALUES (\(UUID()), \(rep), 'order', 'order', \(order), \(order), 100, 500, \(credited), \(first?.start),
                \(first?.end), 'pending', 1, \(Self.at("\(month)-15", 9)))
            """,
        ])
    }

    /// Writes what other machines make, past the demand for an event behind each state.
    func plant(_ statements: [SQL]) async throws {
        try await owner.transaction { session in
            _ = try session.pipeline(["SET LOCAL session_replication_role = replica"] + statements)
        }
    }

    /// The rows of a query of one column `text`, in its order.
    func texts(_ query: SQL) async throws -> [String] {
        try await owner.query(query).map { try $0.value("text") }
    }

    /// The payouts so far: month, rep, sum, what is carried on and state.
    func payouts() async throws -> [String] {
        try await texts(
            """
            SELECT to_char(p.period, 'YYYY-MM') || ' ' || r.first_name || ' ' || p.amount_cents || ' '
                || p.carried_forward_cents || ' ' || p.status AS text
            FROM payouts p JOIN sales_reps r ON r.id = p.sales_rep_id ORDER BY p.period, r.first_name
            """)
    }

    /// The bonuses so far: month, rep, sum and state.
    func bonuses() async throws -> [String] {
        try await texts(
            """
            SELECT to_char(c.period_start, 'YYYY-MM') || ' ' || r.first_name || ' ' || c.amount_cents || ' '
                || c.status AS text
            FROM commissions c JOIN sales_reps r ON r.id = c.sales_rep_id
            WHERE c.type = 'quota_bonus' ORDER BY c.period_start, r.first_name
            """)
    }

    private func plantPeople() async throws {
        let reps: [SQL] = [(sarah, "Sarah"), (mike, "Mike")].map { id, name in
            """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title)
            VALUES (\(id), \("\(name)@drizzl.example"), \(name), 'Lee', '1', 'America/Los_Angeles', \(name), 'Sales Rep')
            """
        }
        try await plant(
            reps + [
                """
                INSERT INTO admins (id, email, first_name, last_name, role, permissions)
                VALUES (\(approver.id), 'dana@drizzl.example', 'Dana', 'Ott', 'manager', '{}'),
                    (\(keeper), 'kim@drizzl.example', 'Kim', 'Lee', 'manager', '{stock.manage}')
                """,
                """
                INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents,
                    stock, reorder_point)
                VALUES (\(product), 'Green Detox Smoothie', 'GDX-012', 'smoothie', 799, 799, 200, 112, 100)
                """,
            ])
    }
}
