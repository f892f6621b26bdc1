import Accounts
import Database

extension Resource {
    /// Partners and what is theirs (D-03, D-14, D-22, D-23, D-32, D-39).
    static func partners(_ states: (String) -> [String]) -> [Resource] {
        [partner(states("partner"))] + [shippingAddress, contract, certificate] + [
            Resource(
                "integrations", "integration", .partnerIntegrations, tag: "Partners",
                machine: ("integration", "status"), audience: .partners, creation: .move,
                editing: (.partners, .manageIntegrations),
                standing(states: states("integration")) + times + [
                    Column("partner_id", .id, .filter), .partnerName,
                    Column(
                        "platform", .choice(["square", "clover", "quickbooks", "shopify", "other"]), .filter),
                    Column("platform_name", .line), Column("expires_at", .moment, .null),
                    Column("sync_enabled", .boolean, .edit),
                    Column("sync_frequency", .choice(["realtime", "hourly", "daily"]), .edit),
                    Column("last_sync_at", .moment, .null), Column("next_sync_at", .moment, .null),
                    Column("sync_sales", .boolean, .edit), Column("sync_inventory", .boolean, .edit),
                    Column("sync_products", .boolean, .edit), Column("sync_customers", .boolean, .edit),
                    Column("settings", .map, .edit), Column("consecutive_failures", .count),
                ]),
            Resource(
                "sync-logs", "sync log", .integrationSyncLogs, tag: "Partners", audience: .partners,
                [
                    Column("integration_id", .id, .filter),
                    Column("sync_type", .choice(["sales", "inventory", "products", "customers"]), .filter),
                    Column("status", .choice(["success", "error", "partial"]), .filter),
                    Column("records_synced", .count), Column("records_failed", .count),
                    Column("error_message", .text(), .null), Column("duration_ms", .count, .null),
                    Column("synced_at", .moment, .sort, .range), Column("created_at", .moment),
                ]),
            Resource(
                "tickets", "ticket", .supportTickets, tag: "Partners", machine: ("ticket", "status"),
                audience: .partners, creation: .move, editing: (.admins, .answerMessages),
                standing(states: states("ticket")) + times + [
                    Column("number", .line, .search), Column("partner_id", .id, .filter), .partnerName,
                    Column("opened_by", .id),
                    Column("subject", .line, .search),
                    Column(
                        "category", .choice(["order", "invoice", "delivery", "product", "account", "other"]), .filter,
                        .edit),
                    Column("assignee_id", .id, .null, .filter, .edit, parent: .admins),
                    Column(
                        "assignee_name", .text(), .null,
                        sql: "(SELECT a.first_name || ' ' || a.last_name FROM admins a WHERE a.id = t.assignee_id)",
                        to: .admins), Column("conversation_id", .id),
                ]),
        ]
    }

    private static func partner(_ states: [String]) -> Resource {
        Resource(
            "partners", "partner", .partners, tag: "Partners", machine: ("partner", "status"), creation: .move,
            editing: (.partners, .managePartners),
            standing(states: states) + times + [
                Column("business_name", .line, .search, .sort, .edit),
                Column("business_type", .businessType, .filter), Column("website", .text(), .null, .edit),
                // Given and opened whole by a door of its own.
                Column("tax_id", .text(), .null, sql: TaxID.maskedColumn, to: .partners),
                Column("contact_name", .line, .search, .edit), Column("email", .address, .search, .edit),
                Column("phone", .text(), .edit), Column("address", .text(), .edit),
                Column("city", .text(), .search, .edit),
                Column("state", .stateCode, .filter, .edit), Column("zip_code", .text(), .edit),
                Column("country", .stateCode), Column("time_zone", .text(), .edit), Column("tier", .tier, .filter),
                Column("credit_limit_cents", .cents, .sort), Column("payment_terms", .terms, .filter),
                Column("discount_bp", .count), Column("backorder_allowed", .boolean, .adminEdit),
                Column("min_remaining_life_bp", .integer(0...10_000), .null, .adminEdit),
                Column("late_fee_terms_accepted_on", .day, .null, .adminEdit),
                Column("approved_by", .id, .null, to: .admins),
                Column(
                    "approved_by_name", .text(), .null,
                    sql: "(SELECT a.first_name || ' ' || a.last_name FROM admins a WHERE a.id = t.approved_by)",
                    to: .admins),
                Column("approved_at", .moment, .null), Column("closed_reason", .text(), .null),
                Column("sales_rep_id", .id, .null, .filter, .adminEdit, parent: .salesReps), .repName,
                Column("account_manager_id", .id, .null, .filter, .adminEdit, parent: .admins),
                Column(
                    "account_manager_name", .text(), .null,
                    sql: """
                        (SELECT a.first_name || ' ' || a.last_name FROM admins a WHERE a.id = t.account_manager_id)
                        """, to: .admins),
                Column("open_cents", .cents, sql: openAmount),
                Column("lifetime_value_cents", .cents, .sort, .range), Column("total_orders", .count, .sort),
                Column("avg_order_value_cents", .cents), Column("last_order_at", .moment, .null, .range),
            ])
    }

    /// What is invoiced and not yet paid.
    private static let openAmount: SQL = """
        (SELECT coalesce(sum(i.amount_due_cents), 0)::bigint FROM invoices i
         WHERE i.partner_id = t.id AND i.status IN ('pending', 'overdue'))
        """

    private static let shippingAddress = Resource(
        "shipping-addresses", "shipping address", .shippingAddresses, tag: "Partners",
        creation: .row(.partners, needs: .managePartners, filling: [("partner_id", "visitor.partner()")]),
        editing: (.partners, .managePartners),
        // Orders name it for ever.
        removal: Removal(kinds: .partners, needs: .managePartners, archive: "archived_at"),
        times + [
            Column("partner_id", .id, .filter, .create, parent: .partners),
            Column("label", .line, .search, .edit, .required),
            Column("recipient_name", .line, .search, .edit, .required), Column("company", .text(), .null, .edit),
            Column("address1", .line, .edit, .required), Column("address2", .text(), .null, .edit),
            Column("city", .line, .edit, .required), Column("state", .stateCode, .filter, .edit, .required),
            Column("zip_code", .line, .edit, .required), Column("country", .stateCode),
            Column("phone", .text(), .null, .edit),
            Column("is_default", .boolean, .filter, .edit), Column("dock_instructions", .text(), .null, .edit),
            Column("dock_hours", .text(), .null, .edit), Column("requires_appointment", .boolean, .edit),
            Column("latitude", .number, .null, .edit), Column("longitude", .number, .null, .edit),
            Column("archived_at", .moment, .null, .edit),
        ])

    private static let contract = Resource(
        "contracts", "contract", .contracts, tag: "Partners",
        creation: .row(.admins, needs: .managePartners), editing: (.admins, .managePartners),
        times + [
            Column("partner_id", .id, .filter, .create, .required, parent: .partners),
            Column("proposal_id", .id, .null, .create, parent: .proposals),
            Column("starts_on", .day, .sort, .range, .edit, .required),
            Column("ends_on", .day, .sort, .range, .edit, .required),
            Column("terms", .map, .edit),
            Column("annual_value_cents", .integer(0...1_000_000_000_000), .sort, .edit, .required),
            Column("signed_at", .moment, .null, .edit), Column("signed_name", .text(), .null, .edit),
            Column("file_id", .id, .null),
        ])

    private static let certificate = Resource(
        "resale-certificates", "resale certificate", .resaleCertificates, tag: "Partners",
        creation: .row(.partners, needs: .managePartners, filling: [("partner_id", "visitor.partner()")]),
        editing: (.admins, .managePartners),
        times + [
            Column("partner_id", .id, .filter, .create, parent: .partners),
            Column("state", .stateCode, .filter, .create, .required), Column("number", .line, .create, .required),
            Column("file_id", .id, .null), Column("valid_from", .day, .sort, .create, .required),
            Column("valid_until", .day, .null, .range, .edit), Column("checked_by", .id, .null, to: .admins),
            Column("checked_at", .moment, .null, .edit),
        ])
}
