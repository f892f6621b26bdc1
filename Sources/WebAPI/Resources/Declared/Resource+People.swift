import Accounts
import Database

extension Resource {
    /// People (D-01…D-03, D-48); secrets are of no resource, and what somebody earns is theirs and of who may know.
    static let people: [Resource] = [
        Resource(
            "admins", "admin", .admins, tag: "People", audience: .admins,
            creation: .row(.admins, needs: .manageAdmins), editing: (.admins, .manageAdmins),
            consequences: [.invitation(.admin)],
            times + [
                Column("email", .address, .search, .create, .required),
                Column("first_name", .line, .search, .edit, .required),
                Column("last_name", .line, .search, .sort, .edit, .required),
                Column("phone", .text(), .null, .edit), Column("time_zone", .text(1...100), .edit),
                Column("is_active", .boolean, .filter, .edit), Column("last_login_at", .moment, .null),
                Column("role", .choice(["admin", "super_admin", "manager"]), .filter, .edit, .required),
                Column("permissions", .list(of: .choice(Permission.grantable.map(\.rawValue)), most: 100), .edit),
            ]),
        Resource(
            "sales-reps", "sales rep", .salesReps, tag: "People", audience: .company,
            creation: .row(.admins, needs: .manageReps), editing: (.admins, .manageReps),
            consequences: [.invitation(.salesRep)],
            times + [
                Column("email", .address, .search, .create, .required),
                Column("first_name", .line, .search, .edit, .required),
                Column("last_name", .line, .search, .sort, .edit, .required),
                Column("phone", .text(), .edit, .required), Column("time_zone", .text(1...100), .edit, .required),
                Column("is_active", .boolean, .filter, .edit), Column("last_login_at", .moment, .null),
                Column("employee_id", .text(1...100), .edit, .required), Column("department", .text(), .edit),
                Column("title", .line, .edit, .required), Column("role", .choice(["rep", "manager"]), .filter, .edit),
                Column("team_name", .text(), .null, .edit), Column("territory", .text(), .null, .filter, .edit),
                Column("territory_states", .list(of: .stateCode), .edit),
                Column("manager_id", .id, .null, .filter, .edit, parent: .salesReps),
                Column("hire_date", .day, .sort, .edit),
                Column("base_salary_cents", .integer(0...1_000_000_000), .null, .edit, when: isOwnPay),
                Column("commission_rate_bp", .share, .edit, when: isOwnPay),
                Column("total_sales_cents", .cents, .sort), Column("total_deals", .count, .sort),
            ]),
        Resource(
            "partner-users", "partner user", .partnerUsers, tag: "People",
            creation: .row(
                .partners, needs: .managePartners,
                filling: [("partner_id", "visitor.partner()"), ("time_zone", partnersZone)]),
            editing: (.partners, .managePartners), consequences: [.invitation(.partnerUser)],
            times + [
                Column("partner_id", .id, .filter, .create, parent: .partners),
                Column("email", .address, .search, .create, .required),
                Column("first_name", .line, .search, .edit, .required),
                Column("last_name", .line, .search, .sort, .edit, .required), Column("phone", .text(), .null, .edit),
                Column("time_zone", .text(1...100), .edit),
                Column("role", .choice(["owner", "buyer", "approver", "finance"]), .filter, .edit, .required),
                Column("is_active", .boolean, .filter, .edit), Column("last_login_at", .moment, .null),
                Column("spend_limit_cents", .integer(0...1_000_000_000_000), .null, .edit),
                Column("spend_period", .choice(["order", "week", "month", "quarter", "year"]), .null, .edit),
            ]),
        Resource(
            "customers", "customer", .customers, tag: "People", audience: .admins,
            creation: .row(.admins, needs: .manageOrders), editing: (.admins, .manageOrders),
            times + [
                Column("email", .address, .search, .edit, .required),
                Column("first_name", .line, .search, .edit, .required),
                Column("last_name", .line, .search, .sort, .edit, .required), Column("phone", .text(), .null, .edit),
                Column("address", .text(), .null, .edit), Column("city", .text(), .null, .edit),
                Column("state", .stateCode, .null, .filter, .edit), Column("zip_code", .text(), .null, .edit),
            ]),
    ]

    private static let partnersZone: SQL =
        "(SELECT p.time_zone FROM partners p WHERE p.id = coalesce(x.partner_id, visitor.partner()))"
    private static let isOwnPay: SQL =
        "t.id = (SELECT visitor.id()) OR (SELECT visitor.may('reps.manage'))"

    /// The company's settings and its log (D-50, A-31, A-32).
    static let company: [Resource] = [
        Resource(
            "settings", "setting", .settings, tag: "Company", audience: .admins,
            identity: Column("key", .text(1...200)), editing: (.admins, .manageSettings),
            times + [
                Column("value", .anything, .edit), Column("updated_by_kind", .actorKind),
                Column("updated_by", .id, .null),
            ]),
        Resource(
            "tax-rates", "tax rate", .taxRates, tag: "Company", audience: .admins,
            creation: .row(.admins, needs: .manageSettings), editing: (.admins, .manageSettings),
            removal: Removal(kinds: .admins, needs: .manageSettings),
            [
                Column("state", .stateCode, .filter, .create, .required),
                Column("jurisdiction", .line, .filter, .create, .required),
                Column("tax_class", .text(1...40), .filter, .create, .required),
                Column("rate_bp", .integer(0...10_000), .edit, .required), Column("taxes_shipping", .boolean, .edit),
                Column("starts_on", .day, .sort, .create, .required), Column("ends_on", .day, .null, .range, .edit),
                Column("created_at", .moment, .sort, .range), Column("updated_at", .moment),
            ]),
        Resource(
            "audit-log", "audit entry", .auditLog, tag: "Company", audience: .admins, needs: .readAudit,
            identity: Column("seq", .integer()),
            [
                Column("id", .id), Column("actor_kind", .actorKind, .filter), Column("actor_id", .id, .null, .filter),
                Column("action", .text(), .filter), Column("subject_type", .text(), .filter),
                Column("subject_id", .id, .null, .filter), Column("before", .anything), Column("after", .anything),
                Column("reason", .text(), .null), Column("at", .moment, .sort, .range),
                Column("ip", .text(), .null), Column("session_id", .id, .null),
                Column("hash", .text(), sql: "encode(t.hash, 'hex')"),
            ]),
    ]
}
