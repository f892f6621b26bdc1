import Accounts
import Database
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

/// `/api/v1/session` and `/api/v1/sessions`: signing in and out, and one's other sessions.
struct SessionRoutes {
    let desk: SignInDesk
    private var dependencies: WebDependencies { desk.dependencies }

    init(_ dependencies: WebDependencies) {
        desk = SignInDesk(dependencies)
    }

    var operations: [Operation] {
        let own = RowScope.none("one's own account")
        let cookies = ["Set-Cookie": "The session and its device, for browsers."]
        return [
            Operation(
                .post, "/api/v1/session", "Signs in", tag: "Account", access: .anyone, scope: own,
                body: AccountSchemas.signIn,
                answers: [.json(.object([.init("csrf_token", .text())]), "Signed in.", headers: cookies)],
                problems: [401, 403, 429, 503], handler: signIn),
            Operation(
                .get, "/api/v1/session", "Who is signed in", tag: "Account", access: .signedIn(), scope: own,
                answers: [
                    .json(
                        .object([
                            .init("visitor", AccountSchemas.visitor), .init("csrf_token", .optional(.text())),
                        ]))
                ], handler: show),
            Operation(
                .delete, "/api/v1/session", "Signs out", tag: "Account", access: .signedIn(), scope: own,
                answers: [.empty(204, "Signed out.")], handler: signOut),
            Operation(
                .post, "/api/v1/session/totp", "Makes a secret for a second factor", tag: "Account", access: .anyone,
                scope: own, body: AccountSchemas.signIn,
                answers: [
                    .json(
                        .object([.init("secret", .text()), .init("address", .text())]),
                        "The next sign-in with a code of it confirms it.", status: 201)
                ], problems: [401, 429, 503], handler: enrol),
            Operation(
                .get, "/api/v1/sessions", "One's sessions", tag: "Account", access: .signedIn(), scope: own,
                answers: [.json(.object([.init("sessions", .list(of: AccountSchemas.session))]))], handler: list),
            Operation(
                .delete, "/api/v1/sessions", "Signs out everywhere", tag: "Account", access: .signedIn(), scope: own,
                answers: [.empty(204, "All sessions are ended, this one too.")], handler: revokeAll),
            Operation(
                .delete, "/api/v1/sessions/{id}", "Ends one of one's sessions", tag: "Account", access: .signedIn(),
                scope: own, answers: [.empty(204, "It is ended.")], problems: [404], handler: revoke),
        ]
    }

    @Sendable private func signIn(_ visit: Visit) async throws -> Response {
        let signedIn = try await desk.signIn(try form(try await visit.body()), visit)
        return Response(json: .object(["csrf_token": .string(signedIn.csrf)]), headers: signedIn.cookies)
    }

    @Sendable private func enrol(_ visit: Visit) async throws -> Response {
        let made = try await desk.enrol(try form(try await visit.body()), visit)
        return Response(
            json: .object([
                "secret": .string(made.code.base32),
                "address": .string(made.code.address(of: made.email, issuer: "Drizzl")),
            ]), status: .created)
    }

    private func form(_ body: JSONValue) throws -> SignInForm {
        guard let kind = body.text("portal").flatMap({ Visitor.Kind(portal: $0) }), let email = body.text("email"),
            let password = body.text("password")
        else { throw Problem.defect }
        return SignInForm(kind: kind, email: email, password: password, code: body.text("totp"))
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        _ = try visit.query()
        return Response(
            json: .object(["visitor": visitor.json, "csrf_token": .text(visit.context.forgeryGuard)]))
    }

    @Sendable private func signOut(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        return Response(status: .noContent, headers: try await desk.signOut(visitor))
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (visitor, rows) = try await visit.own(VisitorSession.mine(now: dependencies.now()))
        _ = try visit.query()
        let sessions = try rows.map { try VisitorSession($0).json(current: visitor) }
        return Response(json: .object(["sessions": .array(sessions)]))
    }

    @Sendable private func revokeAll(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let now = dependencies.now()
        _ = try await dependencies.pool.run { session in
            try session.pipeline([
                VisitorSession.revoke(of: visitor.kind, visitor.id, now: now),
                visitor.audit("sign_out_everywhere", at: now).insert,
            ])
        }
        var cookies: HTTPFields = [:]
        cookies.append(PortalCookie.clear(visitor.kind))
        return Response(status: .noContent, headers: cookies)
    }

    @Sendable private func revoke(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let id = try visit.id(of: "session")
        let rows = try await dependencies.pool.query(
            VisitorSession.revoke(id, of: visitor.kind, visitor.id, now: dependencies.now()))
        guard !rows.isEmpty else { throw Problem.notFound("session") }
        return Response(status: .noContent)
    }
}

extension Visit {
    /// Reads what belongs to the visitor's own account, which the door keeps and no portal shows of others.
    ///
    /// - Parameter statement: What to read, of `visitor.kind()` and `visitor.id()` alone.
    /// - Returns: The visitor, and the rows.
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    func own(_ statement: SQL) async throws -> (Visitor, [Row]) {
        let (credential, now) = (try shown(), dependencies.now())
        let results = try await dependencies.pool.run { session in
            let results = try session.pipeline([credential.enter(now: now), statement])
            try credential.noteUse(results[0].rows, now: now, in: session)
            return results
        }
        return (try admit(results[0].rows.first), results[1].rows)
    }
}
