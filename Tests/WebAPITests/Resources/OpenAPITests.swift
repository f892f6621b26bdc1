import Foundation
import HTTPTypes
import StateMachines
import Testing

@testable import WebAPI

/// The document and the routes say the same.
@Suite struct OpenAPITests {
    @Test func `every address of the API is in the document, and every one in the document answers`() async throws {
        try await Estate.with { estate in
            let document = try await estate.get("/api/openapi.json", as: nil)
            #expect(document["openapi"] == "3.1.0")
            guard case .object(let paths)? = document["paths"] else { throw Missing() }
            var told: Set<String> = []
            for (path, entry) in paths {
                guard case .object(let methods) = entry else { continue }
                for method in methods.keys {
                    told.insert("\(method) \(path)")
                    let address = path.replacing("{id}", with: UUID().uuidString).replacing("{name}", with: "none")
                    let answer = try await estate.send(method.uppercased(), address, as: nil, body: .object([:]))
                    #expect(answer.code != "method_not_allowed", "\(method) \(path)")
                    #expect(answer["detail"]?.text != "There is no such address.", "\(method) \(path)")
                    guard case .object(let responses)? = methods[method]?["responses"] else { continue }
                    #expect(responses["\(answer.status)"] != nil, "\(method) \(path) answers \(answer.status)")
                }
            }
            let offered = WebDoor.operations(estate.dependencies).filter { $0.path.hasPrefix("/api/v1/") }
            #expect(told == Set(offered.map { "\($0.method.rawValue.lowercased()) \($0.path)" }))
            #expect(told.count > 150)
        }
    }

    @Test func `every schema that is named is there, and every operation has a name of its own`() async throws {
        try await Estate.with { estate in
            let document = try await estate.get("/api/openapi.json", as: nil)
            let parts = document.raw.text.split(separator: "#/components/schemas/").dropFirst()
            guard case .object(let schemas)? = document["components"]?["schemas"] else { throw Missing() }
            for part in parts {
                let name = String(part.prefix { $0 != "\"" })
                #expect(schemas[name] != nil, "\(name)")
            }
            let names = document.raw.text.split(separator: "\"operationId\":\"").dropFirst().map {
                $0.prefix { $0 != "\"" }
            }
            #expect(Set(names).count == names.count)
        }
    }

    /// What has to be free: it is the house's own words, another system's, or what the schema cannot know.
    private static let free: Set<String> = [
        "inputs", "changes", "noted", "payload", "nutrition", "score_factors", "quantity_breaks", "value", "before",
        "after",
        "settings", "terms", "lines", "agenda", "output", "products_interested", "items", "because",
    ]
    /// Writes that need nothing but their address.
    private static let bare: Set<String> = [
        "/api/v1/files/{id}/link", "/api/v1/devices/{id}/enrolment", "/api/v1/admins/{id}/invitation",
        "/api/v1/sales-reps/{id}/invitation", "/api/v1/partner-users/{id}/invitation", "/api/v1/webhooks/{id}/rotate",
        "/api/v1/webhooks/{id}/ping", "/api/v1/webhook-deliveries/{id}/redeliver",
    ]

    @Test func `every operation says what it takes and what it answers, member by member`() async throws {
        try await Estate.with { estate in
            for operation in WebDoor.operations(estate.dependencies) where operation.path.hasPrefix("/api/v1/") {
                let what = "\(operation.method) \(operation.path)"
                #expect(!operation.answers.isEmpty, "\(what)")
                for answer in operation.answers where answer.mediaType == "application/json" {
                    let schema = try #require(answer.schema, "\(what)")
                    #expect(
                        schema.undescribed(but: Self.free).isEmpty, "\(what): \(schema.undescribed(but: Self.free))")
                    #expect(schema.faults(in: schema.example).isEmpty, "\(what): the example is not of its schema")
                }
                if [.post, .patch, .put].contains(operation.method), !Self.bare.contains(operation.path) {
                    #expect(operation.body != nil || operation.upload != nil, "\(what)")
                }
                guard let body = operation.body else { continue }
                #expect(body.undescribed(but: Self.free).isEmpty, "\(what): \(body.undescribed(but: Self.free))")
                #expect(body.faults(in: body.example).isEmpty, "\(what): the example is not of its schema")
            }
            // So what is not described is found.
            #expect(Schema.object([.init("a", .list(of: .map))]).undescribed(but: []) == ["a"])
        }
    }

    @Test func `bytes are sent as bytes, and a header that is needed says so`() async throws {
        try await Estate.with { estate in
            let document = try await estate.get("/api/openapi.json", as: nil)
            let upload = document["paths"]?["/api/v1/files"]?["post"]?["requestBody"]
            #expect(upload?["content"]?["application/octet-stream"] != nil)
            let edit = document["paths"]?["/api/v1/leads/{id}"]?["patch"]?["parameters"]?.list ?? []
            #expect(edit.first { $0["name"] == "If-Match" }?["required"] == true)
            #expect(edit.first { $0["name"] == "If-Match" }?["example"] == "*")
            let path = "/api/v1/leads/\(UUID().uuidString)"
            #expect(try await estate.send("PATCH", path, as: "rita", body: .object([:])).status == 404)
        }
    }

    @Test func `people read it without a script`() async throws {
        try await Estate.with { estate in
            let page = try await estate.get("/api", as: nil).raw
            #expect(page.status == 200)
            #expect(page.text.contains("/api/v1/leads/{id}/transitions"))
            #expect(!page.text.contains("<script"))
        }
    }

    private struct Missing: Error {}
}

extension Schema {
    /// The names of members, or "" for the value itself, of which nothing is said; without those that may be free.
    fileprivate func undescribed(but free: Set<String>, named name: String = "") -> [String] {
        switch self {
        case .map, .anything: free.contains(name) ? [] : [name]
        case .object(let members): members.flatMap { $0.schema.undescribed(but: free, named: $0.name) }
        case .list(let schema, _), .optional(let schema), .named(_, let schema), .entries(let schema):
            schema.undescribed(but: free, named: name)
        default: []
        }
    }
}
