public import Accounts
public import Database
import Foundation
import HTTPTypes
import Hummingbird
public import Jobs
import StateMachines

/// What all operations for ops have in common, and what their pages share with them.
///
/// Every deed is kept with who and why by the queue, and by the database in the audit log (SEC-10).
public struct OpsDesk: Sendable {
    /// What the answers are made of.
    public let dependencies: WebDependencies
    let waker: QueueWaker

    private static let nobodys = RowScope.none("jobs, queues and schedules are the company's; ops.read shows them all")

    /// Sets the desk up.
    public init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
        waker = QueueWaker(pool: dependencies.pool)
    }

    /// An operation that shows something.
    func look(
        _ path: String, _ summary: String, _ answer: Schema, parameters: [Parameter] = [],
        handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .get, "/api/v1" + path, summary, tag: "Jobs", access: .signedIn([.admin], needs: .readOps),
            scope: Self.nobodys, parameters: parameters, answers: [.json(answer)], handler: handler)
    }

    /// An operation that does something, for a reason.
    func deed(
        _ path: String, _ summary: String, _ answer: Schema, parameters: [Parameter] = [],
        body: [Schema.Member] = [], problems: Set<Int> = [], handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .post, "/api/v1" + path, summary, tag: "Jobs", access: .signedIn([.admin], needs: .manageOps),
            scope: Self.nobodys, parameters: parameters, body: .object([.init("reason", .text(1...500))] + body),
            answers: [.json(answer, "What became of it.")], problems: problems, handler: handler)
    }

    func asked(_ visit: Visit) async throws -> (visitor: Visitor, query: [String: String]) {
        let visitor = try await visit.visitor()
        return (visitor, try visit.query())
    }

    /// Reads what is the works' own, for which the program's role is needed: the visitor's has no rights to it.
    ///
    /// The door asks for the permission, and so does the database in the transaction that reads.
    ///
    /// - Parameters:
    ///   - visit: The request.
    ///   - body: What to read, on the connection's thread.
    /// - Returns: What the body returns.
    /// - Throws: ``Problem`` 401 or 403; what the body throws; `DatabaseError`.
    public func read<Value: Sendable>(
        _ visit: Visit, _ body: @Sendable (Visitor, Session) throws -> Value
    ) async throws -> Value {
        let (credential, now) = (try visit.shown(), dependencies.now())
        do {
            return try await dependencies.pool.run { session in
                let results = try session.begin(with: [credential.enter(now: now), Self.demand])
                let value = try body(try visit.admit(results[0].rows.first), session)
                try session.commit()
                try credential.noteUse(results[0].rows, now: now, in: session)
                return value
            }
        } catch let error as DatabaseError where Scoping.isRefusal(error) {
            // The database was first; the door says it in its own words.
            _ = try await visit.visitor()
            throw error
        }
    }

    /// Ends the transaction of a visitor who may not look.
    static let demand: SQL = "SELECT visitor.demand((SELECT visitor.may(\(Permission.readOps.rawValue))))"

    /// Whoever asks for a deed, with their reason.
    func person(_ visit: Visit) async throws -> JobOperator {
        try await wish(visit).person
    }

    /// Whoever asks for a deed, and what they sent.
    func wish(_ visit: Visit) async throws -> (person: JobOperator, body: JSONValue) {
        let visitor = try await asked(visit).visitor
        let body = try await visit.body()
        return (person(visitor, reason: body.text("reason") ?? ""), body)
    }

    /// Somebody who was let in to do things, with their reason: the API and the pages do them by the same hand.
    ///
    /// - Parameters:
    ///   - visitor: Who.
    ///   - reason: Why.
    /// - Returns: Who does things to jobs in their name.
    public func person(_ visitor: Visitor, reason: String) -> JobOperator {
        let note = OperatorNote(name: visitor.email, reason: reason)
        return JobOperator(pool: dependencies.pool, waker: waker, note: note, now: dependencies.now)
    }

    func name(_ visit: Visit, of what: String) throws -> String {
        guard let name = visit.context.parameters.get("name")?.removingPercentEncoding, !name.contains("\0") else {
            throw Problem.notFound(what)
        }
        return name
    }
}
