import Accounts
import Documents
import Foundation
import StateMachines
import WebAPI

extension RecordKind {
    /// Partners: who they are, what they may owe, who looks after them (A-07).
    static let partners = RecordKind(
        resource: "partners", machine: "partner", noun: "partner", title: "Partners",
        name: Shown("Name", "business_name"), about: "Partners, their terms, and who looks after them", icon: "store",
        group: "People", sort: "business_name",
        filters: [
            Filter(field: "tier", label: "Tier", choices: ["starter", "growth", "enterprise"]),
            Filter(field: "sales_rep_id", label: "Sales rep", source: .reps),
        ],
        columns: [
            Shown("Tier", "tier", .word), Shown("Status", "status", .state("partner")),
            Shown("Rep", "sales_rep_name"), Shown("Manager", "account_manager_name"),
            Shown("Limit", "credit_limit_cents", .money, sort: true), Shown("Open", "open_cents", .money),
            Shown("Orders", "total_orders", .number, sort: true), Shown("Last order", "last_order_at", .moment),
        ],
        subtitle: place, sum: credit,
        facts: partnerFacts
            + [
                Shown("Sales rep", "sales_rep_name"), Shown("Account manager", "account_manager_name"),
                Shown("Approved", "approved_at", .moment), Shown("Approved by", "approved_by_name"),
                Shown("Orders", "total_orders", .number),
                Shown("Lifetime value", "lifetime_value_cents", .money),
                Shown("Last order", "last_order_at", .moment), Shown("Closed because", "closed_reason"),
            ],
        tables: [
            Table(
                title: "Orders", related: .init("orders", by: "partner_id", limit: 10), leadsTo: "orders",
                makes: (kind: "orders", by: "partner", label: "New order"), empty: "It has not ordered yet.",
                columns: [
                    Shown("Number", "order_number"), Shown("Status", "status", .state("order")),
                    Shown("Placed", "placed_on", .day), Shown("Total", "total_cents", .money),
                ]),
            Table(
                title: "Invoices", related: .init("invoices", by: "partner_id", limit: 10), leadsTo: "invoices",
                empty: "It has no invoices.",
                columns: [
                    Shown("Number", "invoice_number"), Shown("State", "status", .state("invoice")),
                    Shown("Due", "due_date", .day), Shown("Amount due", "amount_due_cents", .money),
                ]),
            Table(
                title: "People", related: .init("partner-users", by: "partner_id"),
                empty: "Nobody can sign in for it yet.",
                columns: [
                    Shown("Name", .made { record, _ in personName(record) }), Shown("Role", "role", .word),
                    Shown("E-mail", "email"), Shown("Last sign-in", "last_login_at", .moment),
                ]),
        ],
        usual: terms, edits: care, making: applying,
        hearsToo: ["order", "invoice"], empty: "Partners apply on the website, or come from a deal that was won.")

    /// Those of them who wait to be approved (A-08).
    static let applications = RecordKind(
        resource: "partners", place: "applications", machine: "partner", noun: "application", title: "Applications",
        name: Shown("Business", "business_name"), about: "Businesses that want to become partners", icon: "inbox",
        group: "People", narrowed: ["status": "pending"], sort: "status_since", hasStates: false,
        columns: [
            Shown("Type", "business_type", .word), Shown("Place", placeWords), Shown("Contact", "contact_name"),
            Shown("Rep", "sales_rep_name"), Shown("Waits", .made(age)),
        ],
        facts: [], rowMoves: ["approve", "reject"], usual: terms,
        empty: "Nobody waits: every application has been decided.")

    private static let placeWords = Shown.Form.made { record, _ in
        [record.text("city"), record.text("state")].compactMap(\.self).joined(separator: ", ")
    }
    private static let place = Shown("Place", placeWords)
    private static let credit = Sum(
        title: "Credit", total: Shown("Credit limit", "credit_limit_cents", .money), totalLabel: "Credit limit",
        amounts: [Amount(label: "Open invoices", field: "open_cents", isSubtracted: true, isAlways: true)])
    private static let partnerFacts = [
        Shown("Business", "business_type", .word), Shown("Contact", "contact_name"), Shown("E-mail", "email"),
        Shown("Phone", "phone"),
        Shown(
            "Address",
            .made { record, _ in
                ["address", "city", "state", "zip_code"].compactMap { record.text($0) }.joined(separator: ", ")
            }), Shown("Website", "website"), Shown("Tier", "tier", .word), Shown("Terms", "payment_terms"),
        Shown("Discount", "discount_bp", .share), Shown("Applied", "created_at", .moment),
    ]
    private static let terms: [String: [String: Usual]] = [
        "approve": [
            "tier": .field("tier"), "payment_terms": .field("payment_terms"),
            "credit_limit": .cents("credit_limit_cents"),
        ],
        "change_tier": ["tier": .field("tier")],
        "change_terms": ["payment_terms": .field("payment_terms"), "credit_limit": .cents("credit_limit_cents")],
    ]
    private static let care = [
        Edit(field: "sales_rep_id", label: "Sales rep", type: .reference, source: .reps),
        Edit(field: "account_manager_id", label: "Account manager", type: .reference, source: .admins),
    ]
    private static let applying = Making(
        button: "New partner", needs: .managePartners,
        inputs: [
            "business_name", "business_type", "contact_name", "email", "phone", "address", "city", "state", "zip_code",
            "payment_terms", "sales_rep",
        ], sources: ["sales_rep": .reps])

    private static func personName(_ record: StoredRecord) -> String {
        [record.text("first_name"), record.text("last_name")].compactMap(\.self).joined(separator: " ")
    }

    /// For how long it has been as it is.
    @Sendable static func age(_ record: StoredRecord, _ looks: Looks) -> String? {
        guard let since = record.moment("status_since") ?? record.moment("stage_since") else { return nil }
        let hours = Int(looks.now.timeIntervalSince(since) / 3_600)
        if hours < 1 { return "less than an hour" }
        if hours < 48 { return "\(hours) \(hours == 1 ? "hour" : "hours")" }
        return "\(hours / 24) days"
    }
}
