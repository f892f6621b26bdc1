import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import WebAPI
import Workflows

extension RecordPages {
    /// What a list has besides its page: the same as a file, and the views that people save of it.
    var listRoutes: [PageRoute] {
        let (root, kinds) = (kind.root, Set([kind.portal]))
        let rows = RowScope.rows(of: kind.machine.flatMap { Table(machine: $0) } ?? .payments)
        return [
            .get(
                root + "/export.csv", "The same as a file", for: kinds, needs: .runExports, rows: rows,
                handler: export),
            .post(root + "/views", "Saves the list as it is shown", for: kinds, handler: saveView),
            .post(root + "/views/{view}/remove", "Forgets a saved list", for: kinds, handler: removeView),
        ]
    }

    /// Which columns the address asks for.
    func columns(_ visit: Visit) -> ColumnChoice {
        ColumnChoice(
            of: kind, asked: visit.request.uri.queryParameters.getAll(ColumnChoice.parameter))
    }

    /// What the address asks of the list, and what is asked of the API for it.
    func query(_ visit: Visit) throws -> (asked: [String: String], whole: [String: String]) {
        let asked = try desk.query(kind.resource, of: visit, renamed: kind.renamed)
        var whole = asked.merging(kind.narrowed) { _, fixed in fixed }
        whole["sort"] = whole["sort"] ?? kind.sort
        return (asked, whole)
    }

    /// Everything that the list's filters find, in its order and with its columns, as a file.
    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let query = try self.query(visit).whole
        let export = RecordExport(kind: kind, columns: columns(visit).chosen, looks: looks)
        return try await desk.export(
            kind.resource, query, as: kind.place ?? kind.resource, heading: export.heading, visit
        ) { export.lines($0) }
    }

    // MARK: Saved views

    @Sendable private func saveView(_ visit: Visit) async throws -> Response {
        let form = try await form(visit)
        let query = form["query"] ?? ""
        do {
            try await SavedViewDesk().keep(of: kind.root, as: form["name"] ?? "", query, visit)
        } catch let problem as Problem where problem.status.code == 422 {
            return try await list(visit, notice: nil, outcome: nil, unsaved: problem.detail)
        }
        return Response(status: .seeOther, headers: [.location: address(query)])
    }

    @Sendable private func removeView(_ visit: Visit) async throws -> Response {
        let form = try await form(visit)
        try await SavedViewDesk().forget(try visit.id("view", of: "saved view"), visit)
        return Response(status: .seeOther, headers: [.location: address(form["query"] ?? "")])
    }

    /// The list's address with a query that a form brought; one that cannot stand in a header is left out.
    private func address(_ query: String) -> String {
        let isPlain = query.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return query.isEmpty || !isPlain ? kind.root : "\(kind.root)?\(query)"
    }
}
