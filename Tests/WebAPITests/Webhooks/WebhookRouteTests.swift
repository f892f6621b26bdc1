import Database
import Foundation
import StateMachines
import Testing
import Workflows

@testable import WebAPI

/// Webhooks as their owners make and look after them.
@Suite struct WebhookRouteTests {
    private static let path = "/api/v1/webhooks"
    private static let wanted: JSONValue = .object([
        "url": "https://hooks.example/in?key=1", "events": .array(["lead.*", "order.confirm"]),
    ])

    private func make(_ estate: Estate, as name: String) async throws -> (id: String, secret: String) {
        let made = try await estate.send("POST", Self.path, as: name, body: Self.wanted)
        #expect(made.status == 201, "\(made.raw.text)")
        return (try #require(made["id"]?.text), try #require(made["secret"]?.text))
    }

    @Test func `a secret is shown once, and kept so that nobody else reads it`() async throws {
        try await Estate.with { estate in
            let (id, secret) = try await make(estate, as: "al")
            #expect(WebhookSecret(secret) != nil)
            let shown = try await estate.get("\(Self.path)/\(id)", as: "al")
            #expect(shown["partner_id"]?.text == Estate.id("alpha"))
            #expect(shown["events"] == .array(["lead.*", "order.confirm"]))
            #expect(shown["secret"] == nil && !shown.raw.text.contains("_enc"))
            let row = try #require(try await estate.pool.query("SELECT id, secret_enc FROM webhook_endpoints").first)
            let sealed = SecretBox.Sealed(bytes: try row.value("secret_enc"))
            let box = estate.dependencies.accounts.secrets
            #expect(try box.open(sealed, record: try row.value("id"), column: "secret_enc") == secret)
            // On another row it is worth nothing.
            #expect(throws: SecretBox.Fault.broken) { try box.open(sealed, record: UUID(), column: "secret_enc") }
        }
    }

    @Test func `a webhook is changed, given a new secret and deleted by whose it is alone`() async throws {
        try await Estate.with { estate in
            let (id, secret) = try await make(estate, as: "al")
            let company = try await make(estate, as: "sue").id
            for stranger in ["cy", "rob"] {
                for (method, path) in [("GET", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/ping")] {
                    let answer = try await estate.send(method, "\(Self.path)/\(id)\(path)", as: stranger)
                    #expect(answer.status == (stranger == "cy" ? 404 : 403), "\(method) \(path): \(answer.raw.text)")
                }
            }
            #expect(try await estate.get("\(Self.path)/\(company)", as: "al").status == 404)
            #expect(try await estate.get(Self.path, as: "ned").status == 403)
            let turned = try await estate.send("POST", "\(Self.path)/\(id)/rotate", as: "al")
            #expect(turned["secret"]?.text?.hasPrefix("whsec_") == true && turned["secret"]?.text != secret)
            let change = JSONValue.object(["is_active": false, "events": .array(["*"])])
            let changed = try await estate.send(
                "PATCH", "\(Self.path)/\(id)", as: "al", body: change, headers: ["If-Match": "*"])
            #expect(changed["is_active"] == false && changed["earlier_until"]?.text != nil, "\(changed.raw.text)")
            #expect(try await estate.send("DELETE", "\(Self.path)/\(id)", as: "al").status == 204)
            #expect(try await estate.get("\(Self.path)/\(id)", as: "al").status == 404)
            let kept = try await estate.pool.query(
                "SELECT action FROM audit_log WHERE subject_type = 'webhook' AND actor_kind = 'partner_user' ORDER BY seq"
            )
            #expect(
                try kept.map { try $0.value("action", as: String.self) } == [
                    "webhook.make", "webhook.rotate", "webhook.change", "webhook.delete",
                ])
            let told = try await estate.pool.query("SELECT after::text FROM audit_log WHERE action = 'webhook.change'")
            #expect(try told.first?.value("after") == #"{"events": ["*"], "is_active": false}"#)
        }
    }

    @Test(arguments: [
        ("ftp://hooks.example/", "order.confirm"), ("https://user:pass@hooks.example/", "order.confirm"),
        ("https://hooks.example/#x", "order.confirm"), ("https://hooks.example/", "order.dance"),
        ("https://hooks.example/", "nothing"),
    ])
    func `an address or an event that is none is refused`(url: String, event: String) async throws {
        try await Estate.with { estate in
            let body = JSONValue.object(["url": .string(url), "events": .array([.string(event)])])
            let answer = try await estate.send("POST", Self.path, as: "al", body: body)
            #expect(answer.status == 422, "\(answer.raw.text)")
        }
    }

    @Test func `a move is told in the transaction that makes it, with what its history shows`() async throws {
        try await Estate.with { estate in
            _ = try await make(estate, as: "sue")
            _ = try await make(estate, as: "al")
            let lead = JSONValue.object([
                "company_name": "Corner Shop", "source": "referral", "email": "b@shop.example",
            ])
            let made = try await estate.send("POST", "/api/v1/leads", as: "rita", body: lead)
            let path = try #require(made.raw.headers["location"])
            // A lead is no partner's business: the company alone is told.
            let list = try await estate.get("/api/v1/webhook-deliveries", as: "sue")["items"]?.list ?? []
            #expect(list.count == 1)
            #expect(try await estate.get("/api/v1/webhook-deliveries", as: "al")["items"]?.list == [])
            let delivery = try #require(list.first)
            #expect(delivery["type"] == "lead.create" && delivery["state"] == "pending")
            let jobs = try await estate.pool.query("SELECT payload FROM queue.jobs WHERE kind = 'deliver_webhook'")
            #expect(jobs.count == 1)
            let id = try #require(delivery["id"]?.text.flatMap { UUID(uuidString: $0) })
            let row = try #require(try await estate.pool.query(OwedWebhook.of(id)).first)
            let body = try JSONDecoder().decode(JSONValue.self, from: Data(OwedWebhook(row).body.utf8))
            guard case .object(var data)? = body["data"] else { throw Missing() }
            #expect(data.removeValue(forKey: "machine") == "lead")
            #expect(data.removeValue(forKey: "record_id")?.text == delivery["record_id"]?.text)
            let events = try await estate.get(path + "/history", as: "rita")["events"]?.list
            guard case .object(var event)? = events?.first else { throw Missing() }
            event["reason"] = nil
            #expect(data == event)
            #expect(body["timestamp"] == event["at"])
        }
    }

    @Test func `a ping and a second delivery are queued once each`() async throws {
        try await Estate.with { estate in
            let (id, _) = try await make(estate, as: "al")
            let ping = try await estate.send("POST", "\(Self.path)/\(id)/ping", as: "al")
            #expect(ping.status == 202, "\(ping.raw.text)")
            let delivery = try #require(ping["delivery_id"]?.text)
            let again = "/api/v1/webhook-deliveries/\(delivery)/redeliver"
            #expect(try await estate.send("POST", again, as: "al").code == "under_way")
            #expect(try await estate.send("POST", again, as: "cy").status == 404)
            // When its job has ended, it can be sent again.
            _ = try await estate.pool.query("DELETE FROM queue.unique_keys")
            #expect(try await estate.send("POST", again, as: "al").status == 202)
            let jobs = try await estate.pool.query("SELECT count(*) AS n FROM queue.ready").first
            #expect(try jobs?.value("n", as: Int.self) == 2)
        }
    }

    private struct Missing: Error {}
}
