import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import StateMachines
import WebAPI
import Workflows

/// What will happen, what was refused, what waits, and what was done: timers, refusals, alerts and the audit log.
struct OversightPages: Sendable {
    let pages: PortalPages

    static let timers = "/admin/command-center/ops/timers"
    static let refusals = "/admin/command-center/ops/refusals"
    static let alerts = "/admin/command-center/alerts"
    static let audit = "/admin/command-center/audit"

    private var dependencies: WebDependencies { pages.dependencies }

    var routes: [PageRoute] {
        [
            .get(
                Self.timers, "What will happen by itself", for: [.admin], needs: .readOps,
                rows: .rows(of: .workflowTimers), handler: showTimers),
            .get(
                Self.refusals, "What was asked for and not done", for: [.admin], needs: .readOps,
                rows: .rows(of: .workflowRefusals), handler: showRefusals),
            .get(
                Self.alerts, "What is wrong, and what waits for people", for: [.admin], needs: .readOps,
                rows: .rows(of: .workflowAttention),
                menu: MenuEntry(group: "System", title: "Alerts", icon: "bell", count: "alerts"),
                handler: showAlerts),
            .post(
                Self.alerts + "/acknowledge", "Takes note of an alert, until it is over", for: [.admin],
                needs: .manageOps, rows: .none("jobs, queues and schedules are the company's"), handler: acknowledge),
            .post(
                Self.alerts + "/{id}/resolve", "Closes an item", for: [.admin], needs: .manageOps,
                rows: .rows(of: .workflowAttention), handler: resolve),
            .get(
                Self.audit, "Who did what, and what it changed", for: [.admin], needs: .readAudit,
                rows: .rows(of: .auditLog), menu: MenuEntry(group: "System", title: "Audit log", icon: "shield"),
                handler: showAudit),
            .get(
                Self.audit + "/export.csv", "The same as a file", for: [.admin], needs: .readAudit,
                rows: .rows(of: .auditLog), handler: exportAudit),
        ]
    }

    private func filter(_ visit: Visit, _ root: String) -> (filter: MachineFilter, after: String?) {
        let query = visit.request.uri.queryParameters
        let machines = dependencies.engine.definitions
        let chosen = query.get("machine").flatMap { name in machines.first { $0.name.text == name }?.name.text }
        return (MachineFilter(machines: machines, chosen: chosen, root: root), query.get("after"))
    }

    @Sendable private func showTimers(_ visit: Visit) async throws -> Response {
        let (filter, after) = filter(visit, Self.timers)
        let (visitor, timers) = try await TimerReader(dependencies).timers(of: filter.chosen, after: after, visit)
        let page = TimersPage(
            timers: timers, filter: filter, isLater: after != nil, time: pages.time, now: dependencies.now())
        return try pages.show(page, to: visitor, visit)
    }

    @Sendable private func showRefusals(_ visit: Visit) async throws -> Response {
        let (filter, after) = filter(visit, Self.refusals)
        let (visitor, refusals) = try await RefusalReader(dependencies)
            .refusals(of: filter.chosen, after: after, visit)
        let page = RefusalsPage(
            refusals: refusals, filter: filter, isLater: after != nil, time: pages.time, now: dependencies.now())
        return try pages.show(page, to: visitor, visit)
    }

    @Sendable private func showAlerts(_ visit: Visit) async throws -> Response {
        let done = visit.request.uri.queryParameters.get("done")
        let words =
            done == "known" ? "Acknowledged: it is marked as known until it is over." : "Done: the item is closed."
        return try await alerts(visit, notice: done.map { _ in words })
    }

    @Sendable private func acknowledge(_ visit: Visit) async throws -> Response {
        // Whoever may not come in hears that before anything of what they sent.
        _ = try await visit.visitor()
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        let form = try Form(try await visit.request.formBytes())
        let note = form["note"] ?? ""
        guard let kind = form["kind"].flatMap(SystemAlert.Kind.init), let subject = form["subject"],
            note.unicodeScalars.count <= 500, !note.contains("\0")
        else { throw Form.unreadable("The form does not say which alert is meant. Look at the alerts again.") }
        do {
            _ = try await AlertReader(dependencies).acknowledge(kind, of: subject, note: note, visit)
        } catch let problem as Problem where problem.status == .notFound {
            return try await alerts(
                visit, refused: "There is nothing to acknowledge any more: it is over.", status: problem.status)
        }
        return Response(status: .seeOther, headers: [.location: Self.alerts + "?done=known"])
    }

    /// Closes an item; what keeps it open is said at the top of the page.
    @Sendable private func resolve(_ visit: Visit) async throws -> Response {
        // Whoever may not come in hears that before anything of what they sent.
        _ = try await visit.visitor()
        let id = try visit.id(of: "attention item")
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        let form = try Form(try await visit.request.formBytes())
        do {
            try await AttentionDesk(dependencies).resolve(id, note: form["note"] ?? "", visit)
        } catch let refusal as Refusal where refusal.status == 422 {
            return try await alerts(
                visit, refused: "It was not closed: write what became of it.", status: .unprocessableContent)
        } catch let problem as Problem where problem.status == .conflict {
            return try await alerts(visit, refused: problem.detail, status: problem.status)
        }
        return Response(status: .seeOther, headers: [.location: Self.alerts + "?done=1"])
    }

    private func alerts(
        _ visit: Visit, notice: String? = nil, refused: String? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let after = visit.request.uri.queryParameters.get("after")
        let (visitor, alerts) = try await AlertReader(dependencies).alerts(visit)
        let items = try await AttentionReader(dependencies).open(after: after, visit).page
        let page = AlertsPage(
            alerts: alerts, items: items, vocabulary: dependencies.engine.vocabulary,
            machines: dependencies.engine.definitions, mayResolve: visitor.may(.manageOps), isLater: after != nil,
            notice: notice, refused: refused, time: pages.time, now: dependencies.now())
        return try pages.show(page, to: visitor, visit, status: status)
    }

    @Sendable private func showAudit(_ visit: Visit) async throws -> Response {
        let query = AuditQuery(visit.request.uri)
        let reader = AuditReader()
        let (visitor, entries, admins) = try await reader.entries(
            query.filter(in: dependencies.zone), after: query.after, visit)
        let page = AuditPage(
            entries: entries, query: query, admins: admins, machines: dependencies.engine.definitions,
            verdict: query.verifies ? try await reader.verify(visit) : nil, mayExport: visitor.may(.runExports),
            time: pages.time)
        return try pages.show(page, to: visitor, visit)
    }

    /// Everything that the filter finds, as a file with the columns of the page.
    @Sendable private func exportAudit(_ visit: Visit) async throws -> Response {
        let query = AuditQuery(visit.request.uri)
        let (visitor, entries, _) = try await AuditReader().entries(
            query.filter(in: dependencies.zone), after: nil, limit: AuditReader.most, visit)
        guard visitor.may(.runExports) else { throw Problem.missing(.runExports) }
        let text = AuditPage.export(entries.items, machines: dependencies.engine.definitions, time: pages.time)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"audit-log.csv\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
