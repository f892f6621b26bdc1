import Database

extension Visitor.Kind {
    /// What the portal of these people is called in addresses, cookies and bodies.
    public var portal: String {
        switch self {
        case .admin: "admin"
        case .salesRep: "sales"
        case .partnerUser: "partner"
        }
    }

    /// The people of a portal; nil when there is no such portal.
    public init?(portal: String) {
        guard let kind = Self.allCases.first(where: { $0.portal == portal }) else { return nil }
        self = kind
    }

    /// The table that they stand in.
    var table: SQL {
        switch self {
        case .admin: "admins"
        case .salesRep: "sales_reps"
        case .partnerUser: "partner_users"
        }
    }
}
