import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI
import Workflows

/// `/admin/command-center/lifecycles`: machines, records in their states, paths, and what a move would do.
struct LifecyclePages: Sendable {
    let pages: PortalPages

    private var reader: LifecycleReader { LifecycleReader(pages.dependencies) }
    private static let counts = RowScope.none("counts and names of what every admin sees")
    private static let asked = RowScope.none("the record's own machine says whose it is, and the reader asks for it")

    static let root = "/admin/command-center/lifecycles"
    static let whatIf = "/admin/command-center/what-if"

    /// The page of a machine.
    static func path(_ machine: String) -> String { "\(root)/\(machine)" }

    /// The page of a record's path.
    static func path(_ machine: String, _ record: UUID) -> String {
        "\(root)/\(machine)/\(record.uuidString.lowercased())"
    }

    var routes: [PageRoute] {
        [
            .get(
                Self.root, "Where every record stands", for: [.admin], needs: .readOps, rows: Self.counts,
                menu: MenuEntry(group: "System", title: "Lifecycles", icon: "workflow"), handler: list),
            .get(
                Self.root + "/{machine}", "One lifecycle with its picture", for: [.admin], needs: .readOps,
                rows: Self.counts, handler: machine),
            .get(
                Self.root + "/{machine}/{id}", "The path of one record", for: [.admin], rows: Self.asked,
                handler: path),
            .post(
                Self.whatIf + "/{machine}/{id}", "Shows what a move would do", for: [.admin], rows: Self.asked,
                handler: whatIf),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (visitor, lifecycles) = try await reader.all(visit)
        return try pages.show(LifecyclesPage(lifecycles: lifecycles), to: visitor, visit)
    }

    @Sendable private func machine(_ visit: Visit) async throws -> Response {
        let (visitor, figures) = try await reader.one(visit.context.parameters.get("machine"), visit)
        let query = visit.request.uri.queryParameters
        var chosen: LifecyclePage.Chosen?
        if let state = query.get("state").flatMap({ figures.machine.state(named: $0) }) {
            let after = query.get("after")
            let records = try await reader.records(
                of: figures.machine, in: figures.figures(of: state.name.text), after: after, visit)
            chosen = .init(state: state, records: records, isLater: after != nil)
        }
        let graph = LifecycleGraph(figures.machine)
        let page = LifecyclePage(
            figures: figures, layout: await pages.layouts.layout(of: graph), graph: graph, chosen: chosen,
            time: pages.time, now: pages.dependencies.now())
        return try pages.show(page, to: visitor, visit)
    }

    @Sendable private func path(_ visit: Visit) async throws -> Response {
        let dependencies = pages.dependencies
        let id = try visit.id(of: "record")
        let (visitor, path) = try await RecordPathReader(dependencies).path(
            of: visit.context.parameters.get("machine"), id, visit)
        let graph = LifecycleGraph(path.machine)
        let address = RecordAddress.path(machine: path.machine.name.text, id: id)
        let page = RecordPathPage(
            path: path, vocabulary: dependencies.engine.vocabulary, graph: graph,
            layout: await pages.layouts.layout(of: graph), time: pages.time, now: dependencies.now(),
            recordHref: hasPage(address) ? address : nil, seesOps: visitor.may(.readOps))
        return try pages.show(page, to: visitor, visit)
    }

    /// Whether records of this kind have a page of their own.
    private func hasPage(_ address: String) -> Bool {
        let pattern = address.split(separator: "/").dropLast().joined(separator: "/")
        return pages.routes.contains { $0.operation.path == "/\(pattern)/{id}" }
    }

    /// Does what a form asks for, takes it back, and shows what it did.
    @Sendable private func whatIf(_ visit: Visit) async throws -> Response {
        let dependencies = pages.dependencies
        let visitor = try await visit.visitor()
        let id = try visit.id(of: "record")
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        let machine = try reader.machine(visit.context.parameters.get("machine"))
        let asked = try AskedMove(try Form(try await visit.request.formBytes()), machine: machine)
        let (_, path) = try await RecordPathReader(dependencies).path(of: machine.name.text, id, visit)
        let address = RecordAddress.path(machine: machine.name.text, id: id)
        func page(_ answer: WhatIfPage.Answer) -> WhatIfPage {
            WhatIfPage(asked: asked, name: path.name, machine: machine, answer: answer, recordHref: address)
        }
        do {
            try asked.check()
            let receipt = try await dependencies.perform(
                Command(
                    id: asked.command, machine: machine.name.text, record: id, move: asked.name,
                    inputs: asked.inputs, visitor: visitor, expectedSeq: asked.seq, isDryRun: true))
            guard receipt.result == .done else { return try pages.show(page(.already), to: visitor, visit) }
            let lines = WhatIf(
                receipt: receipt, machine: machine, armed: path.explained.next,
                vocabulary: dependencies.engine.vocabulary, time: pages.time,
                definition: { try? dependencies.engine.definition(of: $0) },
                before: path.explained.standing.state
            ).lines
            return try pages.show(page(.would(lines)), to: visitor, visit)
        } catch let refusal as Refusal where refusal.status != 404 {
            let status = HTTPResponse.Status(code: refusal.status)
            return try pages.show(page(.refused(refusal)), to: visitor, visit, status: status)
        }
    }
}
