import Database
import Foundation
import StateMachines

extension Stage {
    /// The admin who acts where nobody is named.
    static let defaultAdmin = "dana"
    /// The rep who sells where nobody is named.
    static let defaultRep = "robin"

    /// Who acts: somebody in that role, who is made when first needed.
    func actor(_ wanted: ScenarioActor, on record: Record?) async throws -> Actor {
        let role = wanted.role.text
        switch role {
        case "admin":
            let id = try await admin(wanted.person ?? Self.defaultAdmin)
            return Actor(kind: .admin, id: id, role: role, permissions: people.permissions)
        case "rep":
            return Actor(kind: .salesRep, id: try await rep(wanted.person), role: role)
        case "visitor":
            return Actor(kind: .customer, role: role)
        case "contact":
            return Actor(kind: .lead, id: try await lead(of: record), role: role)
        case "system":
            return .system
        case _ where role.hasPrefix("partner_"):
            let partner = try await partner(for: record, at: wanted.role.location)
            let id = try await member(of: partner, role: role, person: wanted.person)
            return Actor(kind: .partnerUser, id: id, role: role)
        default:
            return Actor(kind: .service, role: role)
        }
    }

    /// The admin of that name; whoever is called like a rep is the same person, with the same address.
    func admin(_ person: String) async throws -> UUID {
        let key = People.Key(role: "admin", person: person)
        if let id = people[key] { return id }
        let id = UUID.v7()
        _ = try await owner.query(
            """
            INSERT INTO admins (id, email, first_name, last_name, role)
            VALUES (\(id), \(Self.address(person)), \(person.capitalized), 'Example', 'super_admin')
            """)
        people.add(id, as: key, called: ["admin", person])
        return id
    }

    /// The rep of that name; nil: the one of `given`, or anybody.
    func rep(_ person: String?) async throws -> UUID {
        let name = person ?? scenario.given.rep ?? Self.defaultRep
        let key = People.Key(role: "rep", person: name)
        if let id = people[key] { return id }
        let id = UUID.v7()
        _ = try await owner.query(
            """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title,
                territory_states, hire_date)
            VALUES (\(id), \(Self.address(name)), \(name.capitalized), 'Example', '(555) 010-2031',
                \(scenario.zone.identifier), \("E-" + name), 'Sales Rep', '{CA}', DATE '2020-01-01')
            """)
        people.add(id, as: key, called: ["rep", name])
        return id
    }

    /// Somebody of a partner.
    func member(of partner: UUID, role: String, person: String?) async throws -> UUID {
        let key = People.Key(role: role, person: person, partner: partner)
        if let id = people[key] { return id }
        let kind = String(role.dropFirst("partner_".count))
        // The first owner comes with the partner.
        let there = try await owner.query(
            """
            SELECT id FROM partner_users
            WHERE partner_id = \(partner) AND role = \(kind) AND \(person == nil) ORDER BY id LIMIT 1
            """)
        let id = try there.first?.value("id") ?? UUID.v7()
        if there.isEmpty {
            let first = person ?? kind
            _ = try await owner.query(
                """
                INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
                SELECT \(id), p.id, \("\(first).\(kind).\(partner)@partner.example"), \(first.capitalized), 'Example',
                    \(kind), p.time_zone
                FROM partners p WHERE p.id = \(partner)
                """)
        }
        people.add(id, as: key, called: [role, kind] + (person.map { [$0] } ?? []))
        return id
    }

    /// The partner for whom somebody acts: that of the record, the given one, or the newest.
    private func partner(for record: Record?, at location: SourceLocation) async throws -> UUID {
        if let record, let partner = try await partner(of: record) { return partner }
        if let partner { return partner }
        if let newest = try await newest("partner") { return newest.id }
        throw ScenarioDifference(at: location, expected: "a partner to act for", found: "none")
    }

    private func lead(of record: Record?) async throws -> UUID? {
        guard let record else { return nil }
        if record.machine == "lead" { return record.id }
        return try await row(of: record)["lead_id"]?.uuid
    }

    private static func address(_ person: String) -> String { "\(person)@drizzl.example" }
}
