import Database
import Foundation
import HTTPTypes
import StateMachines
import Testing

@testable import WebAPI

/// Reading, making and changing records over HTTP.
@Suite struct ResourceTests {
    private static func lead(_ name: String) -> JSONValue {
        .object(["company_name": .string(name), "source": "referral", "email": "buyer@shop.example"])
    }
    private static let address: JSONValue = .object([
        "label": "Main", "recipient_name": "Al", "address1": "1 Main", "city": "Reno", "state": "NV",
        "zip_code": "89501",
    ])

    @Test func `a lead is made, shown with every field, changed and moved by its rep`() async throws {
        try await Estate.with { estate in
            let made = try await estate.send("POST", "/api/v1/leads", as: "rita", body: Self.lead("Corner Shop"))
            #expect(made.status == 201, "\(made.raw.text)")
            let path = try #require(made.raw.headers["location"])
            let lead = try await estate.get(path, as: "rita")
            #expect(lead["company_name"] == "Corner Shop")
            #expect(lead["status"] == "new")
            #expect(lead["deal_id"] == .null)
            #expect(lead["created_at"]?.text?.hasSuffix("Z") == true)
            let tag = try #require(lead.raw.headers["etag"])
            let change = JSONValue.object(["city": "Reno", "competitors": .array(["Frosty"]), "budget": "confirmed"])
            let changed = try await estate.send("PATCH", path, as: "rita", body: change, headers: ["If-Match": tag])
            #expect(changed.status == 200, "\(changed.raw.text)")
            #expect(changed["city"] == "Reno")
            #expect(changed["competitors"] == .array(["Frosty"]))
            let again = try await estate.send("PATCH", path, as: "rita", body: change, headers: ["If-Match": tag])
            #expect(again.status == 412)
            let blind = try await estate.send("PATCH", path, as: "rita", body: change)
            #expect(blind.status == 428)
            let move = JSONValue.object(["move": "contact", "inputs": .object(["channel": "call"])])
            let moved = try await estate.send("POST", path + "/transitions", as: "rita", body: move)
            #expect(moved["state"] == "contacted", "\(moved.raw.text)")
            // The manager looks at it, and no more.
            #expect(try await estate.get(path, as: "max").status == 200)
            #expect(try await estate.send("POST", path + "/transitions", as: "max", body: move).status == 404)
            let tags = ["If-Match": "*"]
            #expect(try await estate.send("PATCH", path, as: "max", body: change, headers: tags).code == "read_only")
            let history = try await estate.get(path + "/history", as: "rita")
            #expect(history["events"]?.list?.count == 2)
            #expect(try await estate.get(path + "/actions", as: "rita")["actions"]?.list?.isEmpty == false)
        }
    }

    @Test func `a list is walked by cursors without a gap, filtered, sorted and searched`() async throws {
        try await Estate.with { estate in
            for name in ["Ash", "Birch", "Cedar", "Dogwood", "Elm"] {
                _ = try await estate.send("POST", "/api/v1/leads", as: "rita", body: Self.lead(name))
            }
            var names: [String] = []
            var path = "/api/v1/leads?limit=2&sort=-company_name"
            while names.count < 10 {
                let page = try await estate.get(path, as: "rita")
                names += page["items"]?.list?.compactMap { $0["company_name"]?.text } ?? []
                guard let cursor = page["next_cursor"]?.text else { break }
                path = "/api/v1/leads?limit=2&sort=-company_name&cursor=\(cursor)"
            }
            #expect(names == ["Elm", "Dogwood", "Cedar", "Birch", "Ash"])
            #expect(try await estate.get("/api/v1/leads?q=edar&status=new", as: "sue")["items"]?.list?.count == 1)
            #expect(try await estate.get("/api/v1/leads?status=closed_won", as: "sue")["items"]?.list?.isEmpty == true)
            #expect(try await estate.get("/api/v1/leads", as: "rob")["items"]?.list?.isEmpty == true)
            let wrong = try await estate.get("/api/v1/leads?status=x&limit=900&colour=red&cursor=x", as: "rita")
            #expect(wrong.status == 422)
            #expect(
                Set(wrong.faults) == [
                    "parameter_invalid status", "parameter_invalid limit", "parameter_unknown colour",
                ])
            #expect(try await estate.get("/api/v1/leads?cursor=abc", as: "rita").status == 422)
        }
    }

    @Test func `a write under a key is done once and answered alike`() async throws {
        try await Estate.with { estate in
            let key = ["Idempotency-Key": UUID().uuidString]
            let path = "/api/v1/shipping-addresses"
            let first = try await estate.send("POST", path, as: "al", body: Self.address, headers: key)
            #expect(first.status == 201, "\(first.raw.text)")
            let second = try await estate.send("POST", path, as: "al", body: Self.address, headers: key)
            #expect(second.raw.text == first.raw.text)
            #expect(second.raw.headers["location"] == first.raw.headers["location"])
            guard case .object(var other) = Self.address else { return }
            other["label"] = "Other"
            let reused = try await estate.send("POST", path, as: "al", body: .object(other), headers: key)
            #expect(reused.status == 422)
            #expect(reused.code == "command_reused")
            #expect(try await estate.get(path, as: "al")["items"]?.list?.count == 1)
            // Somebody else's key of the same text is another one.
            #expect(try await estate.send("POST", path, as: "cy", body: Self.address, headers: key).status == 201)
            other["partner_id"] = .string(Estate.id("alpha"))
            #expect(try await estate.send("POST", path, as: "cy", body: .object(other)).status == 404)
        }
    }

    @Test func `every fault of a body is told at once, each with its field`() async throws {
        try await Estate.with { estate in
            let body = JSONValue.object(["label": 7, "state": "Nevada", "colour": "red"])
            let answer = try await estate.send("POST", "/api/v1/shipping-addresses", as: "al", body: body)
            #expect(answer.status == 422)
            #expect(
                Set(answer.faults) == [
                    "wrong_type label", "wrong_type state", "field_unknown colour", "field_missing recipient_name",
                    "field_missing address1", "field_missing city", "field_missing zip_code",
                ])
        }
    }

    @Test func `many records are moved at once, and each is told of by itself`() async throws {
        try await Estate.with { estate in
            var ids: [JSONValue] = []
            for name in ["Ash", "Birch"] {
                let made = try await estate.send("POST", "/api/v1/leads", as: "rita", body: Self.lead(name))
                ids.append(try #require(made["id"]))
            }
            ids.append(.string(UUID().uuidString))
            let body = JSONValue.object([
                "ids": .array(ids), "move": "contact", "inputs": .object(["channel": "call"]),
            ])
            let answer = try await estate.send("POST", "/api/v1/leads/bulk", as: "rita", body: body)
            #expect(answer["results"]?.list?.map { $0["status"] } == [200, 200, 404], "\(answer.raw.text)")
        }
    }

    @Test func `ops pauses a queue with a reason, and a manager without the permission does not`() async throws {
        try await Estate.with { estate in
            _ = try await estate.pool.query("INSERT INTO queue.queues (name) VALUES ('mail') ON CONFLICT DO NOTHING")
            let body = JSONValue.object(["reason": "the provider is down"])
            #expect(try await estate.get("/api/v1/jobs", as: "ned").code == "permission")
            #expect(try await estate.get("/api/v1/jobs", as: "sue").status == 200)
            #expect(try await estate.get("/api/v1/schedules", as: "sue").status == 200)
            let pause = try await estate.send("POST", "/api/v1/queues/mail/pause", as: "sue", body: body)
            #expect(pause["paused"]?["reason"] == "the provider is down", "\(pause.raw.text)")
            let resumed = try await estate.send("POST", "/api/v1/queues/mail/resume", as: "sue", body: body)
            #expect(resumed["resumed"] == true)
            #expect(try await estate.send("POST", "/api/v1/jobs/1/retry", as: "sue", body: body).status == 404)
        }
    }
}
