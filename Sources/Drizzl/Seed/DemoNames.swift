import Database
import Foundation
import StateMachines
import Workflows

/// Who and what the names of the files stand for.
///
/// `order:ORD-10140` has an id that comes from its name. Of what the engine made, `invoice/order:ORD-10140` is the invoice
/// of that order; likewise `shipment/`, `deal/` and `partner/` of a lead, `owner/` of a partner.
struct DemoNames {
    /// A name that stands for nothing.
    struct Unknown: Error, CustomStringConvertible {
        let name: String
        var description: String { "The demo names \"\(name)\", which does not exist." }
    }

    /// The id of a demo record that does not depend on anything.
    static func id(_ name: String) -> UUID { UUID(derivedFrom: "drizzl demo", name) }

    let set: DemoSet
    let calendar: DemoCalendar
    let permissions: Set<String>
    let pool: Pool
    private var known: [String: UUID] = [:]

    init(_ set: DemoSet, calendar: DemoCalendar, permissions: Set<String>, pool: Pool) {
        (self.set, self.calendar, self.permissions, self.pool) = (set, calendar, permissions, pool)
    }

    /// The id for a name.
    mutating func id(_ name: String) async throws -> UUID {
        if let id = known[name] { return id }
        let id: UUID
        if let slash = name.firstIndex(of: "/") {
            let of = try await self.id(String(name[name.index(after: slash)...]))
            guard let query = Self.made(name[..<slash], by: of), let row = try await pool.query(query).first else {
                throw Unknown(name: name)
            }
            id = try row.value("id")
        } else if name.hasPrefix("partner:"), let lead = set.partner(String(name.dropFirst(8)))?.lead {
            id = try await self.id("partner/lead:\(lead)")
        } else if name.hasPrefix("owner:") {
            id = try await self.id("owner/partner:\(name.dropFirst(6))")
        } else {
            id = Self.id(name)
        }
        known[name] = id
        return id
    }

    private static func made(_ what: Substring, by id: UUID) -> SQL? {
        switch what {
        case "invoice": "SELECT id FROM invoices WHERE order_id = \(id)"
        case "shipment": "SELECT id FROM shipments WHERE order_id = \(id) ORDER BY created_at, id LIMIT 1"
        case "deal": "SELECT id FROM deals WHERE lead_id = \(id)"
        case "partner": "SELECT converted_to_partner_id AS id FROM leads WHERE id = \(id)"
        case "owner": "SELECT id FROM partner_users WHERE partner_id = \(id) AND role = 'owner' ORDER BY id LIMIT 1"
        default: nil
        }
    }

    /// Who acts: `admin:dana`, `rep:sarah`, `owner:bluebird`, `user:ken@bluebirdcafe.example`, `contact:costco`, or a
    /// role of the outside such as `carrier`.
    mutating func actor(_ name: String) async throws -> Actor {
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            let kind: Actor.Kind = name == "visitor" ? .customer : name == "system" ? .system : .service
            return Actor(kind: kind, role: name)
        }
        switch parts[0] {
        case "admin":
            guard let admin = set.people.admins.first(where: { $0.key == parts[1] }) else { throw Unknown(name: name) }
            let all = admin.role == "super_admin" ? permissions : Set(admin.permissions)
            return Actor(kind: .admin, id: Self.id(name), role: "admin", permissions: all)
        case "rep":
            return Actor(kind: .salesRep, id: Self.id(name), role: "rep")
        case "owner":
            return Actor(kind: .partnerUser, id: try await id(name), role: "partner_owner")
        case "user":
            guard let user = set.partners.flatMap(\.users).first(where: { $0.email == parts[1] }) else {
                throw Unknown(name: name)
            }
            return Actor(kind: .partnerUser, id: Self.id(name), role: "partner_\(user.role)")
        case "contact":
            return Actor(kind: .lead, id: Self.id("lead:\(parts[1])"), role: "contact")
        default:
            throw Unknown(name: name)
        }
    }

    /// The inputs with ids and moments in the place of names.
    mutating func inputs(_ given: [String: JSONValue]) async throws -> [String: JSONValue] {
        var inputs: [String: JSONValue] = [:]
        for (name, value) in given { inputs[name] = try await resolved(value) }
        return inputs
    }

    private mutating func resolved(_ value: JSONValue) async throws -> JSONValue {
        switch value {
        case .string(let text) where text.hasPrefix("@"):
            return .string(try await id(String(text.dropFirst())).uuidString)
        case .string(let text) where text.hasPrefix("="):
            let when = String(text.dropFirst())
            guard when.contains(" ") else { return .string(try calendar.day(when).description) }
            return .string(try calendar.moment(when).formatted(.iso8601))
        case .array(let values):
            var all: [JSONValue] = []
            for value in values { all.append(try await resolved(value)) }
            return .array(all)
        case .object(let pairs):
            return .object(try await inputs(pairs))
        default:
            return value
        }
    }
}
