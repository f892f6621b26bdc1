public import Accounts
import Database
import Foundation
import HTTPTypes
import HummingbirdCore
import Jobs
import StateMachines
import Workflows

/// Sets passwords: by a link from a mail, or by who knows the present one (SEC-04).
public struct PasswordDesk: Sendable {
    let dependencies: WebDependencies
    private var accounts: AccountDoor { dependencies.accounts }

    /// Makes a desk.
    public init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
    }

    /// Mails a link to set a new password, if there is such an account; nobody is told whether there is.
    ///
    /// - Parameters:
    ///   - kind: Which portal.
    ///   - email: The address.
    ///   - visit: The request that asks.
    /// - Throws: ``Problem`` 429.
    public func askForLink(_ kind: Visitor.Kind, email: String, _ visit: Visit) async throws {
        let (limits, now) = (accounts.limits, dependencies.now())
        // Counted apart from passwords: who asks for a link is not guessing.
        let attempt = SignInTry(
            kind: kind, email: "link " + email, device: nil, address: visit.context.address, userAgent: nil)
        let user = try await dependencies.pool.run { session in
            let results = try session.pipeline([
                attempt.count(limits: limits, now: now), Account.query(kind, email: email),
            ])
            let wait = try results[0].rows.first?.value("wait", as: Double.self) ?? 0
            guard wait <= 0 else { throw Problem.tooManyTries(wait: wait) }
            return try results[1].rows.first?.value("id", as: UUID.self)
        }
        // Without an account the job finds nobody; the work here is the same.
        let mail = AccountMail(.reset, to: kind, user ?? UUID())
        _ = try await dependencies.pool.query(try Queue.enqueue([mail], now: now))
    }

    /// What a link is for.
    ///
    /// - Throws: ``Problem`` 400 that says why it is of no use.
    public func link(_ token: String) async throws -> PasswordLink {
        let found = try await dependencies.pool.query(PasswordLink.find(token)).first.flatMap(PasswordLink.init)
        if let problem = Problem.link(found, now: dependencies.now()) { throw problem }
        guard let found else { throw Problem.defect }
        return found
    }

    /// Sets the password of whoever a link was sent to, and ends their sessions; they sign in with it then.
    ///
    /// - Parameters:
    ///   - token: The link's token.
    ///   - password: The new password.
    /// - Returns: Which portal they belong to.
    /// - Throws: ``Problem`` 400 when the link is of no use, 422 when the password is not taken.
    public func use(_ token: String, password: String) async throws -> Visitor.Kind {
        let link = try await link(token)
        let account = try await account(link.kind, link.user)
        let hash = try await hash(password, for: account, field: "password")
        let now = dependencies.now()
        let statements = try statements(
            account, hash, action: link.purpose == .reset ? "password.reset" : "password.first", session: nil, now: now)
        try await dependencies.pool.run { session in
            let found = try session.begin(with: [PasswordLink.find(token)])
            // Of two at once the second waits here, and finds it used.
            if let problem = Problem.link(try found[0].rows.first.flatMap(PasswordLink.init), now: now) {
                throw problem
            }
            try session.commit(with: statements)
        }
        return link.kind
    }

    /// Changes the password of somebody who knows the present one, and ends all their sessions.
    ///
    /// - Parameters:
    ///   - visitor: Who.
    ///   - present: The password until now.
    ///   - password: The new one.
    ///   - visit: The request that asks.
    /// - Throws: ``Problem`` 422 when the present one is wrong or the new one is not taken, 429.
    public func change(_ visitor: Visitor, from present: String, to password: String, _ visit: Visit) async throws {
        let desk = SignInDesk(dependencies)
        let form = SignInForm(kind: visitor.kind, email: visitor.email, password: present, code: nil)
        let account: Account
        do { account = try await desk.prove(form, desk.attempt(form, visit)).0 } catch let problem as Problem
            where problem == Problem.wrongCredentials
        {
            throw Problem(
                .unprocessableContent,
                faults: [.init(code: "wrong_password", message: "This is not your password.", field: "current")])
        }
        let hash = try await hash(password, for: account, field: "password")
        let now = dependencies.now()
        let statements = try statements(
            account, hash, action: "password.change", session: visitor.sessionID, now: now)
        _ = try await dependencies.pool.run { try $0.pipeline(statements) }
    }

    private func account(_ kind: Visitor.Kind, _ id: UUID) async throws -> Account {
        guard let account = try await dependencies.pool.query(Account.query(kind, id: id)).first.flatMap(Account.init)
        else { throw Problem.link(nil, now: dependencies.now()) ?? .defect }
        return account
    }

    private func hash(_ password: String, for account: Account, field: String) async throws -> PasswordHash {
        do { try accounts.policy.check(password, of: [account.name, account.email]) } catch {
            throw Problem.password(error, field: field)
        }
        do { return try await accounts.hasher.hash(password) } catch is PasswordHasher.Busy {
            throw Problem.hashersBusy
        }
    }

    private func statements(
        _ account: Account, _ hash: PasswordHash, action: String, session: UUID?, now: Date
    ) throws -> [SQL] {
        let audit = AuditEntry(
            actor: account.actor, action: action, subjectType: account.kind.rawValue, subjectID: account.id, at: now,
            session: session)
        var statements = account.changePassword(to: hash, except: nil, now: now) + [audit.insert]
        if account.password != nil {
            let mail = AccountMail(.passwordChanged, to: account.kind, account.id)
            statements.append(try Queue.enqueue([mail], now: now))
        }
        return statements
    }
}
