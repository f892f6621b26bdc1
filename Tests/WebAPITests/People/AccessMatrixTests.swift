import Accounts
import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// access.md, section 2, walked through HTTP: each role and each action.
@Suite struct AccessMatrixTests {
    private static let others = ["al", "bo", "ap", "fi", "cy", "rita", "max"]

    private static func reply(_ answer: Answer) -> AccessMatrix.Reply? {
        switch answer.status {
        case 403: .forbidden
        case 404: .notFound
        // What stands in the way besides the role is no matter of access.
        case 200..<300, 409, 422: .allowed
        default: nil
        }
    }

    private static func ask(_ estate: Estate, _ deed: AccessMatrix.Deed, as name: String) async throws -> Answer {
        var body = deed.body
        // What has to be one of its kind, is.
        if case .object(var members)? = body, members["sku"] != nil {
            members["sku"] = .string(UUID().uuidString)
            body = .object(members)
        }
        return try await estate.send(deed.method, deed.path, as: name, body: body, headers: ["If-Match": "*"])
    }

    @Test func `every permission has a door that asks for it, or is known to have none yet`() {
        let asked = Set(AccessMatrix.deeds.compactMap(\.permission))
        #expect(asked.isDisjoint(with: AccessMatrix.withoutDoor))
        #expect(asked.union(AccessMatrix.withoutDoor) == Set(Permission.allCases))
    }

    @Test func `everybody may what the tables say, and no more`() async throws {
        try await Estate.with(AccessMatrix.people + AccessMatrix.records) { estate in
            func expect(_ deed: AccessMatrix.Deed, as name: String, _ wanted: AccessMatrix.Reply) async throws {
                let answer = try await Self.ask(estate, deed, as: name)
                #expect(
                    Self.reply(answer) == wanted,
                    "\(deed.name) as \(name): \(answer.status) \(answer.raw.text.prefix(300))")
            }
            for deed in AccessMatrix.deeds {
                for name in Self.others { try await expect(deed, as: name, deed.others[name] ?? .forbidden) }
                try await expect(deed, as: "ned", .forbidden)
                try await expect(deed, as: "ada", deed.isStandard ? .allowed : .forbidden)
                try await expect(deed, as: "sue", deed.permission == nil ? .forbidden : .allowed)
                guard let permission = deed.permission, Permission.grantable.contains(permission) else { continue }
                try await grant(estate, [permission])
                try await expect(deed, as: "ned", .allowed)
                try await grant(estate, [])
            }
        }
    }

    private func grant(_ estate: Estate, _ permissions: [Permission]) async throws {
        _ = try await estate.pool.query(
            """
            UPDATE admins SET permissions = \(permissions.map(\.rawValue))
            WHERE id = \(Estate.id("ned"))::uuid RETURNING id
            """)
    }
}
