import Accounts
import HTTPTypes
import Hummingbird
import StateMachines

/// `/api/v1/password`: a forgotten, a first, or another password.
struct PasswordRoutes {
    let desk: PasswordDesk

    init(_ dependencies: WebDependencies) {
        desk = PasswordDesk(dependencies)
    }

    var operations: [Operation] {
        let own = RowScope.none("one's own account")
        return [
            Operation(
                .post, "/api/v1/password/forgotten", "Asks for a link to set a new password", tag: "Account",
                access: .anyone, scope: own,
                body: .object([.init("portal", AccountSchemas.portal), .init("email", AccountSchemas.email)]),
                answers: [.empty(202, "If there is such an account, it has mail.")], problems: [429],
                handler: forgotten),
            Operation(
                .post, "/api/v1/password/link", "Sets the password with the token of a link", tag: "Account",
                access: .anyone, scope: own,
                body: .object([.init("token", .text(1...200)), .init("password", AccountSchemas.password)]),
                answers: [.empty(204, "It is set. All sessions are ended; sign in with it.")], problems: [400, 503],
                handler: useLink),
            Operation(
                .post, "/api/v1/password", "Changes one's password", tag: "Account", access: .signedIn(), scope: own,
                body: .object([
                    .init("current", AccountSchemas.password), .init("password", AccountSchemas.password),
                ]), answers: [.empty(204, "It is changed. All sessions are ended, this one too.")],
                problems: [429, 503], handler: change),
        ]
    }

    @Sendable private func forgotten(_ visit: Visit) async throws -> Response {
        let body = try await visit.body()
        guard let kind = body.text("portal").flatMap({ Visitor.Kind(portal: $0) }), let email = body.text("email")
        else { throw Problem.defect }
        try await desk.askForLink(kind, email: email, visit)
        return Response(status: .accepted)
    }

    @Sendable private func useLink(_ visit: Visit) async throws -> Response {
        let body = try await visit.body()
        _ = try await desk.use(body.text("token") ?? "", password: body.text("password") ?? "")
        return Response(status: .noContent)
    }

    @Sendable private func change(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let body = try await visit.body()
        guard visitor.sessionID != nil else {
            throw Problem.forbidden("session_required", "Passwords are changed by people: sign in first.")
        }
        try await desk.change(
            visitor, from: body.text("current") ?? "", to: body.text("password") ?? "", visit)
        var cookies: HTTPFields = [:]
        cookies.append(PortalCookie.clear(visitor.kind))
        return Response(status: .noContent, headers: cookies)
    }
}
