import Accounts
import enum Documents.TemplateValue
import HTTPTypes
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI

/// Signing in and out, and the pages to which mails about an account lead; none of them needs JavaScript.
struct AccountPages: Sendable {
    let pages: PortalPages

    private static let titles: [Visitor.Kind: String] = [
        .admin: "Administration", .salesRep: "Sales", .partnerUser: "Partners",
    ]

    var operations: [Operation] {
        let signOut = Operation(
            .post, "/sign-out", "Signs out", tag: "Pages", access: .signedIn(), scope: .none("one's own session"),
            answers: [.content("text/html", "The page.")], handler: signOut)
        return Visitor.Kind.allCases.flatMap(operations(of:)) + [signOut]
    }

    private func operations(of kind: Visitor.Kind) -> [Operation] {
        let root = "/\(kind.portal)"
        return [
            offer(.get, root + "/sign-in", "The form to sign in") { _ in try show(.signIn, kind) },
            offer(.post, root + "/sign-in", "Signs in") { visit in try await signIn(kind, visit) },
            offer(.get, root + "/forgotten", "The form to ask for a link") { _ in try show(.forgotten, kind) },
            offer(.post, root + "/forgotten", "Mails a link") { visit in try await askForLink(kind, visit) },
            offer(.get, root + "/invitation", "The form to choose a password") { try await showLink(kind, $0) },
            offer(.post, root + "/invitation", "Sets the first password") { try await useLink(kind, $0) },
            offer(.get, root + "/reset", "The form to choose a password") { try await showLink(kind, $0) },
            offer(.post, root + "/reset", "Sets a new password") { try await useLink(kind, $0) },
        ]
    }

    private func offer(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, _ handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            method, path, summary, tag: "Pages", access: .anyone, scope: .none("one's own account"),
            answers: [.content("text/html", "The page.")], handler: handler)
    }

    /// What a page asks for.
    private enum Asked: String {
        case signIn = "sign-in"
        case forgotten
        case password
        case nothing
    }

    private func show(
        _ form: Asked, _ kind: Visitor.Kind, notice: String? = nil, problem: Problem? = nil, email: String = "",
        token: String = "", path: String? = nil, csrf: String? = nil
    ) throws -> Response {
        let title =
            switch form {
            case .signIn: "Sign in"
            case .forgotten: "Forgotten password"
            case .password: "Choose a password"
            case .nothing: "Welcome"
            }
        var values: PageValues = [
            "title": .text(title), "portal": .text(kind.portal), "portal_title": .text(Self.titles[kind] ?? ""),
            "action": .text(path ?? "/\(kind.portal)/\(form.rawValue)"), "email": .text(email), "token": .text(token),
            "notice": notice.map(TemplateValue.text) ?? .absent,
            "fault": problem.map { .text($0.detail) } ?? .absent,
            "is_sign_in": .flag(form == .signIn), "is_forgotten": .flag(form == .forgotten),
            "is_password": .flag(form == .password), "wants_code": .flag(problem?.code == "totp_required"),
        ]
        values["csrf"] = csrf.map(TemplateValue.text)
        return try pages.page("account", values, visit: nil, status: problem?.status ?? .ok)
    }

    private func signIn(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let form = try await fields(visit)
        let (email, code) = (form["email"] ?? "", form["totp"].flatMap { $0.isEmpty ? nil : $0 })
        do {
            guard email.utf8.count <= 254, !email.utf8.contains(0) else { throw Problem.notFound("account") }
            let signedIn = try await SignInDesk(pages.dependencies).signIn(
                SignInForm(kind: kind, email: email, password: form["password"] ?? "", code: code), visit)
            var headers = signedIn.cookies
            guard kind == .admin else { return try welcome(kind, signedIn) }
            headers[.location] = "/"
            return Response(status: .seeOther, headers: headers)
        } catch let problem as Problem where problem.status.code < 500 {
            var problem = problem
            // The browser would ask for a password of its own.
            problem.headers[.wwwAuthenticate] = nil
            return try show(.signIn, kind, problem: problem, email: email)
        }
    }

    /// Where reps and partners are for now, who have no pages yet.
    private func welcome(_ kind: Visitor.Kind, _ signedIn: SignedIn) throws -> Response {
        var response = try show(
            .nothing, kind, notice: "You are signed in. The pages of this portal are not there yet; the API is.",
            csrf: signedIn.csrf)
        response.headers.append(contentsOf: signedIn.cookies)
        return response
    }

    @Sendable private func signOut(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        var headers = try await SignInDesk(pages.dependencies).signOut(visitor)
        headers[.location] = "/\(visitor.kind.portal)/sign-in"
        return Response(status: .seeOther, headers: headers)
    }

    private func askForLink(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let email = try await fields(visit)["email"] ?? ""
        guard email.utf8.count <= 254, !email.utf8.contains(0) else { throw Problem.notFound("account") }
        do {
            try await PasswordDesk(pages.dependencies).askForLink(kind, email: email, visit)
        } catch let problem as Problem where problem.status.code == 429 {
            return try show(.forgotten, kind, problem: problem, email: email)
        }
        return try show(
            .forgotten, kind, notice: "If there is such an account, a mail with a link is on its way to it.")
    }

    private func showLink(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let token = visit.request.uri.queryParameters.get("token") ?? ""
        do {
            _ = try await PasswordDesk(pages.dependencies).link(token)
        } catch let problem as Problem where problem.status == .badRequest {
            return try show(.forgotten, kind, problem: problem)
        }
        return try show(.password, kind, token: token, path: visit.request.uri.path)
    }

    private func useLink(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let form = try await fields(visit)
        let token = form["token"] ?? ""
        do {
            let owner = try await PasswordDesk(pages.dependencies).use(token, password: form["password"] ?? "")
            return try show(.signIn, owner, notice: "Your password is set. Sign in with it.")
        } catch let problem as Problem where problem.status == .badRequest {
            return try show(.forgotten, kind, problem: problem)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try show(.password, kind, problem: problem, token: token, path: visit.request.uri.path)
        }
    }

    /// The fields of a form of ours: any page can send one anywhere.
    private func fields(_ visit: Visit) async throws -> Form {
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        return try Form(try await visit.request.formBytes())
    }
}
