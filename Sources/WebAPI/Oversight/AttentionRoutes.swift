import Accounts
import Database
public import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

extension Resource {
    /// What waits for people, and what will happen by itself.
    static let attention: [Resource] = [
        Resource(
            "attention", "attention item", .workflowAttention, tag: "Attention", audience: .company,
            [
                Column("machine", .text(), .filter), Column("record_id", .id, .filter),
                Column("task", .text(), .filter),
                Column("because", .map), Column("opened_by", .id, .null), Column("opened_at", .moment, .sort, .range),
                Column("is_open", .boolean, .filter, sql: "(t.closed_at IS NULL)"),
                Column("closed_by", .id, .null), Column("closed_at", .moment, .null), Column("note", .text(), .null),
            ]),
        Resource(
            "timers", "timer", .workflowTimers, tag: "Attention", audience: .admins, needs: .readOps,
            identity: Column("id", .text(), sql: "(t.machine || '/' || t.record_id || '/' || t.timer)"),
            hasRecords: false,
            [
                Column("machine", .text(), .filter), Column("record_id", .id, .filter),
                Column("timer", .text(), .filter),
                Column("occurrence", .count), Column("counted_from", .moment), Column("moment", .moment),
                Column("fire_at", .moment, .sort, .range),
            ]),
        Resource(
            "refusals", "refusal", .workflowRefusals, tag: "Attention", audience: .admins, needs: .readOps,
            [
                Column("machine", .text(), .filter), Column("record_id", .id, .null, .filter),
                Column("move", .text(), .filter), Column("state", .text(), .null, .filter), Column("role", .text()),
                Column("actor_kind", .actorKind, .filter), Column("actor_id", .id, .null, .filter),
                Column("codes", .words), Column("messages", .words), Column("at", .moment, .sort, .range),
            ]),
    ]
}

/// `/api/v1/attention/{id}/resolve`: an item that somebody has looked after by hand.
struct AttentionRoutes {
    let dependencies: WebDependencies

    init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    var operations: [Operation] {
        [
            Operation(
                .post, "/api/v1/attention/{id}/resolve", "Closes an attention item, with a note", tag: "Attention",
                access: .signedIn([.admin], needs: .manageOps), scope: .rows(of: .workflowAttention),
                body: .object([.init("note", .text(1...500))]), answers: [.empty(204, "It is closed.")],
                problems: [404, 409], handler: resolve)
        ]
    }

    @Sendable private func resolve(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: "attention item")
        // Whoever may not come in hears that before anything of what they sent.
        _ = try await visit.visitor()
        try await AttentionDesk(dependencies).resolve(id, note: try await visit.body().text("note") ?? "", visit)
        return Response(status: .noContent)
    }
}

/// Closes attention items, for the API and the pages.
public struct AttentionDesk: Sendable {
    private let dependencies: WebDependencies

    /// Makes a desk.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    /// Closes an item that somebody has looked after by hand.
    ///
    /// - Parameters:
    ///   - id: The item.
    ///   - note: What became of it.
    ///   - visit: Who closes it.
    /// - Throws: ``Problem`` 401, 403, 404, or 409 when it is closed already; `Refusal` without a note; `DatabaseError`.
    public func resolve(_ id: UUID, note: String, _ visit: Visit) async throws {
        let (visitor, results) = try await visit.read([
            """
            SELECT t.machine, t.record_id, t.task FROM workflow_attention t
            WHERE t.id = \(id) AND \(Scoping.predicate(for: .workflowAttention, of: .admin, alias: "t"))
            """
        ])
        guard let row = results[0].rows.first else { throw Problem.notFound("attention item") }
        let now = dependencies.now()
        let (machine, record) = (try row.value("machine", as: String.self), try row.value("record_id", as: UUID.self))
        let task = try row.value("task", as: String.self)
        let audit = AuditEntry(
            actor: visitor.actor, action: "attention.resolve", subjectType: machine, subjectID: record,
            after: ["task": .string(task)], reason: note, at: now, session: visitor.sessionID)
        let isClosed = try await dependencies.engine.close(
            task: task, of: machine, record: record, note: note, now: now, noting: audit)
        guard isClosed else {
            throw Problem(
                .conflict, code: "closed_already", title: Problem.title(of: .conflict),
                detail: "Somebody has looked after it before, or it closed by itself.")
        }
    }
}
