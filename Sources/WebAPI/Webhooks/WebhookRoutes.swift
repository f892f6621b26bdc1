import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines
import Workflows

/// What can be done with `/api/v1/webhooks` besides what all records have in common.
///
/// Every one of these is kept in the audit log: data leaves the house by it.
struct WebhookRoutes {
    let dependencies: WebDependencies
    private let waker: QueueWaker
    private let resource: Resource
    private let events: [String]

    private static let access = Access.signedIn(.partners, needs: .manageIntegrations)

    init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
        waker = QueueWaker(pool: dependencies.pool)
        events = dependencies.webhookEvents
        resource = Resource.webhooks(events)[0]
    }

    var operations: [Operation] {
        guard case .named(_, .object(let members)) = resource.schema else { return [] }
        let secret = Schema.Member("secret", .text())
        let shown = Schema.named("NewWebhook", .object(members + [secret]))
        let body = Schema.object([
            .init("url", .text(8...2_000)),
            .init("events", .list(of: Resource.event(events), most: 100)),
            .init("description", .text(0...200), isRequired: false),
        ])
        return [
            Operation(
                .post, resource.path, "Makes a webhook, and shows its secret once", tag: resource.tag,
                access: Self.access, scope: .rows(of: .webhookEndpoints), body: body,
                answers: [.json(shown, status: 201, headers: ["Location": "Its address."])], handler: make),
            one(.delete, "", "Deletes a webhook with its deliveries", .empty(204, "It is deleted."), handler: delete),
            one(
                .post, "/rotate", "Gives a webhook a new secret; the old one is good for another day",
                .json(.object([secret, .init("earlier_until", .moment)])), handler: rotate),
            one(
                .post, "/ping", "Sends a webhook a test", .json(Self.queued, status: 202), handler: ping),
            one(
                .post, "/redeliver", "Sends a delivery again", .json(Self.queued, status: 202),
                of: ("/api/v1/webhook-deliveries", .webhookDeliveries), handler: redeliver),
        ]
    }

    private static let queued = Schema.object([.init("delivery_id", .id)])

    private func one(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, _ answer: Answer,
        of rows: (path: String, table: Table)? = nil, handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            method, "\(rows?.path ?? resource.path)/{id}\(path)", summary, tag: resource.tag, access: Self.access,
            scope: .rows(of: rows?.table ?? .webhookEndpoints), answers: [answer], problems: [404, 409],
            handler: handler)
    }

    @Sendable private func make(_ visit: Visit) async throws -> Response {
        let body = try await visit.body()
        guard case .object(let members) = body, case .array(let list)? = members["events"],
            let url = body.text("url")
        else { throw Problem.defect }
        let asked = list.compactMap { if case .string(let name) = $0 { name } else { nil } }
        let (id, secret) = (UUID.v7(), WebhookSecret.make())
        let statement = try WebhookEndpoint.make(
            id, url: url, events: asked, description: body.text("description") ?? "", secret: secret,
            sealedIn: dependencies.accounts.secrets)
        let row = try await change(id, "webhook.make", visit) { visitor, session in
            guard visitor.mayChangeWebhooks else { throw Problem.readOnly("webhooks") }
            do { try session.execute(statement) } catch let error as DatabaseError {
                throw Problem(ofWriting: error) ?? error
            }
            return try session.first(resource.one(id.uuidString, for: visitor.kind))
        }
        guard case .object(var shown) = try Self.json(row) else { throw Problem.defect }
        shown["secret"] = .string(secret.text)
        return Response(
            json: .object(shown), status: .created,
            headers: [.location: "\(resource.path)/\(id.uuidString.lowercased())"])
    }

    @Sendable private func delete(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: resource.noun)
        try await change(id, "webhook.delete", visit) { visitor, session in
            try demand(id, visitor, session)
            let allowed = Scoping.predicate(for: .webhookEndpoints, of: visitor.kind, to: .write, alias: "t")
            try session.execute("DELETE FROM webhook_endpoints t WHERE t.id = \(id) AND \(allowed)")
        }
        return Response(status: .noContent)
    }

    @Sendable private func rotate(_ visit: Visit) async throws -> Response {
        let (id, secret, now) = (try visit.id(of: resource.noun), WebhookSecret.make(), dependencies.now())
        let statement = try WebhookEndpoint.rotate(
            id, to: secret, sealedIn: dependencies.accounts.secrets, now: now)
        try await change(id, "webhook.rotate", visit) { visitor, session in
            try demand(id, visitor, session)
            // The secret itself is no visitor's to read, not even to put it aside.
            try session.pipeline([Credential.asProgram, statement])
        }
        return Response(
            json: .object([
                "secret": .string(secret.text),
                "earlier_until": .moment(now.addingTimeInterval(WebhookEndpoint.overlap)),
            ]))
    }

    @Sendable private func ping(_ visit: Visit) async throws -> Response {
        let (id, delivery) = (try visit.id(of: resource.noun), UUID.v7())
        try await change(id, "webhook.ping", visit) { visitor, session in
            try demand(id, visitor, session)
            try session.execute(Credential.asProgram)
            try session.execute(WebhookEndpoint.ping(delivery, id))
            try session.enqueue(DeliverWebhook(delivery: delivery), now: dependencies.now())
        }
        return queued(delivery)
    }

    @Sendable private func redeliver(_ visit: Visit) async throws -> Response {
        let delivery = try visit.id(of: "webhook delivery")
        try await change(delivery, "webhook.redeliver", visit) { visitor, session in
            let row = try session.first(
                """
                SELECT t.endpoint_id FROM webhook_deliveries t
                WHERE t.id = \(delivery)
                  AND \(Scoping.predicate(for: .webhookDeliveries, of: visitor.kind, alias: "t"))
                """)
            guard let row else { throw Problem.notFound("webhook delivery") }
            try demand(try row.value("endpoint_id"), visitor, session)
            try session.execute(Credential.asProgram)
            try session.execute(WebhookEndpoint.redeliver(delivery))
            let placed = try session.enqueue(DeliverWebhook(delivery: delivery), now: dependencies.now())
            guard placed.first?.isCreated == true else { throw Problem.isUnderWay }
        }
        return queued(delivery)
    }

    // MARK: What they have in common

    /// The endpoint has to be one that the visitor sees, and may change.
    private func demand(_ id: UUID, _ visitor: Visitor, _ session: Session) throws {
        guard try session.first(ResourceRoutes.exists(id, in: .webhookEndpoints, for: visitor.kind)) != nil else {
            throw Problem.notFound(resource.noun)
        }
        guard visitor.mayChangeWebhooks else { throw Problem.readOnly(resource.noun) }
    }

    /// Changes something as the visitor, and keeps that it was done.
    @discardableResult
    private func change<Value: Sendable>(
        _ id: UUID, _ action: String, _ visit: Visit, _ body: @Sendable (Visitor, Session) throws -> Value
    ) async throws -> Value {
        let now = dependencies.now()
        return try await visit.write { visitor, session in
            let value = try body(visitor, session)
            let entry = AuditEntry(
                actor: visitor.actor, action: action, subjectType: "webhook", subjectID: id, at: now,
                session: visitor.sessionID)
            try session.pipeline([Credential.asProgram, entry.insert])
            return value
        }
    }

    private func queued(_ delivery: UUID) -> Response {
        waker.wake([DeliverWebhook.queue])
        return Response(json: .object(["delivery_id": .id(delivery)]), status: .accepted)
    }

    private static func json(_ row: Row?) throws -> JSONValue {
        guard let row else { throw Problem.defect }
        return try .stored(JSON(text: try row.value("body")))
    }
}

extension Visitor {
    /// Whether they may change webhooks that they see.
    ///
    /// Source: access.md, "Who does what": a partner's company is its owner's to edit.
    fileprivate var mayChangeWebhooks: Bool {
        kind == .admin ? may(.manageIntegrations) : kind == .partnerUser && role == "owner"
    }
}

extension WebDependencies {
    /// The events that can be told.
    var webhookEvents: [String] { ["*"] + engine.definitions.flatMap(\.eventNames) }
}

extension Problem {
    /// It is being done already.
    fileprivate static var isUnderWay: Problem {
        Problem(
            .conflict, code: "under_way", title: title(of: .conflict),
            detail: "This delivery waits for its next try. Its job can be hastened; then it is sent once.")
    }
}
