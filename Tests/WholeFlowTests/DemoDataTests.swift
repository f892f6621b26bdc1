import Database
import Foundation
import TestSupport
import Testing

/// The demo as `drizzl seed` plants it: what the pictured screens show.
@Suite(.serialized) struct DemoDataTests {
    @Test(.timeLimit(.minutes(10)))
    func `the demo of the pictured day holds every set, every state and the stated figures`() async throws {
        try await Demo.with { demo in
            let said = try await demo.plant(asOf: "2024-12-19")
            #expect(said.contains("20 leads"), "\(said)")
            try await expectPeopleAndGoods(demo)
            try await expectSales(demo)
            try await expectOrders(demo)
            try await expectMoney(demo)
            try await expectActivities(demo)
            try await expectTalk(demo)
            try await expectQuiet(demo)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `planting again changes nothing, and a planting that was cut off is completed`() async throws {
        try await Demo.with { demo in
            // Early in a month, when most of what happened in it is put on the first.
            try await demo.plant(asOf: "2025-03-04")
            let before = try await demo.rowCounts()
            #expect(try await demo.plant().contains("they were there already"))
            #expect(try await demo.rowCounts() == before)
            _ = try await demo.owner.query(
                "UPDATE settings SET value = jsonb_set(value, '{isComplete}', 'false') WHERE key = 'demo.planted'")
            try await demo.plant(asOf: "2025-06-20")
            #expect(try await demo.rowCounts() == before)
            #expect(try await demo.number("SELECT count(*) FROM orders WHERE order_number = 'ORD-10150'") == 1)
            #expect(try await demo.credited("E-1002", "2025-03-01") == 3_845_000)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a database with data of its own is refused and left as it is`() async throws {
        try await Demo.with { demo in
            _ = try await demo.owner.query(
                """
                INSERT INTO admins (id, email, first_name, last_name)
                VALUES (gen_random_uuid(), 'ada@elsewhere.example', 'Ada', 'Reed')
                """)
            let before = try await demo.rowCounts()
            let error = await #expect(throws: DrizzlProcess.Failure.self) { try await demo.plant() }
            #expect(error?.description.contains("holds other data") == true)
            #expect(try await demo.rowCounts() == before)
        }
    }

    /// F-07, F-10.
    private func expectPeopleAndGoods(_ demo: Demo) async throws {
        #expect(try await demo.number("SELECT count(*) FROM admins") == 4)
        #expect(try await demo.number("SELECT count(*) FROM sales_reps") == 5)
        #expect(try await demo.number("SELECT count(*) FROM products") == 10)
        #expect(
            try await demo.number("SELECT count(*) FROM (SELECT FROM lots GROUP BY product_id HAVING count(*) = 3) l")
                == 10)
        #expect(try await demo.number("SELECT stock - allocated FROM products WHERE sku = 'IMB-012'") == 96)
        #expect(try await demo.number("SELECT count(*) FROM partners") == 21)
        #expect(try await demo.number("SELECT count(*) FROM partners WHERE sales_rep_id IS NULL") == 0)
        #expect(
            try await demo.texts("SELECT DISTINCT status AS text FROM partners")
                == ["active", "closed", "pending", "suspended"])
        #expect(
            try await demo.number(
                """
                SELECT count(*) FROM partners p WHERE status = 'active' AND NOT EXISTS (
                    SELECT FROM resale_certificates c JOIN shipping_addresses a ON a.partner_id = c.partner_id
                    WHERE c.partner_id = p.id AND c.state = a.state AND c.checked_at IS NOT NULL)
                """) == 0)
    }

    /// F-08, F-09, F-14.
    private func expectSales(_ demo: Demo) async throws {
        #expect(try await demo.number("SELECT count(*) FROM leads") == 20)
        #expect(
            try await demo.texts("SELECT DISTINCT status AS text FROM leads")
                == [
                    "closed_lost", "closed_won", "contacted", "demo_completed", "demo_scheduled", "negotiation", "new",
                    "proposal_sent", "qualified",
                ])
        let scores = try await demo.texts(
            """
            SELECT company_name || ' ' || lead_score AS text FROM leads
            WHERE status NOT IN ('closed_won', 'closed_lost')
            """)
        for score in [
            "Whole Foods Market 92", "Costco 95", "Safeway 88", "Natural Grocers 82", "Trader Joe's 77", "Sprouts 73",
            "Harbor Fresh Market 59", "Golden Gate Gyms 62", "Mission Cafe Group 42", "Juniper Kitchens 50",
            "Pacific Pantry 14", "Oak & Vine Market 65", "Red Rock Fitness 36", "Empire Deli Group 56",
            "Great Lakes Fresh 42", "Magnolia Markets 51",
        ] {
            #expect(scores.contains(score))
        }
        #expect(
            try await demo.number(
                """
                SELECT count(*) FROM leads l JOIN sales_reps r ON r.id = l.sales_rep_id
                WHERE r.employee_id = 'E-1002' AND l.status NOT IN ('closed_won', 'closed_lost')
                """) == 12)
        // Open, or closed in the month.
        let deals = try await demo.texts(
            """
            SELECT stage || ' ' || value_cents AS text FROM deals
            WHERE actual_close_date IS NULL OR actual_close_date >= '2024-12-01'
            """)
        #expect(
            deals == [
                "closed_lost 4700000", "closed_won 8500000", "needs_analysis 31000000", "needs_analysis 3600000",
                "needs_analysis 8500000", "negotiation 12000000", "negotiation 4200000", "proposal 6200000",
                "proposal 7800000", "qualification 5400000",
            ])
        let won: SQL = "SELECT count(*) FROM deals WHERE stage = 'closed_won'"
        #expect(try await demo.number(won) == 47)
        #expect(try await demo.number("\(won) AND actual_close_date >= '2024-01-01'") == 32)
        #expect(
            try await demo.number("SELECT sum(value_cents) FROM deals WHERE stage = 'closed_won'") == 240_000_000)
    }

    /// F-10.
    private func expectOrders(_ demo: Demo) async throws {
        let orders = try await demo.texts(
            """
            SELECT order_number || ' ' || (subtotal_cents - discount_cents) || ' ' || shipping_cents || ' ' || status AS text
            FROM orders WHERE order_number >= 'ORD-10132'
            """)
        #expect(
            orders == [
                "ORD-10132 6500000 0 delivered", "ORD-10133 900000 0 delivered", "ORD-10134 7200000 0 delivered",
                "ORD-10135 580000 0 delivered", "ORD-10136 280000 19500 delivered", "ORD-10137 5200000 0 delivered",
                "ORD-10138 3140000 0 delivered", "ORD-10139 365000 19500 delivered", "ORD-10140 5600000 0 shipped",
                "ORD-10141 320000 14500 shipped", "ORD-10142 1760000 0 shipped", "ORD-10143 410000 19500 shipped",
                "ORD-10144 2800000 0 quality_check", "ORD-10145 770000 0 production",
                "ORD-10146 220000 14500 confirmed", "ORD-10147 185500 14500 pending",
                "ORD-10148 880000 0 confirmed", "ORD-10149 44800 9500 cancelled", "ORD-10150 452480 26500 pending",
            ])
        // Not one order was placed by another partner than the list says, which its certificate would show.
        #expect(try await demo.number("SELECT sum(tax_cents) FROM orders") == 0)
        #expect(
            try await demo.texts(
                """
                SELECT o.order_number || ' ' || s.status AS text FROM shipments s JOIN orders o ON o.id = s.order_id
                WHERE o.status = 'shipped'
                """)
                == [
                    "ORD-10140 delivered", "ORD-10140 in_transit", "ORD-10141 in_transit", "ORD-10142 in_transit",
                    "ORD-10143 out_for_delivery",
                ])
        #expect(
            try await demo.number(
                """
                SELECT count(*) FROM shipments s JOIN temperature_events t ON t.shipment_id = s.id
                WHERE s.quality_hold AND t.kind = 'excursion' AND t.max_temp_f = 6.2 AND t.decision IS NULL
                """) == 1)
        #expect(
            try await demo.texts(
                """
                SELECT h.reason || ' ' || (h.detail ->> 'short_cents') AS text FROM order_holds h
                JOIN orders o ON o.id = h.order_id WHERE o.order_number = 'ORD-10150' AND h.released_at IS NULL
                """) == ["credit_limit 460480"])
    }

    /// F-10, F-11.
    private func expectMoney(_ demo: Demo) async throws {
        for (rep, cents) in [
            ("E-1001", 14_500_000), ("E-1002", 3_845_000), ("E-1003", 12_800_000), ("E-1004", 3_140_000),
            ("E-1005", 2_640_000),
        ] {
            #expect(try await demo.credited(rep, "2024-12-01") == cents)
        }
        let pending: SQL = """
            SELECT sum(c.amount_cents) FROM commissions c JOIN sales_reps r ON r.id = c.sales_rep_id
            WHERE r.employee_id = 'E-1002' AND c.status = 'pending'
            """
        #expect(try await demo.number(pending) == 381_250)
        // The history of the year, month by month.
        for (month, cents) in zip(
            1...11,
            [
                340_000, 359_000, 700_000, 355_000, 365_000, 740_000, 350_000, 320_000, 499_000, 385_000, 412_000,
            ])
        {
            let start = "2024-\(month < 10 ? "0" : "")\(month)-01"
            let paid: SQL = """
                SELECT sum(c.amount_cents) FROM commissions c JOIN sales_reps r ON r.id = c.sales_rep_id
                WHERE r.employee_id = 'E-1002' AND c.status = 'paid' AND c.period_start = \(start)::date
                """
            #expect(try await demo.number(paid) == cents, "\(start)")
        }
        let invoices = try await demo.texts(
            """
            SELECT i.invoice_number || ' ' || o.order_number || ' ' || i.status || ' ' || i.amount_due_cents AS text
            FROM invoices i JOIN orders o ON o.id = i.order_id
            WHERE i.invoice_number IN ('INV-10272', 'INV-10281', 'INV-10282', 'INV-10283', 'INV-10284')
            """)
        #expect(
            invoices == [
                "INV-10272 ORD-10119 paid 0", "INV-10281 ORD-10128 paid 0", "INV-10282 ORD-10129 overdue 101500",
                "INV-10283 ORD-10130 paid 0", "INV-10284 ORD-10131 pending 384500",
            ])
        // The pictured month has no holidays, so that eight business days of it are left (R-20).
        #expect(
            try await demo.number(
                """
                SELECT count(*) FROM generate_series('2024-12-20', '2024-12-31', interval '1 day') d
                WHERE extract(isodow FROM d) < 6 AND d::date NOT IN (SELECT day FROM company_holidays)
                """) == 8)
        // Bluebird went from Elena to Sarah on the 1st; what was placed before stays Elena's (C-12, R-15).
        #expect(
            try await demo.texts(
                """
                SELECT o.order_number || ' ' || r.first_name || ' ' || coalesce(e.first_name || ' ' || c.amount_cents, '-')
                    AS text
                FROM orders o JOIN partners p ON p.id = o.partner_id AND p.business_name = 'Bluebird Cafe'
                JOIN sales_reps r ON r.id = o.sales_rep_id
                LEFT JOIN commissions c ON c.order_id = o.id AND c.type = 'order'
                LEFT JOIN sales_reps e ON e.id = c.sales_rep_id
                WHERE o.order_number > 'ORD-10118'
                """) == ["ORD-10131 Elena Elena 18250", "ORD-10147 Sarah -"])
        // Bluebird: 10,000.00 less what it owes and has ordered, and its credit (R-06).
        let owed = try await demo.number(
            """
            SELECT p.credit_limit_cents
                - (SELECT sum(amount_due_cents) FROM invoices WHERE partner_id = p.id AND status <> 'cancelled')
                - (SELECT sum(total_cents) FROM orders WHERE partner_id = p.id AND status = 'pending')
                + (SELECT sum(c.amount_cents - c.applied_cents) FROM credit_notes c
                    JOIN invoices i ON i.id = c.invoice_id WHERE i.partner_id = p.id)
            FROM partners p WHERE business_name = 'Bluebird Cafe'
            """)
        #expect(owed == 420_000)
    }

    /// F-11.
    private func expectActivities(_ demo: Demo) async throws {
        let done = try await demo.texts(
            """
            SELECT a.type || ' ' || count(*) AS text
            FROM sales_activities a JOIN sales_reps r ON r.id = a.sales_rep_id
            WHERE r.employee_id = 'E-1002' AND a.status = 'completed' AND a.completed_at >= '2024-12-01 08:00Z'
            GROUP BY a.type
            """)
        #expect(done == ["call 68", "demo 8", "email 45", "meeting 12", "proposal 6", "task 1"])
        for table in ["lead_notes", "partner_notes", "commissions", "support_tickets", "messages", "contracts"] {
            #expect(try await demo.number("SELECT count(*) FROM \(unsafeUnescaped: table)") > 0, "\(table)")
        }
    }

    /// F-12.
    private func expectTalk(_ demo: Demo) async throws {
        let unread = try await demo.texts(
            """
            SELECT p.member_kind || ' ' || sum(c.last_seq - p.last_read_seq) AS text
            FROM conversation_participants p JOIN conversations c ON c.id = p.conversation_id
            WHERE c.last_seq > p.last_read_seq
            GROUP BY p.member_kind
            """)
        #expect(unread.map { $0.prefix { $0 != " " } } == ["admin", "partner_user", "sales_rep"])
        #expect(
            try await demo.number(
                """
                SELECT c.last_seq - p.last_read_seq FROM conversation_participants p
                JOIN conversations c ON c.id = p.conversation_id AND c.kind = 'direct'
                JOIN partner_users u ON u.id = p.member_id WHERE u.email = 'maya@bluebirdcafe.example'
                """) == 2)
    }

    /// Nothing of the past goes out to anybody, and history is whole.
    private func expectQuiet(_ demo: Demo) async throws {
        let waiting = try await demo.texts(
            """
            SELECT DISTINCT j.kind AS text FROM queue.jobs j
            WHERE EXISTS (SELECT FROM queue.ready r WHERE r.job_id = j.id)
               OR EXISTS (SELECT FROM queue.scheduled s WHERE s.job_id = j.id)
            """)
        #expect(
            waiting == ["generate_pdf", "refresh_partner_figures", "roll_up_sales"])
        #expect(try await demo.number("SELECT count(*) FROM outbound_emails") == 0)
        #expect(try await demo.number("SELECT count(*) FROM payouts WHERE statement_asked_at IS NULL") == 0)
        // N-05 was told, and its mails have left.
        #expect(
            try await demo.texts(
                """
                SELECT DISTINCT n.title || ' ' || d.channel || ' ' || d.state AS text FROM notifications n
                JOIN notification_deliveries d ON d.notification_id = n.id WHERE n.type = 'low_inventory'
                """) == [
                    "Low inventory: Immune Boost Smoothie email sent",
                    "Low inventory: Immune Boost Smoothie in_app sent",
                ])
        #expect(
            try await demo.number(
                """
                SELECT count(*) FROM workflow_timers WHERE timer <> '*' AND fire_at <= '2024-12-19 17:30Z'
                """) == 0)
        for (table, column) in [("orders", "status"), ("leads", "status"), ("deals", "stage"), ("invoices", "status")] {
            let broken: SQL = """
                SELECT count(*) FROM \(unsafeUnescaped: table) x
                WHERE \(unsafeUnescaped: column) IS DISTINCT FROM (
                    SELECT to_state FROM workflow_events e
                    WHERE e.record_id = x.id AND e.machine = \(String(table.dropLast())) ORDER BY seq DESC LIMIT 1)
                """
            #expect(try await demo.number(broken) == 0, "\(table)")
        }
    }
}

/// A database for the demo.
struct Demo {
    let owner: Pool
    let url: String

    static func with(_ body: (Demo) async throws -> Void) async throws {
        try await ScratchDatabase.with { url in
            try await DrizzlProcess.run(["migrate"], environment: ["DATABASE_URL": url])
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                try await body(Demo(owner: owner, url: url))
                await owner.close()
            } catch {
                await owner.close()
                throw error
            }
        }
    }

    /// Plants the demo, and answers what the command said.
    @discardableResult
    func plant(asOf day: String? = nil) async throws -> String {
        try await DrizzlProcess.run(
            ["seed"] + (day.map { ["--as-of", $0] } ?? []), environment: ["DATABASE_URL": url])
    }

    /// One number out of the database.
    func number(_ query: SQL) async throws -> Int {
        try await owner.query("SELECT (\(query))::bigint AS number").first?.optional("number") ?? 0
    }

    /// A column of texts, in their order.
    func texts(_ query: SQL) async throws -> [String] {
        try await owner.query(query).map { try $0.value("text", as: String.self) }.sorted()
    }

    /// What a rep was credited with in a month, cents (R-20).
    func credited(_ employee: String, _ month: String) async throws -> Int {
        try await number(
            """
            SELECT sum(c.base_value_cents) FROM commissions c JOIN sales_reps r ON r.id = c.sales_rep_id
            WHERE r.employee_id = \(employee) AND c.type IN ('order', 'clawback') AND c.period_start = \(month)::date
            """)
    }

    /// How many rows each table has, but for what every start of the program may write and the mark of the planting.
    func rowCounts() async throws -> [String: Int] {
        let tables = try await owner.query(
            """
            SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
            WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'queue')
                AND table_name NOT IN ('setting_changes', 'workflow_definitions')
            """)
        var counts: [String: Int] = [:]
        for row in tables {
            let name = try row.value("name", as: String.self)
            counts[String(name.split(separator: ".")[1])] = try await number(
                "SELECT count(*) FROM \(unsafeUnescaped: name)")
        }
        return counts
    }
}
