import Accounts
import enum Documents.TemplateValue
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI
import struct WebAPI.Operation
import Workflows

/// `/` and `/invoices/…`: each handler reads, fills a page, and decides nothing.
struct InvoicePages: Sendable {
    let pages: PortalPages
    let reader: InvoiceReader

    static let machine = InvoiceLifecycle.machine
    private static let listLength = 100

    init(pages: PortalPages) {
        self.pages = pages
        reader = InvoiceReader(pages.dependencies)
    }

    var operations: [Operation] {
        [
            offer(.get, "/", "The newest invoices", list), offer(.get, "/invoices/{id}", "One invoice", show),
            offer(.post, "/invoices/{id}/moves", "Makes a move", move),
            offer(.get, "/invoices/{id}/emails/{email}", "One mail", email),
        ]
    }

    private func offer(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, _ handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            method, path, summary, tag: "Pages", access: .signedIn([.admin]), scope: .rows(of: .invoices),
            answers: [.content("text/html", "The page.")], handler: handler)
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        _ = try await visit.visitor()
        let machine = try pages.dependencies.engine.definition(of: Self.machine)
        let state = visit.request.uri.queryParameters.get("state").flatMap { machine.state(named: $0)?.name.text }
        let invoices = try await reader.newest(state: state, limit: Self.listLength)
        let list = InvoiceList(
            invoices: invoices, state: state, machine: machine, time: pages.time,
            isCut: invoices.count == Self.listLength)
        return try pages.page("invoices", list.values, visit: visit)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let machine = try pages.dependencies.engine.definition(of: Self.machine)
        let done = visit.request.uri.queryParameters.get("done").flatMap { machine.move(named: $0)?.title }
        return try await page(visit, try visit.id(of: "invoice"), notice: done, refused: nil)
    }

    /// Makes a move that a form asks for.
    ///
    /// The command's id was made with the form, so pressing twice does it once. A refusal shows the page again, with
    /// what was filled in and every reason beside it.
    @Sendable private func move(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let id = try visit.id(of: "invoice")
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        let form = try Form(try await visit.request.formBytes())
        let machine = try pages.dependencies.engine.definition(of: Self.machine)
        let asked = try AskedMove(form, machine: machine)
        do {
            try asked.check()
            _ = try await pages.dependencies.perform(
                Command(
                    id: asked.command, machine: Self.machine, record: id, move: asked.name, inputs: asked.inputs,
                    actor: visitor.actor, expectedSeq: asked.seq))
        } catch let refusal as Refusal where refusal.status != 404 {
            return try await page(visit, id, notice: nil, refused: RefusedMove(asked: asked, refusal: refusal))
        }
        let address = "/invoices/\(id.uuidString.lowercased())?done=\(asked.name)"
        return Response(status: .seeOther, headers: [.location: address])
    }

    @Sendable private func email(_ visit: Visit) async throws -> Response {
        _ = try await visit.visitor()
        let id = try visit.id(of: "invoice")
        let mail = try await reader.email(try visit.id("email", of: "mail"), of: id)
        var values = MailRow(mail, time: pages.time).values
        values["title"] = .text(mail.subject)
        values["invoice_href"] = .text("/invoices/\(id.uuidString.lowercased())")
        values["body"] = .text(mail.text)
        return try pages.page("email", values, visit: visit)
    }

    private func page(_ visit: Visit, _ id: UUID, notice: String?, refused: RefusedMove?) async throws -> Response {
        let dependencies = pages.dependencies
        let visitor = try await visit.visitor()
        let machine = try dependencies.engine.definition(of: Self.machine)
        let surroundings = try await reader.surroundings(of: id)
        let explained = try await dependencies.engine.explain(
            machine: Self.machine, record: id, actor: visitor.actor, now: dependencies.now())
        guard let explained else { throw Problem.notFound("invoice") }
        let page = InvoicePage(
            surroundings: surroundings, explained: explained, machine: machine, time: pages.time,
            today: CalendarDay(dependencies.now(), in: dependencies.zone), notice: notice, refused: refused)
        let status = refused.map { HTTPResponse.Status(code: $0.refusal.status) } ?? .ok
        return try pages.page("invoice", page.values, visit: visit, status: status)
    }
}
