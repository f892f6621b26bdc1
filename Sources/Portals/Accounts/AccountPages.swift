import Accounts
import HTTPTypes
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI

/// Signing in and out, and the pages to which mails about an account lead; none of them needs JavaScript.
struct AccountPages: Sendable {
    let pages: PortalPages

    var routes: [PageRoute] {
        Visitor.Kind.allCases.flatMap(routes(of:))
    }

    private func routes(of kind: Visitor.Kind) -> [PageRoute] {
        let (root, login) = ("/\(kind.portal)", Portal.login(of: kind))
        return [
            .open(.get, login, "The form to sign in") { try showSignIn(kind, $0) },
            .open(.post, login, "Signs in") { try await signIn(kind, $0) },
            .open(.get, root + "/forgotten", "The form to ask for a link") { visit in
                try pages.show(EntrancePage(kind: kind, asked: .link, action: root + "/forgotten"), to: nil, visit)
            },
            .open(.post, root + "/forgotten", "Mails a link") { try await askForLink(kind, $0) },
            .open(.get, root + "/invitation", "The form to choose a password") { try await showLink(kind, $0) },
            .open(.post, root + "/invitation", "Sets the first password") { try await useLink(kind, $0) },
            .open(.get, root + "/reset", "The form to choose a password") { try await showLink(kind, $0) },
            .open(.post, root + "/reset", "Sets a new password") { try await useLink(kind, $0) },
            // Below the portal: a browser with sessions in several leaves the one that it stands in.
            .post(root + "/sign-out", "Signs out", for: [kind], rows: .none("one's own session"), handler: signOut),
            .moved(root + "/sign-in", to: login), .moved(root + "/sign-in", .post, to: login),
        ]
    }

    private func showSignIn(_ kind: Visitor.Kind, _ visit: Visit) throws -> Response {
        let next = Self.next(visit.request.uri.queryParameters.get("next"), in: kind)
        let page = EntrancePage(kind: kind, asked: .signIn, action: Portal.login(of: kind), next: next)
        return try pages.show(page, to: nil, visit)
    }

    private func signIn(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let form = try await fields(visit)
        let (email, code) = (form["email"] ?? "", form["totp"].flatMap { $0.isEmpty ? nil : $0 })
        let next = Self.next(form["next"], in: kind)
        let wish = SignInForm(kind: kind, email: email, password: form["password"] ?? "", code: code)
        do {
            guard email.utf8.count <= 254, !email.utf8.contains(0) else { throw Problem.notFound("account") }
            let signedIn = try await SignInDesk(pages.dependencies).signIn(wish, visit)
            var headers = signedIn.cookies
            headers[.location] = next ?? Portal.home(of: kind)
            return Response(status: .seeOther, headers: headers)
        } catch let problem as Problem where problem.code == "totp_enrolment_required" {
            let made = try await SignInDesk(pages.dependencies).enrol(wish, visit)
            let page = EntrancePage(
                kind: kind, asked: .secondFactor(made.code), email: made.email, action: Portal.login(of: kind),
                next: next)
            return try pages.show(page, to: nil, visit)
        } catch let problem as Problem where problem.status.code < 500 {
            let page = EntrancePage(
                kind: kind, asked: .signIn, problem: problem, email: email, action: Portal.login(of: kind), next: next)
            return try pages.show(page, to: nil, visit, status: problem.status)
        }
    }

    @Sendable private func signOut(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        var headers = try await SignInDesk(pages.dependencies).signOut(visitor)
        headers[.location] = Portal.login(of: visitor.kind)
        return Response(status: .seeOther, headers: headers)
    }

    private func askForLink(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let email = try await fields(visit)["email"] ?? ""
        guard email.utf8.count <= 254, !email.utf8.contains(0) else { throw Problem.notFound("account") }
        var page = EntrancePage(kind: kind, asked: .link, email: email, action: "/\(kind.portal)/forgotten")
        do {
            try await PasswordDesk(pages.dependencies).askForLink(kind, email: email, visit)
            page.email = ""
            page.notice = "If there is such an account, a mail with a link is on its way to it."
        } catch let problem as Problem where problem.status.code == 429 {
            page.problem = problem
        }
        return try pages.show(page, to: nil, visit, status: page.problem?.status ?? .ok)
    }

    private func showLink(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let token = visit.request.uri.queryParameters.get("token") ?? ""
        do {
            _ = try await PasswordDesk(pages.dependencies).link(token)
        } catch let problem as Problem where problem.status == .badRequest {
            return try useless(problem, kind, visit)
        }
        let page = EntrancePage(kind: kind, asked: .password, token: token, action: visit.request.uri.path)
        return try pages.show(page, to: nil, visit)
    }

    private func useLink(_ kind: Visitor.Kind, _ visit: Visit) async throws -> Response {
        let form = try await fields(visit)
        let token = form["token"] ?? ""
        do {
            let owner = try await PasswordDesk(pages.dependencies).use(token, password: form["password"] ?? "")
            let page = EntrancePage(
                kind: owner, asked: .signIn, notice: "Your password is set. Sign in with it.",
                action: Portal.login(of: owner))
            return try pages.show(page, to: nil, visit)
        } catch let problem as Problem where problem.status == .badRequest {
            return try useless(problem, kind, visit)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            let page = EntrancePage(
                kind: kind, asked: .password, problem: problem, token: token, action: visit.request.uri.path)
            return try pages.show(page, to: nil, visit, status: problem.status)
        }
    }

    /// A link that is of no use leads to where one asks for another.
    private func useless(_ problem: Problem, _ kind: Visitor.Kind, _ visit: Visit) throws -> Response {
        let page = EntrancePage(kind: kind, asked: .link, problem: problem, action: "/\(kind.portal)/forgotten")
        return try pages.show(page, to: nil, visit, status: problem.status)
    }

    /// The fields of a form of ours: any page can send one anywhere.
    private func fields(_ visit: Visit) async throws -> Form {
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        return try Form(try await visit.request.formBytes())
    }

    /// Where somebody wanted to go, if it is in their portal: a link of a stranger could name any place.
    static func next(_ text: String?, in kind: Visitor.Kind) -> String? {
        guard let text, text.hasPrefix("/\(kind.portal)/"), text.utf8.count <= 512,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }), !text.contains("//")
        else { return nil }
        return text
    }
}
