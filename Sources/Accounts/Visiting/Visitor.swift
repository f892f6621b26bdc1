public import Database
public import Foundation
public import StateMachines

/// Who a request comes from, as the database has let them in.
public struct Visitor: Sendable, Hashable {
    /// Which portal's people somebody belongs to.
    public enum Kind: String, Sendable, CaseIterable {
        /// Somebody of the company.
        case admin
        /// A sales rep.
        case salesRep = "sales_rep"
        /// A user of a partner.
        case partnerUser = "partner_user"
    }

    /// Which portal's people they belong to.
    public var kind: Kind
    /// Their id.
    public var id: UUID
    /// Their role among these: `admin`, `super_admin`, `manager`; `rep`, `manager`; `owner`, `buyer`, `approver`,
    /// `finance`.
    public var role: String
    /// What they may do beyond their role, words of ``Permission``; admins alone have any.
    public var permissions: Set<String>
    /// Whose user they are; partner users alone.
    public var partnerID: UUID?
    /// The rep and, for a manager, everybody below; reps alone.
    public var team: [UUID]
    /// What they are called.
    public var name: String
    /// Their address.
    public var email: String
    /// Their time zone, as an IANA name.
    public var timeZone: String
    /// The session that they came with; nil when it was a token.
    public var sessionID: UUID?
    /// What the token that they came with is good for, `read` and `write`; nil for a session, which is good for all.
    public var scopes: Set<String>?

    /// Makes a visitor.
    public init(
        kind: Kind, id: UUID, role: String, permissions: Set<String> = [], partnerID: UUID? = nil, team: [UUID] = [],
        name: String = "", email: String = "", timeZone: String = "UTC", sessionID: UUID? = nil,
        scopes: Set<String>? = nil
    ) {
        (self.kind, self.id, self.role, self.permissions) = (kind, id, role, permissions)
        (self.partnerID, self.team, self.name, self.email) = (partnerID, team, name, email)
        (self.timeZone, self.sessionID, self.scopes) = (timeZone, sessionID, scopes)
    }

    /// Reads a row of ``Credential/enter(now:)``.
    ///
    /// - Returns: nil for nobody, and for a kind of person that this program does not know.
    /// - Throws: `DatabaseError`.
    public init?(_ row: Row) throws {
        guard let kind = try row.optional("kind", as: String.self).flatMap({ Kind(rawValue: $0) }) else { return nil }
        self.init(
            kind: kind, id: try row.value("id"), role: try row.value("role"),
            permissions: Set(try row.value("permissions", as: [String].self)),
            partnerID: try row.optional("partner_id"), team: try row.value("team"), name: try row.value("name"),
            email: try row.value("email"), timeZone: try row.value("time_zone"),
            sessionID: try row.optional("session_id"),
            scopes: try row.optional("scopes", as: [String].self).map(Set.init))
    }

    /// Makes them the visitor of the transaction again, with what they may do at this moment; nobody when their account has
    /// ended meanwhile.
    public var enterAgain: SQL {
        """
        SELECT FROM visitor.become(\(kind.rawValue), \(id), \(Permission.standardList), \(Permission.everyList))
        """
    }

    /// Whether they hold a permission.
    public func may(_ permission: Permission) -> Bool { permissions.contains(permission.rawValue) }

    /// In which role of the lifecycle files they act.
    public var actor: Actor {
        switch kind {
        case .admin: Actor(kind: .admin, id: id, role: "admin", permissions: permissions)
        case .salesRep: Actor(kind: .salesRep, id: id, role: "rep")
        case .partnerUser: Actor(kind: .partnerUser, id: id, role: "partner_\(role)")
        }
    }
}
