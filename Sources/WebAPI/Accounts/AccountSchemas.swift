import Accounts
import StateMachines

/// The shapes of what is said about accounts.
enum AccountSchemas {
    static let portal = Schema.choice(Visitor.Kind.allCases.map(\.portal))
    /// Longer than any that is taken, so that a policy's reason is told and not a shape's.
    static let password = Schema.text(1...1_000)
    static let email = Schema.text(3...254)
    static let code = Schema.text(6...6)

    static let signIn = Schema.named(
        "SignIn",
        .object([
            .init("portal", portal), .init("email", email), .init("password", password),
            .init("totp", code, isRequired: false),
        ]))
    static let visitor = Schema.named(
        "Visitor",
        .object([
            .init("kind", .choice(Visitor.Kind.allCases.map(\.rawValue))), .init("portal", portal), .init("id", .id),
            .init("name", .text()), .init("email", .text()), .init("role", .text()),
            .init("permissions", .list(of: .text())), .init("partner_id", .optional(.id)),
            .init("time_zone", .text()),
        ]))
    static let session = Schema.named(
        "Session",
        .object([
            .init("id", .id), .init("device", .optional(.text())), .init("device_id", .optional(.id)),
            .init("created_at", .moment), .init("last_seen_at", .moment), .init("expires_at", .moment),
            .init("address", .optional(.text())), .init("is_current", .boolean),
        ]))
    static let token = Schema.named("ServiceToken", .object(tokenMembers))
    static let newToken = Schema.named("NewServiceToken", .object(tokenMembers + [.init("token", .text())]))

    private static let tokenMembers: [Schema.Member] = [
        .init("id", .id), .init("name", .text()), .init("prefix", .text()), .init("scopes", .list(of: .text())),
        .init("created_at", .moment), .init("expires_at", .moment), .init("last_used_at", .optional(.moment)),
    ]
}

extension JSONValue {
    /// The text of a member of an object; nil when there is none.
    func text(_ name: String) -> String? {
        guard case .object(let members) = self, case .string(let text) = members[name] else { return nil }
        return text
    }
}

extension Visitor {
    /// The visitor as it is shown to itself.
    var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "portal": .string(kind.portal), "id": .id(id), "name": .string(name),
            "email": .string(email), "role": .string(role),
            "permissions": .array(permissions.sorted().map(JSONValue.string)), "partner_id": .id(partnerID),
            "time_zone": .string(timeZone),
        ])
    }
}

extension VisitorSession {
    func json(current: Visitor) -> JSONValue {
        .object([
            "id": .id(id), "device": .text(device), "device_id": .id(deviceID), "created_at": .moment(createdAt),
            "last_seen_at": .moment(lastSeenAt), "expires_at": .moment(expiresAt), "address": .text(address),
            "is_current": .boolean(id == current.sessionID),
        ])
    }
}

extension ServiceToken {
    /// The token as its owner sees it; with the token itself once.
    func json(token: String? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .id(id), "name": .string(name), "prefix": .string(prefix),
            "scopes": .array(scopes.map(JSONValue.string)), "created_at": .moment(createdAt),
            "expires_at": .moment(expiresAt), "last_used_at": .moment(lastUsedAt),
        ]
        members["token"] = token.map(JSONValue.string)
        return .object(members)
    }
}
