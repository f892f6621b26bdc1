import Database
import Foundation
import Jobs
import Synchronization
import Testing
import Workers
import Workflows

/// What endpoints are told, and what becomes of those that do not listen.
@Suite struct WebhookDeliveryTests {
    private func states(_ rows: [Row]) throws -> [String] { try rows.map { try $0.value("state") } }

    /// What came, as its receiver looks at it.
    private func verify(_ request: HTTPReceiver.Received, _ secret: WebhookSecret, now: Date) throws {
        let signature = WebhookSignature(
            id: request.header("webhook-id") ?? "", timestamp: Int(request.header("webhook-timestamp") ?? "") ?? 0,
            signatures: request.header("webhook-signature") ?? "")
        try signature.verify(request.body, secret: secret, now: now)
    }

    @Test func `an event is told once, signed, with ids and nothing that somebody typed`() async throws {
        try await WebhookBed.with { bed in
            let (receiver, secret) = (try HTTPReceiver(), WebhookSecret.make())
            try await bed.endpoint(receiver.url, events: ["order.confirm"], of: bed.alpha, secret: secret)
            let event = try await bed.event("confirm")
            let rows = try await bed.delivering { try states($0) == ["delivered"] }
            #expect(receiver.received.count == 1)
            let request = try #require(receiver.received.first)
            try verify(request, secret, now: bed.queue.now)
            #expect(request.header("webhook-id") == (try rows[0].value("id", as: UUID.self)).uuidString.lowercased())
            #expect(request.header("content-type") == "application/json")
            let body = try #require(
                try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any])
            let data = try #require(body["data"] as? [String: Any])
            #expect(body["type"] as? String == "order.confirm")
            #expect(data["id"] as? String == event.uuidString.lowercased())
            #expect(data["record_id"] as? String == bed.order.uuidString.lowercased())
            #expect(data["to"] as? String == "confirmed")
            #expect(!request.body.contains("Jane"))
            #expect(try rows[0].value("status", as: Int.self) == 200)
            #expect(try rows[0].value("tries", as: Int.self) == 1)
        }
    }

    @Test func `each is told what it has asked for and may see`() async throws {
        try await WebhookBed.with { bed in
            let company = try await bed.endpoint("http://a.example/", events: ["*"])
            let orders = try await bed.endpoint("http://b.example/", events: ["order.*"], of: bed.alpha)
            let other = try await bed.endpoint("http://c.example/", events: ["order.ship", "invoice.*"], of: bed.alpha)
            try await bed.endpoint("http://d.example/", of: bed.beta)
            let off = try await bed.endpoint("http://e.example/")
            _ = try await bed.owner.query("UPDATE webhook_endpoints SET is_active = false WHERE id = \(off)")
            let confirmed = try await bed.event("confirm")
            let shipped = try await bed.event("ship", seq: 2)
            // Leads are the company's business.
            let lead = try await bed.event("qualify", of: "lead", UUID.v7())
            let told = try await bed.deliveries().map { row -> [UUID] in
                [try row.value("endpoint_id"), try row.value("event_id")]
            }
            #expect(
                Set(told) == [
                    [company, confirmed], [company, shipped], [company, lead], [orders, confirmed], [orders, shipped],
                    [other, shipped],
                ])
            #expect(told.count == 6)
            #expect(try await bed.queue.count("queue.jobs WHERE kind = 'deliver_webhook'") == 6)
            #expect(try await bed.queue.count("queue.ready") == 6)
        }
    }

    @Test func `what is taken back was never told`() async throws {
        try await WebhookBed.with { bed in
            try await bed.endpoint("http://a.example/")
            await #expect(throws: DatabaseError.self) {
                // The same place in the history: the second is refused, with all that belongs to it.
                try await bed.event("confirm")
                try await bed.event("confirm")
            }
            #expect(try await bed.deliveries().count == 1)
            #expect(try await bed.queue.count("queue.jobs") == 1)
        }
    }

    @Test func `a closed partner is told nothing more, also of what was due`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver()
            try await bed.endpoint(receiver.url, of: bed.alpha)
            try await bed.event("confirm")
            _ = try await bed.owner.transaction { session in
                try session.pipeline([
                    "SET LOCAL session_replication_role = replica",
                    "UPDATE partners SET status = 'closed', closed_reason = 'moved' WHERE id = \(bed.alpha)",
                ])
            }
            try await bed.event("ship", seq: 2)
            try await bed.delivering { try states($0) == ["dropped"] }
            #expect(receiver.received.isEmpty)
        }
    }

    @Test func `what is not taken is tried again, and when the endpoint says`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver { _ in .answer(503, headers: ["Retry-After": "1200"], body: "busy") }
            let id = try await bed.endpoint(receiver.url)
            try await bed.event("confirm")
            let rows = try await bed.delivering { try $0[0].value("tries", as: Int.self) == 1 }
            #expect(try states(rows) == ["pending"])
            #expect(try rows[0].value("error", as: String.self) == "the endpoint answered 503")
            let job = try await bed.job(of: rows[0])
            #expect(job.summary.place == .scheduled)
            let wait = try #require(job.summary.runAt).timeIntervalSince(bed.queue.now)
            #expect((900...1500).contains(wait))
            #expect(try await bed.endpoint(id).optional("failing_since", as: Date.self) == bed.queue.now)
        }
    }

    @Test func `an endpoint that is gone is switched off, and people are asked to look`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver { _ in .answer(410) }
            let id = try await bed.endpoint(receiver.url)
            try await bed.event("confirm")
            let rows = try await bed.delivering { try states($0) == ["failed"] }
            try await expectSwitchedOff(bed, id, because: "the endpoint answered 410")
            try await bed.queue.until { try await bed.job(of: rows[0]).summary.place == .finished }
            // It is told nothing while it is off, and whoever switches it on has looked at it.
            try await bed.event("ship", seq: 2)
            #expect(try await bed.deliveries().count == 1)
            _ = try await bed.owner.query("UPDATE webhook_endpoints SET is_active = true WHERE id = \(id)")
            #expect(try await bed.queue.count("workflow_attention WHERE closed_at IS NULL") == 0)
            #expect(try await bed.endpoint(id).optional("disabled_at", as: Date.self) == nil)
        }
    }

    @Test func `an endpoint that takes nothing for three days is switched off`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver { _ in .answer(500) }
            let id = try await bed.endpoint(receiver.url)
            let long = bed.queue.now.addingTimeInterval(-3 * 86_400 - 1)
            _ = try await bed.owner.query("UPDATE webhook_endpoints SET failing_since = \(long) WHERE id = \(id)")
            try await bed.event("confirm")
            try await bed.delivering { try $0[0].value("tries", as: Int.self) == 1 }
            try await expectSwitchedOff(bed, id, because: "nothing was taken since")
        }
    }

    private func expectSwitchedOff(_ bed: WebhookBed, _ id: UUID, because reason: String) async throws {
        try await bed.queue.until { try await !bed.endpoint(id).value("is_active", as: Bool.self) }
        #expect(try await bed.endpoint(id).value("disabled_reason", as: String.self).hasPrefix(reason))
        let tasks = try await bed.queue.pool.query("SELECT task FROM workflow_attention WHERE record_id = \(id)")
        #expect(try tasks.map { try $0.value("task", as: String.self) } == ["webhook_disabled"])
    }

    @Test func `one success forgives the failures before`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver()
            let id = try await bed.endpoint(receiver.url)
            _ = try await bed.owner.query(
                "UPDATE webhook_endpoints SET failing_since = \(bed.queue.now) WHERE id = \(id)")
            try await bed.event("confirm")
            try await bed.delivering { try states($0) == ["delivered"] }
            #expect(try await bed.endpoint(id).optional("failing_since", as: Date.self) == nil)
        }
    }

    @Test func `nothing is sent into a private network, and it is given up at once`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver()
            try await bed.endpoint(receiver.url)
            try await bed.event("confirm")
            let rows = try await bed.delivering(through: OutboundDoor()) { try states($0) == ["failed"] }
            #expect(receiver.received.isEmpty)
            #expect(try rows[0].value("error", as: String.self).contains("private network"))
            try await bed.queue.until { try await bed.job(of: rows[0]).summary.place == .dead }
        }
    }

    @Test func `two secrets are good for a day after a change, and then one`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver()
            let (old, new) = (WebhookSecret.make(), WebhookSecret.make())
            let id = try await bed.endpoint(receiver.url, secret: old)
            for (seq, changed, isOldGood) in [(1, -3_600.0, true), (2, -90_000.0, false)] {
                let moment = bed.queue.now.addingTimeInterval(changed)
                if seq == 1 {
                    _ = try await bed.owner.query(
                        try WebhookEndpoint.rotate(id, to: new, sealedIn: bed.box, now: moment))
                } else {
                    let until = moment.addingTimeInterval(WebhookEndpoint.overlap)
                    _ = try await bed.owner.query("UPDATE webhook_endpoints SET earlier_until = \(until)")
                }
                try await bed.event("confirm", seq: seq)
                try await bed.delivering { rows in
                    try rows.count == seq && states(rows).allSatisfy { $0 == "delivered" }
                }
                let request = try #require(receiver.received.last)
                try verify(request, new, now: bed.queue.now)
                if isOldGood {
                    try verify(request, old, now: bed.queue.now)
                } else {
                    #expect(throws: WebhookSignature.Fault.notSigned) { try verify(request, old, now: bed.queue.now) }
                }
            }
        }
    }

    @Test func `a delivery that comes again after five minutes, or was changed, is not taken`() throws {
        let (secret, now) = (WebhookSecret.make(), Date(timeIntervalSince1970: 1_900_000_000))
        let signature = WebhookSignature(of: "{}", id: "1", at: now, secrets: [secret])
        try signature.verify("{}", secret: secret, now: now.addingTimeInterval(300))
        try signature.verify("{}", secret: secret, now: now.addingTimeInterval(-300))
        for late in [301.0, -301] {
            #expect(throws: WebhookSignature.Fault.notOfNow) {
                try signature.verify("{}", secret: secret, now: now.addingTimeInterval(late))
            }
        }
        #expect(throws: WebhookSignature.Fault.notSigned) { try signature.verify("{ }", secret: secret, now: now) }
        #expect(throws: WebhookSignature.Fault.notSigned) { try signature.verify("{}", secret: .make(), now: now) }
        var forged = signature
        forged.id = "2"
        #expect(throws: WebhookSignature.Fault.notSigned) { try forged.verify("{}", secret: secret, now: now) }
        forged = signature
        forged.timestamp += 1
        #expect(throws: WebhookSignature.Fault.notSigned) { try forged.verify("{}", secret: secret, now: now) }
    }

    /// The example of the Standard Webhooks specification's own libraries.
    @Test func `signatures are those of Standard Webhooks`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: #"{"test": 2432232314}"#)
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a ping says whose it is`() async throws {
        try await WebhookBed.with { bed in
            let receiver = try HTTPReceiver()
            let id = try await bed.endpoint(receiver.url, of: bed.alpha)
            let delivery = try await bed.ping(id)
            _ = try await bed.queue.pool.query(Queue.enqueue([DeliverWebhook(delivery: delivery)], now: bed.queue.now))
            try await bed.delivering { try states($0) == ["delivered"] }
            let body = try #require(receiver.received.first).body
            #expect(body.contains("\"webhook.ping\"") && body.contains(id.uuidString.lowercased()))
        }
    }
}
