import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines

/// What all operations for ops have in common.
///
/// Every deed is kept with who and why by the queue, and by the database in the audit log (SEC-10).
struct OpsDesk {
    let dependencies: WebDependencies
    let waker: QueueWaker

    private static let nobodys = RowScope.none("jobs, queues and schedules are the company's; ops.read shows them all")

    init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
        waker = QueueWaker(pool: dependencies.pool)
    }

    /// An operation that shows something.
    func look(
        _ path: String, _ summary: String, parameters: [Parameter] = [], handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .get, "/api/v1" + path, summary, tag: "Jobs", access: .signedIn([.admin], needs: .readOps),
            scope: Self.nobodys, parameters: parameters, answers: [.json(.map)], handler: handler)
    }

    /// An operation that does something, for a reason.
    func deed(
        _ path: String, _ summary: String, parameters: [Parameter] = [], body: [Schema.Member] = [],
        problems: Set<Int> = [], handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .post, "/api/v1" + path, summary, tag: "Jobs", access: .signedIn([.admin], needs: .manageOps),
            scope: Self.nobodys, parameters: parameters, body: .object([.init("reason", .text(1...500))] + body),
            answers: [.json(.map, "What became of it.")], problems: problems, handler: handler)
    }

    func asked(_ visit: Visit) async throws -> (visitor: Visitor, query: [String: String]) {
        let visitor = try await visit.visitor()
        return (visitor, try visit.query())
    }

    /// Whoever asks for a deed, with their reason.
    func person(_ visit: Visit) async throws -> JobOperator {
        try await wish(visit).person
    }

    /// Whoever asks for a deed, and what they sent.
    func wish(_ visit: Visit) async throws -> (person: JobOperator, body: JSONValue) {
        let visitor = try await asked(visit).visitor
        let body = try await visit.body()
        let note = OperatorNote(name: visitor.email, reason: body.text("reason") ?? "")
        return (JobOperator(pool: dependencies.pool, waker: waker, note: note, now: dependencies.now), body)
    }

    func name(_ visit: Visit, of what: String) throws -> String {
        guard let name = visit.context.parameters.get("name")?.removingPercentEncoding, !name.contains("\0") else {
            throw Problem.notFound(what)
        }
        return name
    }
}
