public import Foundation

/// Who makes a move, in which role, with which permissions.
public struct Actor: Sendable, Hashable {
    /// What acts, as the tables name it.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Somebody of the company.
        case admin
        /// A sales rep.
        case salesRep = "sales_rep"
        /// A user of a partner.
        case partnerUser = "partner_user"
        /// A lead, through a signed link.
        case lead
        /// A consumer.
        case customer
        /// The machine itself.
        case system
        /// An outside service.
        case service
    }

    /// What acts.
    public var kind: Kind
    /// Which one; nil for the system.
    public var id: UUID?
    /// The role of the vocabulary in which it acts.
    public var role: String
    /// The permissions it holds; asked for from admins alone.
    public var permissions: Set<String>
    /// From where it asks; nil for what asks from nowhere.
    ///
    /// Some moves keep it, such as a signature.
    public var address: String?

    /// Makes an actor.
    public init(kind: Kind, id: UUID? = nil, role: String, permissions: Set<String> = []) {
        (self.kind, self.id, self.role, self.permissions) = (kind, id, role, permissions)
    }

    /// The machine itself: timers and reactions.
    public static let system = Actor(kind: .system, role: "system")
}
