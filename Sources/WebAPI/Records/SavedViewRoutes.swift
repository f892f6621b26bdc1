import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines

/// `/api/v1/saved-views`: what somebody has saved of lists, which is theirs alone.
struct SavedViewRoutes {
    let dependencies: WebDependencies

    private static let path = "/api/v1/saved-views"
    private static let scope = RowScope.none("one's own, found by nobody else")
    private static let view = Schema.named(
        "SavedView",
        .object([.init("id", .id), .init("list", .text()), .init("name", .text()), .init("query", .text())]))

    var operations: [Operation] {
        [
            Operation(
                .get, Self.path, "Lists the views that one has saved", tag: "Company", access: .signedIn(),
                scope: Self.scope,
                parameters: [Parameter(.query, "list", .text(1...200), "Only of this list, by its address.")],
                answers: [.json(.object([.init("items", .list(of: Self.view))]))], handler: list),
            Operation(
                .post, Self.path, "Saves a view of a list; one of the same name is replaced", tag: "Company",
                access: .signedIn(), scope: Self.scope,
                body: .object([
                    .init("list", .text(1...200)), .init("name", .text(1...SavedView.longestName)),
                    .init("query", .text(0...SavedView.longestQuery)),
                ]), answers: [.json(Self.view, "It is saved.", status: 201)], handler: keep),
            Operation(
                .delete, Self.path + "/{id}", "Forgets a saved view", tag: "Company", access: .signedIn(),
                scope: Self.scope, answers: [.empty(204, "It is gone.")], problems: [404], handler: forget),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = try visit.query()
        let results = try await visit.read([SavedView.all(of: query["list"])]).1
        let items = try results[0].rows.map { try SavedView($0).json }
        return Response(json: .object(["items": .array(items)]))
    }

    @Sendable private func keep(_ visit: Visit) async throws -> Response {
        guard case .object(let body) = try await visit.body(), case .string(let list)? = body["list"],
            case .string(let name)? = body["name"], case .string(let query)? = body["query"]
        else { throw Problem.objectWanted }
        let view = try await SavedViewDesk().keep(of: list, as: name, query, visit)
        return Response(json: view.json, status: .created)
    }

    @Sendable private func forget(_ visit: Visit) async throws -> Response {
        try await SavedViewDesk().forget(try visit.id(of: "saved view"), visit)
        return Response(status: .noContent)
    }
}

extension SavedView {
    fileprivate var json: JSONValue {
        .object(["id": .id(id), "list": .string(list), "name": .string(name), "query": .string(query)])
    }
}
