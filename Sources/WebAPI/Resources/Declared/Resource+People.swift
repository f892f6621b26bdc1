import Accounts
import Database

extension Resource {
    /// People (D-01…D-03, D-48); secrets are of no resource, and what somebody earns is theirs and of who may know.
    static let people: [Resource] = [
        Resource(
            "admins", "admin", .admins, tag: "People", audience: .admins,
            times + [
                Column("email", .address, .search), Column("first_name", .line, .search),
                Column("last_name", .line, .search, .sort),
                Column("phone", .text(), .null), Column("time_zone", .text()), Column("is_active", .boolean, .filter),
                Column("last_login_at", .moment, .null),
                Column("role", .choice(["admin", "super_admin", "manager"]), .filter),
                Column("permissions", .words),
            ]),
        Resource(
            "sales-reps", "sales rep", .salesReps, tag: "People", audience: .company, editing: (.admins, .manageReps),
            times + [
                Column("email", .address, .search), Column("first_name", .line, .search, .edit),
                Column("last_name", .line, .search, .sort, .edit), Column("phone", .text(), .edit),
                Column("time_zone", .text(), .edit), Column("is_active", .boolean, .filter),
                Column("last_login_at", .moment, .null), Column("employee_id", .text(), .edit),
                Column("department", .text(), .edit), Column("title", .line, .edit),
                Column("role", .choice(["rep", "manager"]), .filter, .edit), Column("team_name", .text(), .null, .edit),
                Column("territory", .text(), .null, .filter, .edit),
                Column("territory_states", .list(of: .stateCode), .edit),
                Column("manager_id", .id, .null, .filter, .edit, parent: .salesReps),
                Column("hire_date", .day, .sort, .edit),
                Column("base_salary_cents", .integer(0...1_000_000_000), .null, .edit, when: isOwnPay),
                Column("commission_rate_bp", .share, .edit, when: isOwnPay),
                Column("total_sales_cents", .cents, .sort), Column("total_deals", .count, .sort),
            ]),
        Resource(
            "partner-users", "partner user", .partnerUsers, tag: "People", editing: (.partners, .managePartners),
            times + [
                Column("partner_id", .id, .filter), Column("email", .address, .search),
                Column("first_name", .line, .search, .edit), Column("last_name", .line, .search, .sort, .edit),
                Column("phone", .text(), .null, .edit), Column("time_zone", .text(), .edit),
                Column("role", .choice(["owner", "buyer", "approver", "finance"]), .filter),
                Column("is_active", .boolean, .filter), Column("last_login_at", .moment, .null),
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
