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
