import Accounts
public import Database
public import Foundation
public import StateMachines

/// Who is meant by the recipients that lifecycle files name.
public enum Recipients {
    /// What somebody is told about, and because of which event.
    public struct Occasion: Sendable {
        /// The machine.
        public var machine: String
        /// The record.
        public var record: UUID
        /// The event; who made it is not told of it.
        public var event: UUID
        /// The permission that decides which admins are meant.
        public var permission: String
        /// Whether the partner's account manager is meant too.
        public var includesAccountManager: Bool

        /// Makes an occasion.
        public init(
            machine: String, record: UUID, event: UUID, permission: String = "", includesAccountManager: Bool = false
        ) {
            (self.machine, self.record, self.event) = (machine, record, event)
            (self.permission, self.includesAccountManager) = (permission, includesAccountManager)
        }
    }

    /// Those that are known by name, sorted.
    public static let names: [String] = people.keys.sorted()

    /// What keeps the program from starting: recipients of the vocabulary that nobody here can find.
    public static func unknown(in vocabulary: Vocabulary) -> [String] {
        vocabulary.recipients.map(\.name.text).filter { people[$0] == nil }
    }

    /// Finds people: `kind`, `id`, `name`, `email`, `time_zone`.
    ///
    /// - Parameters:
    ///   - recipient: The name in the vocabulary.
    ///   - occasion: What they are told about.
    /// - Returns: The query; nil when the recipient or the machine is not known.
    public static func query(_ recipient: String, of occasion: Occasion) -> SQL? {
        guard let people = people[recipient], let subject = Subject.query(occasion.machine, occasion.record) else {
            return nil
        }
        return """
            WITH subject (partner_id, sales_rep_id, lead_id, opened_by, assignee_id, words) AS (\(subject)),
            people (kind, id, name, email, time_zone) AS (\(people(occasion)))
            SELECT DISTINCT p.kind::text AS kind, p.id, p.name::text AS name, p.email::text AS email,
                p.time_zone::text AS time_zone
            FROM people p
            WHERE NOT EXISTS (
                SELECT FROM workflow_events e
                WHERE e.id = \(occasion.event) AND e.actor_kind = p.kind AND e.actor_id = p.id)
            ORDER BY email
            """
    }

    private typealias People = @Sendable (Occasion) -> SQL

    private static let people: [String: People] = [
        "rep": { _ in rep }, "earner": { _ in rep },
        "admins": { admins($0) },
        "partner": { users(of: $0) },
        "partner_owners": { _ in users(in: ["owner"]) },
        "opener": { _ in "\(user) JOIN subject s ON s.opened_by = u.id WHERE u.is_active" },
        "assignee": { occasion in
            """
            SELECT 'admin', a.id, a.first_name || ' ' || a.last_name, a.email, a.time_zone
            FROM admins a JOIN subject s ON s.assignee_id = a.id WHERE a.is_active
            UNION ALL
            SELECT * FROM (\(admins(occasion))) others
            WHERE NOT EXISTS (
                SELECT FROM admins a JOIN subject s ON s.assignee_id = a.id WHERE a.is_active)
            """
        },
        "contact": { _ in
            """
            SELECT 'lead', l.id, coalesce(l.contact_name, l.company_name), l.email,
                coalesce(r.time_zone, 'America/Los_Angeles')
            FROM leads l JOIN subject s ON s.lead_id = l.id LEFT JOIN sales_reps r ON r.id = l.sales_rep_id
            WHERE l.email IS NOT NULL
            UNION ALL
            SELECT 'partner_user', NULL::uuid, p.contact_name, p.email, p.time_zone
            FROM partners p JOIN subject s ON s.partner_id = p.id WHERE s.lead_id IS NULL
            """
        },
        "partner_contact": { _ in
            """
            SELECT 'partner_user', NULL::uuid, p.contact_name, p.email, p.time_zone
            FROM partners p JOIN subject s ON s.partner_id = p.id
            """
        },
        "billing_contact": { _ in
            """
            \(users(in: ["finance", "owner"])) AND (u.role = 'finance' OR NOT EXISTS (
                SELECT FROM partner_users f
                WHERE f.partner_id = s.partner_id AND f.is_active AND f.role = 'finance'))
            """
        },
    ]

    private static let rep: SQL = """
        SELECT 'sales_rep', r.id, r.first_name || ' ' || r.last_name, r.email, r.time_zone
        FROM sales_reps r JOIN subject s ON s.sales_rep_id = r.id WHERE r.is_active
        """

    private static let user: SQL = """
        SELECT 'partner_user', u.id, u.first_name || ' ' || u.last_name, u.email, u.time_zone FROM partner_users u
        """

    private static func users(in roles: [String]) -> SQL {
        "\(user) JOIN subject s ON s.partner_id = u.partner_id WHERE u.is_active AND u.role = ANY(\(roles))"
    }

    /// Each active user whose role covers the subject: those who order, those who pay, for the account everyone.
    private static func users(of occasion: Occasion) -> SQL {
        switch occasion.machine {
        case "order", "shipment": users(in: ["owner", "buyer", "approver"])
        case "invoice", "order_payment": users(in: ["owner", "finance"])
        default: users(in: ["owner", "buyer", "approver", "finance"])
        }
    }

    /// Each active admin with the permission, or all admins when nobody has it.
    private static func admins(_ occasion: Occasion) -> SQL {
        let isOfRole = Permission.isStandard(occasion.permission)
        let holds: SQL = """
            (a.role = 'super_admin' OR (a.role = 'admin' AND \(isOfRole)) OR \(occasion.permission) = ANY(a.permissions))
            """
        let manages: SQL =
            if occasion.includesAccountManager {
                """
                OR a.id = (SELECT p.account_manager_id FROM partners p JOIN subject s ON s.partner_id = p.id)
                """
            } else { "" }
        return """
            SELECT 'admin', a.id, a.first_name || ' ' || a.last_name, a.email, a.time_zone FROM admins a
            WHERE a.is_active AND (\(holds) \(manages)
                OR NOT EXISTS (SELECT FROM admins a WHERE a.is_active AND \(holds)))
            """
    }
}
