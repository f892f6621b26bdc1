public import Accounts
public import Database
public import Foundation
import HTTPTypes
import Hummingbird
public import HummingbirdCore
public import StateMachines
import Synchronization

/// One request while it is answered: what was asked, who asks, and what the answer can be made of.
public struct Visit: Sendable {
    /// The request.
    public let request: Request
    /// What is known of it.
    public let context: DoorContext
    /// Which operation answers it.
    let operation: Operation
    /// What the answer can be made of.
    public let dependencies: WebDependencies
    private let admission = Admission()

    /// Whether the visitor was let in, once for all copies of a visit.
    private final class Admission: Sendable {
        let isGiven = Mutex(false)
        /// Whether the body has shown that a page of ours sends it.
        let isOwnForm = Mutex(false)
    }

    init(_ request: Request, _ context: DoorContext, operation: Operation, dependencies: WebDependencies) {
        (self.request, self.context, self.operation) = (request, context, operation)
        self.dependencies = dependencies
    }

    /// Reads as the visitor, in the same trip to the database that tells who that is.
    ///
    /// - Parameter statements: What to read; for whom, `visitor.id()` and its kin say there.
    /// - Returns: The visitor, and a result for each statement.
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func read(_ statements: [SQL]) async throws -> (Visitor, [StatementResult]) {
        let credential = try shown()
        let now = dependencies.now()
        let results = try await dependencies.pool.run { session in
            let results = try session.pipeline([credential.enterAsVisitor(now: now)] + statements)
            try credential.noteUse(results[0].rows, now: now, in: session)
            return results
        }
        return (try admit(results[0].rows.first), Array(results.dropFirst()))
    }

    /// Reads as the visitor what depends on the kind of visitor.
    ///
    /// One trip for a session, whose portal tells the kind, and for a token, which begins with it; one more for a token
    /// that was made before they did.
    ///
    /// - Parameter statements: What to read.
    /// - Returns: The visitor, and a result for each statement.
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func read(
        _ statements: @Sendable (Visitor.Kind) throws -> [SQL]
    ) async throws -> (Visitor, [StatementResult]) {
        guard let kind = try shown().kind else { return try await read(try statements(try await visitor().kind)) }
        let answer = try await read(try statements(kind))
        // What was asked as somebody else found nothing: every predicate asks for the kind.
        return answer.0.kind == kind ? answer : try await read(try statements(answer.0.kind))
    }

    /// Writes as the visitor, in one transaction: two trips.
    ///
    /// - Parameter body: What to do in the transaction, which is committed when it returns and undone when it throws.
    /// - Returns: What the body returns.
    /// - Throws: ``Problem`` 401 or 403; what the body throws; `DatabaseError`.
    public func write<Value: Sendable>(
        _ body: @Sendable (Visitor, Session) throws -> Value
    ) async throws -> Value {
        let credential = try shown()
        let now = dependencies.now()
        return try await dependencies.pool.run { session in
            let results = try session.begin(with: [credential.enterAsVisitor(now: now)])
            let value = try body(try admit(results[0].rows.first), session)
            try session.commit()
            try credential.noteUse(results[0].rows, now: now, in: session)
            return value
        }
    }

    /// Who asks.
    ///
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func visitor() async throws -> Visitor { try await read([]).0 }

    /// The body, which has to be as the operation says.
    ///
    /// - Throws: ``Problem`` 413, 415, 400, or 422 with every fault at once.
    public func body() async throws -> JSONValue {
        let value = try await request.jsonBody()
        let faults = operation.body?.faults(in: value) ?? []
        guard faults.isEmpty else { throw Problem(.unprocessableContent, faults: faults) }
        return value
    }

    /// The query, of which every parameter is one of the operation's and right.
    ///
    /// - Throws: ``Problem`` 422 with every fault at once.
    public func query() throws -> [String: String] {
        let known = operation.parameters.filter { $0.place == .query }
        var query = QueryParameters(request.uri, known: known.map(\.name))
        for parameter in known { query.check(parameter) }
        try query.check()
        return query.values
    }

    /// A header that the operation takes, which has to be as it says.
    ///
    /// - Throws: ``Problem`` 422.
    func header(_ parameter: Parameter, _ name: HTTPField.Name) throws -> String? {
        guard let text = request.headers[name] else { return nil }
        let faults = parameter.schema.faults(in: parameter.schema.value(of: text), at: parameter.name)
        guard faults.isEmpty else {
            throw Problem(
                .unprocessableContent,
                faults: faults.map { .init(code: "parameter_invalid", message: $0.message, field: parameter.name) })
        }
        return text
    }

    /// A part of the path that has to be an id.
    ///
    /// - Throws: ``Problem`` 404 when it is no id: then there is no such thing either.
    public func id(_ name: String = "id", of what: String) throws(Problem) -> UUID {
        try context.id(name, of: what)
    }

    func shown() throws -> Credential {
        guard let credential = context.credential else { throw Problem.notSignedIn }
        return credential
    }

    /// Takes the session's token against forged requests from a body that the door does not read.
    func accept(forgeryGuard sent: String) {
        guard let expected = context.forgeryGuard, request.isFromOwnPage, SecretToken.isGuard(sent, expected) else {
            return
        }
        admission.isOwnForm.withLock { $0 = true }
    }

    /// Lets in whom the handler knows although the database cannot be asked.
    func admitUnasked() { admission.isGiven.withLock { $0 = true } }

    /// Asks who it is, unless the handler did.
    ///
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    func demandAdmission() async throws {
        if !admission.isGiven.withLock({ $0 }) { _ = try await visitor() }
    }

    func admit(_ row: Row?) throws -> Visitor {
        guard let visitor = try row.flatMap({ try Visitor($0) }) else { throw Problem.notSignedIn }
        if let refusal = operation.access.refusal(of: visitor, isWrite: operation.isWrite) { throw refusal }
        if operation.isWrite, let forgery = context.forgery, !admission.isOwnForm.withLock(\.self) { throw forgery }
        admitUnasked()
        return visitor
    }
}
