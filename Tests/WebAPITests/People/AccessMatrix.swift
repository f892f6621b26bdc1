import Accounts
import Database
import Foundation
import StateMachines

/// The two tables of access.md, section 2, as far as there are doors for them.
enum AccessMatrix {
    /// Something that somebody does: a request.
    struct Deed: Sendable {
        var name: String
        var method: String
        var path: String
        var body: JSONValue?
        /// The permission that lets an admin do it; nil: no admin does.
        var permission: Permission?
        /// Whether the role admin does it without a grant.
        var isStandard: Bool { permission.map { Permission.standard.contains($0) } ?? false }
        /// How everybody else is answered, by name; whoever is not named may not, and is told so.
        var others: [String: Reply] = [:]
    }

    /// How somebody is answered.
    enum Reply: Sendable { case allowed, forbidden, notFound }

    /// Permissions for which there is no door yet.
    static let withoutDoor: Set<Permission> = [
        .sendBroadcasts, .manageContent, .readReports, .runExports,
        // Tested with the prices themselves: what it allows is refused by the content, and not at the door.
        .approvePrices,
    ]

    private static func move(
        _ name: String, _ path: String, _ move: String, _ inputs: [String: JSONValue] = [:], _ permission: Permission?,
        _ others: [String: Reply] = [:]
    ) -> Deed {
        // A dry run: what stands in the way besides the role is not asked here, and nothing stays.
        let body = JSONValue.object(["move": .string(move), "inputs": .object(inputs), "dry_run": true])
        return Deed(
            name: name, method: "POST", path: "\(path)/transitions", body: body, permission: permission, others: others)
    }

    private static func at(_ resource: String, _ name: String) -> String { "/api/v1/\(resource)/\(Estate.id(name))" }

    private static let line: JSONValue = .object([
        "product": .string(Estate.id("product")), "quantity": 108,
    ])

    /// What admins do by their permissions; what the others may of it, too.
    static let deeds: [Deed] = [
        Deed(
            name: "make a product", method: "POST", path: "/api/v1/products",
            body: .object([
                "name": "Berry", "sku": "B-2", "category": "smoothie", "msrp_cents": 700, "retail_price_cents": 650,
                "cost_per_unit_cents": 100,
            ]), permission: .manageProducts),
        Deed(
            name: "make a price list", method: "POST", path: "/api/v1/price-lists",
            body: .object(["name": "Spring", "starts_on": "2026-03-01"]), permission: .managePrices),
        Deed(
            name: "book goods", method: "POST", path: "/api/v1/stock-movements",
            body: .object(["product_id": .string(Estate.id("product")), "kind": "receive", "quantity": 12]),
            permission: .manageStock),
        move(
            "confirm an order", at("orders", "order"), "confirm", [:], .manageOrders,
            ["cy": .notFound, "max": .notFound]),
        Deed(
            name: "place an order", method: "POST", path: "/api/v1/orders",
            body: .object(["partner": .string(Estate.id("alpha")), "lines": .array([line])]), permission: .manageOrders,
            others: [
                "al": .allowed, "bo": .allowed, "ap": .allowed, "rita": .allowed, "max": .notFound, "cy": .notFound,
            ]),
        move(
            "cancel an order as a partner", at("orders", "order"), "withdraw", [:], nil,
            ["al": .allowed, "bo": .allowed, "ap": .allowed, "cy": .notFound, "max": .notFound]),
        Deed(
            name: "edit a shipment", method: "PATCH", path: at("shipments", "shipment"),
            body: .object(["package_count": 2]),
            permission: .manageShipments),
        move(
            "decide on quality", at("shipments", "shipment"), "decide_quality", ["decision": "release", "reason": "x"],
            .decideQuality, ["cy": .notFound, "max": .notFound]),
        move(
            "credit an invoice", at("invoices", "invoice"), "issue_credit_note",
            ["reason": "goodwill", "amount": 1], .manageInvoices, ["cy": .notFound, "max": .notFound]),
        move(
            "record a payment", at("invoices", "invoice"), "record_payment",
            ["amount": 1, "received_on": "2026-03-02", "method": "check", "reference": "C"], .recordPayments,
            ["cy": .notFound, "max": .notFound]),
        move(
            "pay an invoice", at("invoices", "invoice"), "start_payment", ["amount": 1, "payment_method": "card"], nil,
            ["al": .allowed, "fi": .allowed, "cy": .notFound, "max": .notFound]),
        move(
            "release a held order", at("orders", "order"), "release_hold", ["reason": "x"], .releaseCredit,
            ["cy": .notFound, "max": .notFound]),
        move(
            "change terms", at("partners", "alpha"), "change_terms", ["reason": "x"], .decideCredit,
            ["cy": .notFound, "max": .notFound]),
        Deed(
            name: "edit the company", method: "PATCH", path: at("partners", "alpha"), body: .object(["phone": "556"]),
            permission: .managePartners, others: ["al": .allowed, "cy": .notFound]),
        Deed(
            name: "edit a user", method: "PATCH", path: at("partner-users", "bo"), body: .object(["phone": "556"]),
            permission: .managePartners, others: ["al": .allowed, "cy": .notFound]),
        Deed(
            name: "edit an address", method: "PATCH", path: at("shipping-addresses", "address"),
            body: .object(["phone": "556"]),
            permission: .managePartners,
            others: ["al": .allowed, "bo": .allowed, "ap": .allowed, "cy": .notFound]),
        move(
            "approve a partner", at("partners", "applicant"), "approve", [:], .approvePartners,
            [
                "al": .notFound, "bo": .notFound, "ap": .notFound, "fi": .notFound, "cy": .notFound,
                "rita": .notFound, "max": .notFound,
            ]),
        move(
            "change a tier", at("partners", "alpha"), "change_tier", ["tier": "growth", "reason": "x"],
            .approvePartners, ["cy": .notFound, "max": .notFound]),
        Deed(
            name: "make a lead", method: "POST", path: "/api/v1/leads",
            body: .object(["company_name": "Shop", "source": "referral", "email": "b@shop.example"]),
            permission: .manageLeads, others: ["rita": .allowed, "max": .allowed]),
        Deed(
            name: "edit a lead", method: "PATCH", path: at("leads", "lead"), body: .object(["city": "Reno"]),
            permission: .manageLeads, others: ["rita": .allowed]),
        Deed(
            name: "give a lead away", method: "POST", path: at("leads", "lead") + "/assignment",
            body: .object(["sales_rep_id": .string(Estate.id("rita"))]), permission: .manageLeads,
            others: ["max": .allowed]),
        Deed(
            name: "edit a rep", method: "PATCH", path: at("sales-reps", "rita"), body: .object(["title": "Senior"]),
            permission: .manageReps),
        move(
            "approve a commission", at("commissions", "commission"), "approve", [:], .approveCommissions,
            ["max": .notFound]),
        move("pay a commission", at("commissions", "approved commission"), "pay", [:], .runPayouts, ["max": .notFound]),
        Deed(
            name: "look after a ticket", method: "PATCH", path: at("tickets", "ticket"),
            body: .object(["category": "order"]),
            permission: .answerMessages),
        Deed(
            name: "open a ticket", method: "POST", path: "/api/v1/tickets",
            // Who is a partner's opens it for their own, and is not asked for which.
            body: .object(["subject": "Thawed", "message": "Two cases", "partner": .string(Estate.id("alpha"))]),
            permission: .answerMessages,
            others: ["al": .allowed, "bo": .allowed, "ap": .allowed, "fi": .allowed, "cy": .allowed]),
        Deed(
            name: "set up an integration", method: "PATCH", path: at("integrations", "integration"),
            body: .object(["sync_sales": false]), permission: .manageIntegrations,
            others: ["al": .allowed, "cy": .notFound]),
        Deed(
            name: "open private notes", method: "POST", path: at("leads", "lead") + "/private-notes",
            body: .object(["reason": "a complaint"]), permission: .breakGlassOnNotes),
        Deed(
            name: "read what others write", method: "POST", path: at("conversations", "conversation") + "/oversight",
            body: .object(["reason": "a complaint"]), permission: .overseeMessages),
        Deed(name: "read the log", method: "GET", path: "/api/v1/audit-log", permission: .readAudit),
        Deed(
            name: "set a rule", method: "PATCH", path: "/api/v1/settings/lead.hot", body: .object(["value": 81]),
            permission: .manageSettings),
        Deed(name: "look at jobs", method: "GET", path: "/api/v1/jobs", permission: .readOps),
        Deed(
            name: "pause a queue", method: "POST", path: "/api/v1/queues/mail/pause", body: .object(["reason": "x"]),
            permission: .manageOps),
        Deed(
            name: "edit an admin", method: "PATCH", path: at("admins", "ada"), body: .object(["phone": "5"]),
            permission: .manageAdmins),
    ]
}

extension AccessMatrix {
    /// Who is asked besides those of the estate.
    static let people: [SQL] =
        [
            """
            INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
            SELECT id(n), id('alpha'), n || '@p.example', n, 'R', r, 'UTC'
            FROM (VALUES ('bo', 'buyer'), ('ap', 'approver'), ('fi', 'finance')) AS v (n, r)
            """,
            """
            INSERT INTO admins (id, email, first_name, last_name, role)
            VALUES (id('ada'), 'ada@drizzl.example', 'Ada', 'S', 'admin')
            """,
        ]
        + [("bo", "partner_user"), ("ap", "partner_user"), ("fi", "partner_user"), ("ada", "admin")].map { name, kind in
            """
            INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at)
            VALUES (id(\("token " + name)::text), 'test', 'drz', \(Credential.digest(of: "token of " + name)),
                \(kind)::text, id(\(name)::text), '{read,write}', \(House.now), \(House.now)::timestamptz + interval '1 day')
            """
        }

    /// A record of each kind that is asked about; all of partner alpha and its rep rita.
    static let records: [SQL] = [
        """
        INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents, stock)
        VALUES (id('product'), 'Mango', 'M-1', 'smoothie', 800, 700, 100, 100000)
        """,
        """
        INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
            zip_code, time_zone, status, status_seq, status_since)
        VALUES (id('applicant'), 'new', 'grocery', 'Ana', 'new@p.example', '555', '1 Main', 'Reno', 'NV', '89501', 'UTC',
            'pending', 1, now())
        """,
        """
        INSERT INTO shipping_addresses (id, partner_id, label, recipient_name, address1, city, state, zip_code, is_default)
        VALUES (id('address'), id('alpha'), 'Main', 'Al', '1 Main', 'Reno', 'NV', '89501', true)
        """,
        """
        INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents, shipping_cents,
            total_cents, payment_terms, placed_on, status, status_seq, status_since, payment_status, payment_status_seq,
            payment_status_since)
        VALUES (id('order'), 'ORD-1', 'B2B', id('alpha'), 'partner_user', 1000, 0, 0, 1000, 'NET30', '2026-03-01',
            'pending', 1, now(), 'pending', 1, now())
        """,
        """
        INSERT INTO invoices (id, invoice_number, partner_id, order_id, subtotal_cents, tax_cents, shipping_cents,
            total_cents, payment_terms, issued_on, due_date, status, status_seq, status_since)
        VALUES (id('invoice'), 'INV-1', id('alpha'), id('order'), 1000, 0, 0, 1000, 'NET30', '2026-03-01', '2026-03-31',
            'pending', 1, now())
        """,
        """
        INSERT INTO shipments (id, order_id, status, status_seq, status_since)
        VALUES (id('shipment'), id('order'), 'picked_up', 1, now())
        """,
        """
        INSERT INTO commissions (id, sales_rep_id, type, amount_cents, rate_bp, base_value_cents, period_start, period_end,
            status, status_seq, status_since)
        VALUES (id('commission'), id('rita'), 'adjustment', 100, 500, 2000, '2026-03-01', '2026-03-31', 'pending', 1, now())
        """,
        """
        INSERT INTO commissions (id, sales_rep_id, type, amount_cents, rate_bp, base_value_cents, period_start, period_end,
            status, status_seq, status_since, approved_by, approved_at)
        VALUES (id('approved commission'), id('rita'), 'adjustment', 200, 500, 4000, '2026-03-01', '2026-03-31', 'approved',
            1, now(), id('sue'), now())
        """,
        "INSERT INTO conversations (id, kind, partner_id) VALUES (id('conversation'), 'direct', id('alpha'))",
        "INSERT INTO queue.queues (name) VALUES ('mail') ON CONFLICT DO NOTHING",
        """
        INSERT INTO support_tickets (id, number, partner_id, opened_by, subject, conversation_id, status, status_seq,
            status_since)
        VALUES (id('ticket'), 'TCK-1', id('alpha'), id('al'), 'Thawed', id('conversation'), 'open', 1, now())
        """,
        """
        INSERT INTO partner_integrations (id, partner_id, platform, platform_name, status, status_seq, status_since)
        VALUES (id('integration'), id('alpha'), 'square', 'Square', 'connected', 1, now())
        """,
        """
        INSERT INTO leads (id, company_name, email, source, sales_rep_id, status, status_seq, status_since)
        VALUES (id('lead'), 'Shop', 'a@shop.example', 'referral', id('rita'), 'new', 1, now())
        """,
    ]
}
