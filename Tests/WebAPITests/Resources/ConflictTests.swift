import Database
import Foundation
import HTTPTypes
import StateMachines
import Testing

@testable import WebAPI

/// What there may be once, and what a rule of the schema forbids, is told by the field and in words of ours.
@Suite struct ConflictTests {
    private static func product(_ name: String) -> JSONValue {
        .object([
            "name": .string(name), "sku": "B-1", "category": "smoothie", "msrp_cents": 500, "retail_price_cents": 500,
            "cost_per_unit_cents": 100,
        ])
    }

    @Test func `a second record with what there may be once is a conflict, with the field`() async throws {
        try await Estate.with { estate in
            let first = try await estate.send("POST", "/api/v1/products", as: "sue", body: Self.product("Berry"))
            #expect(first.status == 201, "\(first.raw.text)")
            let second = try await estate.send("POST", "/api/v1/products", as: "sue", body: Self.product("Mango"))
            #expect(second.status == 409)
            #expect(second.faults == ["already_exists sku"], "\(second.raw.text)")
            #expect(second["detail"] == "There is one with this sku already.")
        }
    }

    @Test func `a rule that is broken is told without the inside of the database`() async throws {
        try await Estate.with { estate in
            let list = JSONValue.object(["name": "Summer", "starts_on": "2026-06-01", "ends_on": "2026-05-01"])
            let answer = try await estate.send("POST", "/api/v1/price-lists", as: "sue", body: list)
            #expect(answer.status == 422)
            #expect(answer.code == "rule_broken", "\(answer.raw.text)")
            #expect(!answer.raw.text.contains("_check"), "\(answer.raw.text)")
        }
    }

    @Test func `whatever can be edited has a version, so that no change is lost`() async throws {
        try await Estate.with { estate in
            let editable = WebDoor.resources(estate.dependencies).filter { $0.editing != nil }
            #expect(!editable.isEmpty && editable.allSatisfy { $0.version != nil })
            let rate = JSONValue.object([
                "state": "NV", "jurisdiction": "State", "tax_class": "food", "rate_bp": 685, "starts_on": "2026-01-01",
            ])
            let made = try await estate.send("POST", "/api/v1/tax-rates", as: "sue", body: rate)
            #expect(made.status == 201, "\(made.raw.text)")
            let path = "/api/v1/tax-rates/\(made["id"]?.text ?? "none")"
            let tag = try #require(made.raw.headers["etag"])
            for (change, status) in [(JSONValue.object(["rate_bp": 700]), 200), (.object(["rate_bp": 800]), 412)] {
                let answer = try await estate.send("PATCH", path, as: "sue", body: change, headers: ["If-Match": tag])
                #expect(answer.status == status, "\(answer.raw.text)")
            }
        }
    }

    @Test func `a record whose id is taken is a conflict, when its first request is forgotten`() async throws {
        try await Estate.with { estate in
            let key = ["Idempotency-Key": UUID().uuidString]
            let lead = JSONValue.object(["company_name": "Corner Shop", "source": "referral"])
            #expect(try await estate.send("POST", "/api/v1/leads", as: "rita", body: lead, headers: key).status == 201)
            let owner = Pool(DatabaseConfiguration(url: estate.url, maximumConnections: 1))
            try await owner.run { session in
                try session.execute("SET session_replication_role = replica")
                try session.execute("DELETE FROM workflow_commands")
            }
            await owner.close()
            let again = try await estate.send("POST", "/api/v1/leads", as: "rita", body: lead, headers: key)
            #expect(again.status == 409, "\(again.raw.text)")
            #expect(again.code == "already_exists")
            #expect(again["detail"]?.text?.contains("another Idempotency-Key") == true)
        }
    }

    @Test func `a partner whose address another one has is a conflict or a fault, and never our defect`() async throws {
        try await Estate.with { estate in
            let operation = WebDoor.operations(estate.dependencies).first {
                $0.method == .post && $0.path == "/api/v1/partners"
            }
            guard case .object(var body)? = operation?.body?.example else { throw Missing() }
            body["email"] = "alpha@p.example"
            let answer = try await estate.send("POST", "/api/v1/partners", as: "sue", body: .object(body))
            #expect([409, 422].contains(answer.status), "\(answer.raw.text)")
        }
    }

    private struct Missing: Error {}
}
