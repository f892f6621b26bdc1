import Database
import Foundation
import Jobs
import Testing
import Workers
import Workflows

/// Two partners with an order each, and a worker that delivers.
struct WebhookBed: Sendable {
    let queue: RuntimeTestbed
    let owner: Pool
    let box: SecretBox
    let alpha = UUID.v7()
    let beta = UUID.v7()
    let order = UUID.v7()
    private let command = UUID.v7()

    static func with(_ body: (WebhookBed) async throws -> Void) async throws {
        try await RuntimeTestbed.with { queue in
            let owner = queue.owner()
            let bed = WebhookBed(
                queue: queue, owner: owner,
                box: try SecretBox(keys: [1: Array(repeating: 7, count: 32)], current: 1))
            do {
                try await bed.plant()
                try await body(bed)
                await owner.close()
            } catch {
                await owner.close()
                throw error
            }
        }
    }

    private func plant() async throws {
        try await owner.transaction { session in
            _ = try session.pipeline(["SET LOCAL session_replication_role = replica"])
            for (id, name) in [(alpha, "Alpha"), (beta, "Beta")] {
                try session.execute(
                    """
                    INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                        zip_code, time_zone, status, status_seq, status_since, approved_by, approved_at)
                    VALUES (\(id), \(name), 'cafe', 'A', \(name + "@drizzl.example"), '1', 'A', 'A', 'CA', '90802', 'UTC',
                        'active', 1, \(queue.now), \(command), \(queue.now))
                    """)
            }
            try session.execute(
                """
                INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents,
                    shipping_cents, total_cents, payment_terms, placed_on, is_sample, status, status_seq, status_since)
                VALUES (\(order), 'O-1', 'B2B', \(alpha), 'partner_user', 1, 0, 0, 1, 'NET30', '2030-03-15', false,
                    'pending', 2, \(queue.now))
                """)
            try session.execute(
                "INSERT INTO workflow_commands (id, request_hash, response) VALUES (\(command), 'x', '{}')")
            try session.execute(
                "INSERT INTO workflow_definitions (hash, machine, version, body) VALUES ('x', 'order', 1, 'x')")
        }
    }

    /// Makes an endpoint, of a partner or of the company.
    @discardableResult
    func endpoint(
        _ url: String, events: [String] = ["*"], of partner: UUID? = nil, secret: WebhookSecret = .make()
    ) async throws -> UUID {
        let id = UUID.v7()
        let make = try WebhookEndpoint.make(
            id, url: url, events: events, description: "", secret: secret, sealedIn: box)
        _ = try await owner.transaction { session in
            try session.pipeline([
                "SELECT set_config('visitor.kind', 'admin', true), set_config('visitor.id', \(id.uuidString), true)",
                "SELECT set_config('visitor.partner', \(partner?.uuidString ?? ""), true)", make,
            ])
        }
        return id
    }

    /// Something happens to a record.
    @discardableResult
    func event(_ move: String, of machine: String = "order", _ record: UUID? = nil, seq: Int = 1) async throws -> UUID {
        let id = UUID.v7()
        _ = try await queue.pool.transaction { session in
            try session.pipeline([
                "SET LOCAL ROLE drizzl_engine",
                """
                INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, from_state, to_state, role, actor_kind,
                    command_id, reason, inputs, as_of, definition)
                VALUES (\(id), \(machine), \(record ?? order), \(seq), 'move', \(move), 'pending', 'confirmed', 'rep',
                    'sales_rep', \(command), 'because of Jane', '{"name": "Jane"}', \(queue.now), 'x')
                """,
            ])
        }
        return id
    }

    /// Puts down a ping, and gives its delivery.
    func ping(_ endpoint: UUID) async throws -> UUID {
        let delivery = UUID.v7()
        _ = try await owner.query(WebhookEndpoint.ping(delivery, endpoint))
        return delivery
    }

    /// Delivers what there is until each of these is as wanted.
    @discardableResult
    func delivering(
        through door: OutboundDoor = OutboundDoor(rules: OutboundRules(exceptions: ["127.0.0.0/8"])),
        until isDone: ([Row]) throws -> Bool
    ) async throws -> [Row] {
        let handler = DeliverWebhookHandler(door: door, secrets: box, pool: queue.pool)
        var settings = queue.settings
        settings.queues = [.init(queue: DeliverWebhook.queue, concurrency: 2, prefetchLimit: 0)]
        try await queue.working([handler], settings) {
            try await queue.until { try isDone(try await deliveries()) }
        }
        return try await deliveries()
    }

    func deliveries() async throws -> [Row] {
        try await queue.pool.query("SELECT * FROM webhook_deliveries ORDER BY created_at, id")
    }

    func endpoint(_ id: UUID) async throws -> Row {
        try #require(try await queue.pool.query("SELECT * FROM webhook_endpoints WHERE id = \(id)").first)
    }

    /// What the queue says of the delivery of an event.
    func job(of delivery: Row) async throws -> JobDetails {
        let key = try delivery.value("id", as: UUID.self).uuidString.lowercased()
        let row = try await queue.pool.query(
            "SELECT id FROM queue.jobs WHERE unique_key = \(key) ORDER BY id DESC LIMIT 1"
        ).first
        return try await queue.details(JobID(rawValue: try #require(row).value("id")))
    }
}
