import Accounts
import Database
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

/// `/api/v1/tokens`: with which programs act in somebody's name.
struct TokenRoutes {
    let dependencies: WebDependencies

    private static let make = Schema.named(
        "MakeServiceToken",
        .object([
            .init("name", .text(1...100)),
            .init("scopes", .list(of: .choice(ServiceToken.allScopes), most: ServiceToken.allScopes.count)),
            .init("days", .integer(1...Int64(ServiceToken.mostDays))),
        ]))

    var operations: [Operation] {
        let own = RowScope.none("one's own account")
        return [
            Operation(
                .get, "/api/v1/tokens", "One's tokens", tag: "Account", access: .signedIn(), scope: own,
                answers: [.json(.object([.init("tokens", .list(of: AccountSchemas.token))]))], handler: list),
            Operation(
                .post, "/api/v1/tokens", "Makes a token, which is shown once", tag: "Account", access: .signedIn(),
                scope: own, body: Self.make, answers: [.json(AccountSchemas.newToken, status: 201)], handler: make),
            Operation(
                .delete, "/api/v1/tokens/{id}", "Ends a token", tag: "Account", access: .signedIn(), scope: own,
                answers: [.empty(204, "It is ended.")], problems: [404], handler: revoke),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (_, rows) = try await visit.own(ServiceToken.mine(now: dependencies.now()))
        _ = try visit.query()
        return Response(json: .object(["tokens": .array(try rows.map { try ServiceToken($0).json() })]))
    }

    @Sendable private func make(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        // Who has a token cannot make itself another that outlives it.
        guard visitor.sessionID != nil else {
            throw Problem.forbidden("session_required", "Tokens are made by people: sign in and make it there.")
        }
        let body = try await visit.body()
        guard case .object(let members) = body, case .array(let list) = members["scopes"],
            case .integer(let days) = members["days"], let name = body.text("name")
        else { throw Problem.defect }
        let scopes = ServiceToken.allScopes.filter { list.contains(.string($0)) }
        guard !scopes.isEmpty else {
            throw Problem(
                .unprocessableContent,
                faults: [.init(code: "field_missing", message: "Say what it is good for.", field: "scopes")])
        }
        let (value, now) = (ServiceToken.make(for: visitor.kind), dependencies.now())
        let token = ServiceToken(name: name, scopes: scopes, days: Int(days), token: value, now: now)
        let audit = visitor.audit(
            "token.make", after: ["token": .id(token.id), "scopes": .array(scopes.map(JSONValue.string))], at: now)
        _ = try await dependencies.pool.run { session in
            try session.pipeline([token.keep(value, of: visitor.kind, visitor.id), audit.insert])
        }
        return Response(json: token.json(token: value), status: .created)
    }

    @Sendable private func revoke(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let (id, now) = (try visit.id(of: "token"), dependencies.now())
        try await dependencies.pool.run { session in
            let ended = try session.begin(with: [ServiceToken.revoke(id, of: visitor.kind, visitor.id, now: now)])
            guard !ended[0].rows.isEmpty else { throw Problem.notFound("token") }
            try session.commit(with: [visitor.audit("token.end", after: ["token": .id(id)], at: now).insert])
        }
        return Response(status: .noContent)
    }
}
