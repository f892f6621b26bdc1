import Accounts
import Database
import Foundation
import Testing

/// Whoever looks at the ops console, with what their browser sends.
struct OpsPerson: Sendable {
    static let root = "/admin/command-center/ops"
    private static let browser = ["Accept": "text/html"]

    let house: House
    var headers: [String: String] = [:]

    /// Somebody who may act.
    static func with(_ body: @escaping @Sendable (OpsPerson) async throws -> Void) async throws {
        try await House.with { house async throws in
            try await house.demandTimeCode(false)
            try await house.person(.admin, "grace@drizzl.example", role: "super_admin")
            let browser = try await house.browser(.admin, "grace@drizzl.example")
            try await body(OpsPerson(house: house, headers: browser.headers))
        }
    }

    func page(_ path: String = "") async throws -> RawAnswer { try await open(Self.root + path) }

    func open(_ address: String?) async throws -> RawAnswer {
        try await house.send("GET", address ?? "", headers: headers.merging(Self.browser) { $1 })
    }

    func get(_ path: String) async throws -> Answer { try await house.get(path, headers: headers) }

    /// Sends a form as a browser does.
    func press(_ path: String, _ fields: [String: String]) async throws -> RawAnswer {
        let form = fields.map {
            "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        let kind = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"]
        return try await house.send(
            "POST", Self.root + path, headers: headers.merging(kind) { $1 },
            body: Array(form.joined(separator: "&").utf8))
    }

    func audited(_ action: String) async throws -> [String] {
        try await house.pool.query(
            """
            SELECT l.reason FROM audit_log l JOIN admins a ON a.id = l.actor_id
            WHERE l.action = \(action) AND a.email = 'grace@drizzl.example'
            """
        ).map { try $0.value("reason") }
    }
}
