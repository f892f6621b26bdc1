import Accounts
import Database
import Foundation
import HTTPTypes
import StateMachines
import Testing
import Workflows

@testable import WebAPI

/// Records of others that are named in a body, and not in the address.
@Suite struct StrangerBodyTests {
    /// Who has nothing to do with what is planted, and who has, by kind.
    private static let strangers: [(kind: Visitor.Kind, stranger: String, owner: String)] = [
        (.salesRep, "rob", "rita"), (.partnerUser, "cy", "al"),
    ]
    /// The planted record of what an input names.
    private static let references = [
        "partner": "alpha", "lead": "leads", "deal": "deals", "order": "orders", "proposal": "proposals",
        "shipment": "shipments", "invoice": "invoices", "sales_rep": "rita", "integration": "partner_integrations",
        "activity": "sales_activities", "commission": "commissions", "address": "shipping_addresses",
        "shipping_address": "shipping_addresses", "rep": "rita",
    ]

    @Test func `a move of many records finds none of somebody else's, and says so of each`() async throws {
        try await Estate.with(isLoose: true, StrangerTests.planted) { estate in
            var walked = 0
            for resource in WebDoor.resources(estate.dependencies) {
                guard let machine = resource.machine else { continue }
                let id = resource.table == .partners ? Estate.id("alpha") : Estate.id(resource.table.rawValue)
                let moves = try estate.dependencies.engine.definition(of: machine.name).moves.map(\.name.text)
                for (kind, stranger, _) in Self.strangers where resource.audience.contains(kind) {
                    for move in moves {
                        let body = JSONValue.object([
                            "ids": .array([.string(id), .string(Estate.id("nothing"))]), "move": .string(move),
                        ])
                        let answer = try await estate.send("POST", resource.path + "/bulk", as: stranger, body: body)
                        let what = "\(resource.path) \(move) as \(stranger): \(answer.status) \(answer.raw.text)"
                        let results = answer["results"]?.list ?? []
                        #expect(results.map { $0["status"] } == [404, 404], "\(what)")
                        // Word for word what is said of a record that there is not.
                        #expect(results.first?["detail"] == results.last?["detail"], "\(what)")
                        walked += 1
                    }
                }
            }
            #expect(walked > 60)
            let events = try await estate.pool.query("SELECT count(*) AS number FROM workflow_events")
            #expect(try events[0].value("number", as: Int.self) == 0)
        }
    }

    @Test func `nothing is made below somebody else's record, and it is as if there were none`() async throws {
        try await Estate.with(isLoose: true, StrangerTests.planted) { estate in
            var walked = 0
            for resource in WebDoor.resources(estate.dependencies) {
                for (kind, stranger, owner) in Self.strangers {
                    for (field, id) in Self.parents(of: resource, for: kind) {
                        let operation = ResourceRoutes(resource: resource, dependencies: estate.dependencies)
                            .operations.first { $0.method == .post && $0.path == resource.path }
                        guard case .object(var body)? = operation?.body?.required else { continue }
                        body[field] = .string(id)
                        let foreign = try await estate.send("POST", resource.path, as: stranger, body: .object(body))
                        body[field] = .string(Estate.id("nothing"))
                        let absent = try await estate.send("POST", resource.path, as: stranger, body: .object(body))
                        let what =
                            "\(resource.path) \(field) as \(stranger): \(foreign.status) \(foreign.raw.text); \(absent.raw.text)"
                        #expect([403, 404, 422].contains(foreign.status), "\(what)")
                        #expect(foreign.status == absent.status && foreign.code == absent.code, "\(what)")
                        #expect(foreign["detail"] == absent["detail"], "\(what)")
                        body[field] = .string(id)
                        let own = try await estate.send("POST", resource.path, as: owner, body: .object(body))
                        // Whoever owns it comes further.
                        if own.status != foreign.status || own.code != foreign.code { walked += 1 }
                    }
                }
            }
            #expect(walked >= 10, "\(walked)")
        }
    }

    /// The fields of something new that name a planted record, with its id.
    private static func parents(of resource: Resource, for kind: Visitor.Kind) -> [(String, String)] {
        switch resource.creation {
        case .row(let kinds, _, _):
            guard kinds.contains(kind) else { return [] }
            return resource.columns.compactMap { column in
                guard let parent = column.parent, column.has(.create) || column.isEditable(by: kind) else { return nil }
                let name = parent == .partners ? "alpha" : parent == .salesReps ? "rita" : parent.rawValue
                return (column.name, Estate.id(name))
            }
        case .move:
            guard resource.audience.contains(kind), let machine = resource.machine else { return [] }
            return Lifecycles.body(of: machine.name).compactMap { ask in
                guard ask.type == .reference, let name = references[ask.name.text] else { return nil }
                return (ask.name.text, Estate.id(name))
            }
        case nil: return []
        }
    }
}

extension Schema {
    /// An example with what is required alone.
    fileprivate var required: JSONValue {
        switch self {
        case .object(let members):
            .object(
                Dictionary(members.filter(\.isRequired).map { ($0.name, $0.schema.example) }) { first, _ in first })
        case .named(_, let schema): schema.required
        default: example
        }
    }
}
