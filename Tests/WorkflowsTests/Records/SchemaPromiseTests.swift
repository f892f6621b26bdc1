import Database
import Foundation
import StateMachines
import TestSupport
import Testing
import Workflows

/// What the tables promise, whoever writes them.
@Suite struct SchemaPromiseTests {
    private static func with(_ body: (Pool) async throws -> Void) async throws {
        try await ScratchDatabase.with(migrations: InvoiceBed.root.appending(path: "migrations")) { url in
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                try await body(owner)
                await owner.close()
            } catch {
                await owner.close()
                throw error
            }
        }
    }

    private static func rep(_ name: String, manager: UUID? = nil) -> (id: UUID, insert: SQL) {
        let id = UUID()
        return (
            id,
            """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title, manager_id)
            VALUES (\(id), \(name + "@drizzl.example"), \(name), 'Example', '1', 'UTC', \(name), 'Rep', \(manager))
            """
        )
    }

    /// A partner with an owner; its lifecycle is not there, so its row has no history.
    private static func partner(_ status: String = "pending") -> (id: UUID, inserts: [SQL]) {
        let (id, user) = (UUID(), UUID())
        return (
            id,
            [
                "ALTER TABLE partners DISABLE TRIGGER partners_status_backstop",
                """
                INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                    zip_code, time_zone, status, status_seq, status_since, closed_reason)
                VALUES (\(id), 'Bluebird Cafe', 'cafe', 'Maya Flores', 'maya@bluebird.example', '1', '14 Ocean Avenue',
                    'Santa Monica', 'CA', '90401', 'UTC', \(status), 1, now(),
                    \(status == "closed" ? "withdrawn" : nil as String?))
                """,
                """
                INSERT INTO partner_users (id, partner_id, email, first_name, last_name, time_zone, is_active)
                VALUES (\(user), \(id), 'maya@bluebird.example', 'Maya', 'Flores', 'UTC', \(status != "closed"))
                """,
            ]
        )
    }

    private static func refusal(_ pool: Pool, _ statement: SQL) async throws -> String? {
        do {
            _ = try await pool.query(statement)
            return nil
        } catch let error as DatabaseError {
            // What is wrong with the test's own statement is no refusal that anybody waits for.
            return error.constraint ?? "\(error)"
        }
    }

    @Test("nobody is above their own manager (D-02)")
    func managerTree() async throws {
        try await Self.with { pool in
            let top = Self.rep("ada")
            let middle = Self.rep("ben", manager: top.id)
            let low = Self.rep("cora", manager: middle.id)
            for statement in [top.insert, middle.insert, low.insert] { _ = try await pool.query(statement) }
            let circle: SQL = "UPDATE sales_reps SET manager_id = \(low.id) WHERE id = \(top.id)"
            #expect(try await Self.refusal(pool, circle) == "sales_reps_manager_tree")
            #expect(try await Self.refusal(pool, "UPDATE sales_reps SET manager_id = id") != nil)
            #expect(
                try await Self.refusal(pool, "UPDATE sales_reps SET manager_id = \(top.id) WHERE id = \(low.id)") == nil
            )
        }
    }

    @Test("a partner has an owner who can sign in, and one default address (D-03, D-14)")
    func ownerAndAddress() async throws {
        try await Self.with { pool in
            let (partner, inserts) = Self.partner()
            for statement in inserts { _ = try await pool.query(statement) }
            let owner: SQL = "UPDATE partner_users SET is_active = false WHERE partner_id = \(partner)"
            #expect(try await Self.refusal(pool, owner) == "partner_users_owner")
            #expect(
                try await Self.refusal(pool, "UPDATE partner_users SET role = 'buyer' WHERE partner_id = \(partner)")
                    == "partner_users_owner")
            func address(_ isDefault: Bool) -> SQL {
                """
                INSERT INTO shipping_addresses (id, partner_id, label, recipient_name, address1, city, state, zip_code,
                    is_default)
                VALUES (\(UUID()), \(partner), 'Store', 'Maya', '1', 'LA', 'CA', '90001', \(isDefault))
                """
            }
            #expect(try await Self.refusal(pool, address(true)) == nil)
            #expect(try await Self.refusal(pool, address(false)) == nil)
            #expect(try await Self.refusal(pool, address(true)) == "shipping_addresses_default_idx")
        }
    }

    @Test("a closed partner's address is free for a new application, an open one's is not (L-03)")
    func newApplication() async throws {
        try await Self.with { pool in
            for statement in Self.partner("closed").inserts + Self.partner("pending").inserts {
                _ = try await pool.query(statement)
            }
            let third = Self.partner("pending").inserts
            #expect(try await Self.refusal(pool, third[1]) == "partners_email_idx")
            #expect(
                try await Self.refusal(pool, "UPDATE partner_users SET is_active = true") == "partner_users_email_idx")
        }
    }

    @Test("one order never earns a rep twice, but again once it was reversed (D-10)")
    func earnsOnce() async throws {
        try await Self.with { pool in
            let rep = Self.rep("ada")
            _ = try await pool.query(rep.insert)
            for table in ["commissions", "orders"] {
                _ = try await pool.query("ALTER TABLE \(unsafeUnescaped: table) DISABLE TRIGGER ALL")
            }
            let order = UUID()
            let earn: SQL = """
                INSERT INTO commissions (id, sales_rep_id, type, reference_type, reference_id, order_id, amount_cents,
                    rate_bp, base_value_cents, period_start, period_end, status, status_seq, status_since)
                VALUES (gen_random_uuid(), \(rep.id), 'order', 'order', \(order), \(order), 500, 500, 10000,
                    '2026-03-01', '2026-03-31', 'pending', 1, now())
                """
            #expect(try await Self.refusal(pool, earn) == nil)
            #expect(try await Self.refusal(pool, earn) == "commissions_once_idx")
            _ = try await pool.query(
                "UPDATE commissions SET amount_cents = 0, reversed_at = now(), reversal_reason = 'win undone'")
            #expect(try await Self.refusal(pool, earn) == nil)
        }
    }

    @Test("a carrier's message is kept once, however often it comes (D-17)")
    func trackingOnce() async throws {
        try await Self.with { pool in
            _ = try await pool.query("ALTER TABLE tracking_events DISABLE TRIGGER ALL")
            let event: SQL = """
                INSERT INTO tracking_events (id, shipment_id, carrier_event_id, status, location, occurred_at,
                    received_at)
                VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'E-1', 'in_transit', 'Reno',
                    now(), now())
                """
            #expect(try await Self.refusal(pool, event) == nil)
            #expect(try await Self.refusal(pool, event) == "tracking_events_shipment_id_carrier_event_id_key")
        }
    }

    @Test(
        "what is append-only cannot be changed or deleted by the application",
        arguments: [
            "audit_log", "setting_changes", "stock_movements", "tracking_events", "temperature_readings",
            "integration_sync_logs", "workflow_events", "workflow_commands",
        ])
    func appendOnly(_ table: String) async throws {
        try await Self.with { pool in
            let row = try await pool.query(
                """
                SELECT has_any_column_privilege('drizzl_app', \(table)::text, 'UPDATE') AS updates,
                    has_table_privilege('drizzl_app', \(table)::text, 'DELETE, TRUNCATE') AS deletes
                """)[0]
            #expect(try row.value("updates") == false)
            #expect(try row.value("deletes") == false)
        }
    }

    @Test("shipping costs what the table says, by zone and number of cases (R-36)")
    func shippingTable() async throws {
        try await Self.with { pool in
            for (state, cents) in [
                ("CA", [9_500, 14_500, 19_500]), ("TX", [12_500, 19_500, 26_500]), ("DC", [16_000, 25_000, 34_500]),
            ] {
                let rows = try await pool.query(
                    """
                    SELECT r.from_cases, r.to_cases, r.amount_cents FROM shipping_rates r
                    JOIN shipping_zones z ON z.zone = r.zone WHERE z.state = \(state) ORDER BY r.from_cases
                    """)
                let rates = try rows.map { row in
                    ShippingRate(
                        fromCases: try row.value("from_cases"), toCases: try row.optional("to_cases"),
                        amountCents: try row.value("amount_cents"))
                }
                let found = [20, 50, 51].map {
                    ShippingCharge.of(cases: $0, netCents: 1, rates: rates, freeAboveCents: 500_000)
                }
                #expect(found == cents.map(Int64.init), "\(state)")
            }
            // Hawaii and Alaska have no zone: ask for a quote.
            let none = try await pool.query("SELECT zone FROM shipping_zones WHERE state IN ('HI', 'AK')")
            #expect(none.isEmpty)
        }
    }
}
