import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI
import Workflows

/// `/admin/command-center/invoices`: each handler reads, fills a page, and decides nothing.
struct InvoicePages: Sendable {
    let pages: PortalPages
    let reader: InvoiceReader

    static let machine = InvoiceLifecycle.machine
    private static let listLength = 100

    init(pages: PortalPages) {
        self.pages = pages
        reader = InvoiceReader(pages.dependencies)
    }

    static let root = "/admin/command-center/invoices"

    /// The page of an invoice.
    static func path(_ id: UUID) -> String { "\(root)/\(id.uuidString.lowercased())" }

    var routes: [PageRoute] {
        let entry = MenuEntry(group: "Commerce", title: "Invoices", icon: "receipt")
        let root = Self.root
        return [
            .get(
                root, "What partners owe, and what is done about it", for: [.admin], rows: .rows(of: .invoices),
                menu: entry, handler: list),
            .get(root + "/{id}", "One invoice", for: [.admin], rows: .rows(of: .invoices), handler: show),
            .post(root + "/{id}/moves", "Makes a move", for: [.admin], rows: .rows(of: .invoices), handler: move),
            .get(root + "/{id}/emails/{email}", "One mail", for: [.admin], rows: .rows(of: .invoices), handler: email),
            .moved("/invoices/{id}", to: root + "/{id}"),
            .moved("/invoices/{id}/moves", .post, to: root + "/{id}/moves"),
            .moved("/invoices/{id}/emails/{email}", to: root + "/{id}/emails/{email}"),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let machine = try pages.dependencies.engine.definition(of: Self.machine)
        let state = visit.request.uri.queryParameters.get("state").flatMap { machine.state(named: $0)?.name.text }
        let invoices = try await reader.newest(state: state, limit: Self.listLength)
        let list = InvoiceList(
            invoices: invoices, state: state, machine: machine, time: pages.time,
            isCut: invoices.count == Self.listLength)
        return try pages.show(list, to: visitor, visit)
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
        let address = "\(Self.path(id))?done=\(asked.name)"
        return Response(status: .seeOther, headers: [.location: address])
    }

    @Sendable private func email(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let id = try visit.id(of: "invoice")
        let mail = try await reader.email(try visit.id("email", of: "mail"), of: id)
        return try pages.show(MailPage(mail: mail, invoice: id, time: pages.time), to: visitor, visit)
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
        return try pages.show(page, to: visitor, visit, status: status)
    }
}
