import Accounts
import Database
import StateMachines
import Workflows

extension Resource {
    /// Where events are told to other systems, and what became of each telling.
    static func webhooks(_ events: [String]) -> [Resource] {
        [
            Resource(
                "webhooks", "webhook", .webhookEndpoints, tag: "Webhooks", audience: .partners,
                needs: .manageIntegrations, editing: (.partners, .manageIntegrations),
                consequences: [.webhookChange],
                times + [
                    Column("partner_id", .id, .null, .filter), Column("url", .text(8...2_000), .edit),
                    Column("description", .text(0...200), .search, .edit),
                    Column("events", .list(of: Self.event(events), most: 100), .edit),
                    Column("is_active", .boolean, .filter, .edit), Column("earlier_until", .moment, .null),
                    Column("failing_since", .moment, .null), Column("disabled_at", .moment, .null),
                    Column("disabled_reason", .text(), .null),
                ]),
            Resource(
                "webhook-deliveries", "webhook delivery", .webhookDeliveries, tag: "Webhooks", audience: .partners,
                needs: .manageIntegrations,
                [
                    Column("endpoint_id", .id, .filter), Column("event_id", .id, .null, .filter),
                    Column("type", .text(), .filter), Column("machine", .text(), .null),
                    Column("record_id", .id, .null, .filter),
                    Column("state", .choice(["pending", "delivered", "failed", "dropped"]), .filter),
                    Column("tries", .count), Column("status", .count, .null), Column("error", .text(), .null),
                    Column("duration_ms", .count, .null), Column("attempts", .list(of: attempt, most: 50)),
                    Column("created_at", .moment, .sort, .range), Column("tried_at", .moment, .null),
                ]),
        ]
    }

    /// One try of a delivery.
    private static let attempt = Schema.named(
        "WebhookAttempt",
        .object([
            .init("at", .moment), .init("status", .optional(.integer())), .init("error", .optional(.text())),
            .init("duration_ms", .integer()),
        ]))

    /// The names of events that an endpoint can ask for.
    static func event(_ events: [String]) -> Schema { .named("WebhookEvent", .choice(events)) }
}

extension Consequence {
    /// Where data leaves the house to, and what of it, is kept in the audit log; an address without what may be its key.
    fileprivate static let webhookChange = Consequence.ofChanging(["url", "description", "events", "is_active"]) {
        writing, session in
        let row = try session.first(
            """
            SELECT json_build_object('url', split_part(url, '?', 1), 'description', description, 'events', events,
                'is_active', is_active)::text AS now
            FROM webhook_endpoints WHERE id = \(writing.record)
            """)
        guard let row, case .object(let now) = try JSONValue.stored(JSON(text: try row.value("now"))) else { return }
        let entry = AuditEntry(
            actor: writing.visitor.actor, action: "webhook.change", subjectType: "webhook", subjectID: writing.record,
            after: now.filter { writing.fields.contains($0.key) }, at: writing.now,
            session: writing.visitor.sessionID)
        try session.execute(entry.insert)
    }
}

extension Machine {
    /// What its events are called, and all of them at once.
    var eventNames: [String] {
        let moves = [create.name.text] + moves.map(\.name.text) + timers.map(\.name.text)
        var seen: Set<String> = []
        return (["*"] + moves).filter { seen.insert($0).inserted }.map { "\(name.text).\($0)" }
    }
}
