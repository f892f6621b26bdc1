import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI
import Workflows

/// The pages of one kind of record: each handler reads, fills a page, and decides nothing.
struct RecordPages: Sendable {
    let pages: PortalPages
    let kind: RecordKind

    var desk: RecordDesk { pages.records }
    var dependencies: WebDependencies { pages.dependencies }

    var routes: [PageRoute] {
        let (root, kinds) = (kind.root, Set([kind.portal]))
        let rows = RowScope.rows(of: kind.machine.flatMap { Table(machine: $0) } ?? .payments)
        let entry = kind.group.map { MenuEntry(group: $0, title: kind.title, icon: kind.icon) }
        var routes: [PageRoute] = [
            .get(root, kind.about, for: kinds, needs: kind.needs, rows: rows, menu: entry, handler: list)
        ]
        if kind.machine != nil {
            routes.append(.post(root + "/bulk", "Makes a move of many", for: kinds, rows: rows, handler: bulk))
        }
        routes += listRoutes
        // What stands in a list of its own as well has its page elsewhere.
        guard kind.place == nil else { return routes }
        routes.append(
            .get(root + "/{id}", "One \(kind.noun)", for: kinds, needs: kind.needs, rows: rows, handler: show))
        if kind.machine != nil {
            routes += [
                .post(root + "/{id}/moves", "Makes a move", for: kinds, rows: rows, handler: move),
                .get(root + "/{id}/emails/{email}", "One mail", for: [.admin], rows: rows, handler: email),
            ]
        }
        if !kind.edits.isEmpty {
            routes.append(.post(root + "/{id}/fields", "Changes fields", for: kinds, rows: rows, handler: change))
        }
        if let making = kind.making {
            routes += [
                .get(root + "/new", making.button, for: kinds, needs: making.needs, handler: blank),
                .post(root + "/new", "Makes it", for: kinds, needs: making.needs, rows: rows, handler: make),
            ]
        }
        return routes + additionRoutes
    }

    /// Addresses that records once had.
    static var moved: [PageRoute] {
        let root = RecordKind.invoices.root
        return [
            .moved("/invoices/{id}", to: root + "/{id}"),
            .moved("/invoices/{id}/moves", .post, to: root + "/{id}/moves"),
            .moved("/invoices/{id}/emails/{email}", to: root + "/{id}/emails/{email}"),
        ]
    }

    // MARK: Looking

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let done = visit.request.uri.queryParameters.get("done")
        let machine = try machine
        let notice =
            done == "payout"
            ? "The payout is run. Each rep's statement is made and mailed by its job."
            : done.flatMap { name in machine?.move(named: name) }.map { "Done: \($0.title)." }
        return try await list(visit, notice: notice, outcome: nil)
    }

    @Sendable func show(_ visit: Visit) async throws -> Response {
        if let notice = addedNotice(visit) {
            return try await page(visit, try visit.id(of: kind.noun), notice: notice)
        }
        let done = visit.request.uri.queryParameters.get("done")
        let notice: String? =
            switch done {
            case "changes": "Your changes are saved."
            case "create": "It is made."
            default:
                try machine.flatMap { machine in done.flatMap { machine.move(named: $0)?.title } }
                    .map { "Done: \($0)." }
            }
        return try await page(visit, try visit.id(of: kind.noun), notice: notice)
    }

    @Sendable private func email(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: kind.noun)
        let found = try await desk.one(kind.resource, id, visit)
        let mail = try await desk.email(try visit.id("email", of: "mail"), of: kind.machine ?? "", id)
        let page = MailPage(
            mail: mail, list: (kind.title, kind.root), record: (name(of: found.record), kind.path(id)),
            time: pages.time)
        return try pages.show(page, to: found.visitor, visit)
    }

    // MARK: What pages are made of

    var machine: Machine? {
        get throws { try kind.machine.map { try dependencies.engine.definition(of: $0) } }
    }

    var looks: Looks {
        let (engine, portal, now) = (dependencies.engine, kind.portal, dependencies.now())
        return Looks(
            time: pages.time, today: CalendarDay(now, in: dependencies.zone), now: now,
            machine: { try? engine.definition(of: $0) },
            address: { RecordKind.named($0, in: portal)?.path($1) })
    }

    func name(of record: StoredRecord) -> String { Cell(kind.name, of: record, looks).text ?? kind.noun }

    /// A page of the list.
    ///
    /// - Parameters:
    ///   - visit: Who asks, for which part of it.
    ///   - notice: What has just been done.
    ///   - outcome: What became of a move of many, for the top of the page.
    ///   - unsaved: Why a view of it was not saved.
    /// - Returns: The page.
    /// - Throws: `Problem`; what reading throws.
    func list(
        _ visit: Visit, notice: String?, outcome: BulkOutcome?, unsaved: String? = nil
    ) async throws -> Response {
        var (asked, query) = try self.query(visit)
        let columns = self.columns(visit)
        asked[ColumnChoice.parameter] = columns.query
        let chips = kind.chips.map { $0.query.merging(kind.narrowed) { _, fixed in fixed } }
        let found = try await desk.list(kind.resource, query, counting: chips, views: kind.root, visit)
        var explained: [UUID: Explanation] = [:]
        if let machine = kind.machine, !kind.rowMoves.isEmpty {
            explained = try await dependencies.engine.explain(
                machine: machine, records: found.records.map(\.id), visitor: found.visitor, now: dependencies.now())
        }
        let offers = kind.filters.compactMap { filter in filter.source.map { (filter.field, Offer($0)) } }
        let options = try await choices(Dictionary(offers) { first, _ in first }, visit)
        let page = RecordList(
            kind: kind, found: found, columns: columns, query: asked, explained: explained, machine: try machine,
            options: options,
            looks: looks, canSearch: desk.canSearch(kind.resource), mayMake: mayMake(found.visitor), notice: notice,
            outcome: outcome, unsaved: unsaved)
        let status: HTTPResponse.Status =
            unsaved != nil ? .unprocessableContent : outcome?.isNothingDone == true ? .conflict : .ok
        return try pages.show(page, to: found.visitor, visit, status: status)
    }

    /// A record's page.
    ///
    /// - Parameters:
    ///   - visit: Who asks.
    ///   - id: The record.
    ///   - notice: What has just been done.
    ///   - refused: The move that was asked for and refused.
    ///   - edit: The edit that was asked for and refused.
    ///   - added: What was to be added and was refused.
    /// - Returns: The page, with the refusal's status.
    /// - Throws: `Problem`; what reading throws.
    func page(
        _ visit: Visit, _ id: UUID, notice: String? = nil, refused: RefusedMove? = nil, edit: RefusedForm? = nil,
        added: RefusedAddition? = nil
    ) async throws -> Response {
        let related = kind.tables.compactMap(\.related)
        let found = try await desk.one(kind.resource, id, related: related, visit)
        let visitor = found.visitor
        var explained: Explanation?
        var doings: RecordDesk.Doings?
        if let machine = kind.machine {
            explained = try await dependencies.engine.explain(
                machine: machine, records: [id], visitor: visitor, now: dependencies.now())[id]
            guard explained != nil else { throw Problem.notFound(kind.noun) }
            if visitor.kind == .admin { doings = try await desk.doings(of: machine, id) }
        }
        let names =
            visitor.kind == .admin ? try await desk.names(of: found.history.compactMap(\.actorID)) : [:]
        let page = RecordPage(
            kind: kind, found: found, explained: explained, doings: doings, names: names, machine: try machine,
            options: try await options(explained, found.record, visitor, visit), looks: looks,
            mayChange: desk.mayChange(kind.resource, visitor), links: pages.links, notice: notice, refused: refused,
            edit: edit, additions: kind.tables.compactMap(\.adds).filter { mayAdd($0, visitor) }, added: added)
        let status = refused?.refusal.status ?? edit?.status ?? added?.form.status
        return try pages.show(page, to: visitor, visit, status: status.map { .init(code: $0) } ?? .ok)
    }

    func mayMake(_ visitor: Visitor) -> Bool {
        guard let making = kind.making, let create = (try? machine)?.create else { return false }
        guard create.who.contains(where: { $0 == visitor.actor.role }) else { return false }
        return visitor.kind != .admin || making.needs.map(visitor.may) ?? true
    }

    /// What the forms of a record's page can choose from, by input.
    private func options(
        _ explained: Explanation?, _ record: StoredRecord, _ visitor: Visitor, _ visit: Visit
    ) async throws -> [String: [Choice]] {
        var wanted: [String: Offer] = [:]
        for move in explained?.moves ?? [] where move.isEnabled {
            for ask in move.move.inputs where wanted[ask.name.text] == nil {
                switch ask.type {
                case .lines: wanted[ask.name.text] = Offer(.products)
                case .file: wanted[ask.name.text] = Offer(filesOf: record.id)
                default: continue
                }
            }
        }
        if desk.mayChange(kind.resource, visitor) {
            for edit in kind.edits { wanted[edit.field] = edit.source.map { Offer($0) } ?? wanted[edit.field] }
        }
        return try await choices(wanted, visit)
    }

    /// Records by what people call them, of several kinds in one trip.
    func choices(_ wanted: [String: Offer], _ visit: Visit) async throws -> [String: [Choice]] {
        guard !wanted.isEmpty else { return [:] }
        let names = wanted.keys.sorted()
        let offers = names.compactMap { wanted[$0] }
        let pages = try await desk.pages(offers.map { ($0.resource, $0.query) }, visit).pages
        let choices = zip(offers, pages).map { offer, page in
            page.records.map { Choice(value: $0.id.uuidString.lowercased(), label: offer.label($0)) }
        }
        return Dictionary(uniqueKeysWithValues: zip(names, choices))
    }
}

/// Records that an input can name, and how they are found.
struct Offer {
    let resource: String
    let query: [String: String]
    let label: (StoredRecord) -> String

    init(_ source: ReferenceSource, of partner: UUID? = nil) {
        (resource, query, label) = (source.resource, source.query(of: partner), source.label)
    }

    init(filesOf record: UUID) {
        (resource, query) = ("files", ["record_id": record.uuidString.lowercased()])
        label = { $0.text("name") ?? "File" }
    }
}

/// A form that was sent and refused, with what was filled in.
struct RefusedForm {
    let form: Form
    let status: Int
    let reasons: [Refusal.Reason]

    init(_ form: Form, _ refusal: Refusal) {
        (self.form, status, reasons) = (form, refusal.status, refusal.reasons)
    }

    init(_ form: Form, _ problem: Problem) {
        (self.form, status) = (form, problem.status.code)
        reasons = problem.errors.isEmpty ? [.init(code: problem.code, message: problem.detail)] : problem.errors
    }
}
