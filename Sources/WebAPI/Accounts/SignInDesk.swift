public import Accounts
import Database
import Foundation
public import HTTPTypes
import Hummingbird
import HummingbirdCore
import Jobs
import StateMachines
import Workflows

/// What somebody types to sign in.
public struct SignInForm: Sendable {
    /// Which portal.
    public var kind: Visitor.Kind
    /// The address.
    public var email: String
    /// The password.
    public var password: String
    /// The code of the second factor.
    public var code: String?

    /// Makes a form.
    public init(kind: Visitor.Kind, email: String, password: String, code: String?) {
        (self.kind, self.email, self.password, self.code) = (kind, email, password, code)
    }
}

/// Signs people in and out, for programs and for pages.
public struct SignInDesk: Sendable {
    let dependencies: WebDependencies
    var accounts: AccountDoor { dependencies.accounts }

    /// Makes a desk.
    public init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
    }

    /// Signs somebody in.
    ///
    /// - Parameters:
    ///   - form: What they typed.
    ///   - visit: The request that they typed it into.
    /// - Returns: The headers that hand out the session, and its token against forged requests.
    /// - Throws: ``Problem`` 401, the same for an address that is unknown; 403 when a second factor is to be set up
    ///   first; 429.
    public func signIn(_ form: SignInForm, _ visit: Visit) async throws -> SignedIn {
        let attempt = attempt(form, visit)
        let (account, before) = try await prove(form, attempt)
        let now = dependencies.now()
        let (step, isNew) = try takeCode(form, account, now: now)
        let session = NewSession(account, attempt, before: before, now: now)
        let statements = try await statements(form, account, attempt, session, confirmsCode: isNew, now: now)
        let former = visit.context.cookies[PortalCookie.session(form.kind)]
        try await dependencies.pool.run { connection in
            try connection.begin(with: step.map { [account.take(step: $0)] } ?? [])
                // Two at once with one code: the second finds it taken.
                .forEach { if $0.rows.isEmpty { throw Problem.wrongCode } }
            try connection.commit(
                with: statements + (former.map { [VisitorSession.revoke(token: $0, of: form.kind, now: now)] } ?? []))
        }
        var cookies: HTTPFields = [:]
        for field in PortalCookie.set(session, for: form.kind) { cookies.append(field) }
        return SignedIn(cookies: cookies, csrf: SecretToken.forgeryGuard(of: session.token))
    }

    /// Makes a secret for a second factor, which the next sign-in with its code confirms.
    ///
    /// - Parameters:
    ///   - form: What they typed; with the code of the former secret, where there is one.
    ///   - visit: The request that they typed it into.
    /// - Returns: The secret, and the account's address.
    /// - Throws: ``Problem`` as ``signIn(_:_:)``.
    public func enrol(_ form: SignInForm, _ visit: Visit) async throws -> Enrolment {
        let attempt = attempt(form, visit)
        let (account, _) = try await prove(form, attempt)
        let now = dependencies.now()
        var statements = attempt.forget
        if let sealed = account.timeCode {
            guard let typed = form.code else { throw Problem.codeWanted }
            guard let step = try open(sealed, of: account).step(of: typed, after: account.lastStep, now: now) else {
                throw Problem.wrongCode
            }
            statements.append(account.take(step: step))
        }
        let code = TimeCode()
        let sealed = try accounts.secrets.seal(code.base32, record: account.id, column: Account.timeCodeColumn)
        let all = statements + [account.enrol(sealed: sealed.bytes)]
        _ = try await dependencies.pool.run { try $0.pipeline(all) }
        return Enrolment(code: code, email: account.email)
    }

    /// Ends a visitor's session.
    public func signOut(_ visitor: Visitor) async throws -> HTTPFields {
        let now = dependencies.now()
        if let session = visitor.sessionID {
            let audit = visitor.audit("sign_out", at: now)
            _ = try await dependencies.pool.run { connection in
                try connection.pipeline([
                    VisitorSession.revoke(session, of: visitor.kind, visitor.id, now: now), audit.insert,
                ])
            }
        }
        var cookies: HTTPFields = [:]
        cookies.append(PortalCookie.clear(visitor.kind))
        return cookies
    }

    func attempt(_ form: SignInForm, _ visit: Visit) -> SignInTry {
        SignInTry(
            kind: form.kind, email: form.email, device: visit.context.cookies[PortalCookie.device(form.kind)],
            address: visit.context.address, userAgent: visit.request.headers[.userAgent])
    }

    /// Counts the try, and demands that the password be right.
    func prove(_ form: SignInForm, _ attempt: SignInTry) async throws -> (Account, NewSession.Before) {
        let (limits, now) = (accounts.limits, dependencies.now())
        let (account, before) = try await dependencies.pool.run { session in
            let results = try session.pipeline([
                attempt.count(limits: limits, now: now), Account.query(form.kind, email: form.email), attempt.devices,
            ])
            let wait = try results[0].rows.first?.value("wait", as: Double.self) ?? 0
            guard wait <= 0 else { throw Problem.tooManyTries(wait: wait) }
            return (
                try results[1].rows.first.flatMap(Account.init), try results[2].rows.first.map(NewSession.Before.init)
            )
        }
        // The same work for an account that is not there.
        let isRight: Bool
        do { isRight = try await accounts.hasher.matches(form.password, account?.password) } catch {
            throw Problem.hashersBusy
        }
        guard isRight, let account, let before else { throw Problem.wrongCredentials }
        return (account, before)
    }

    /// Which step's code was typed, and whether it confirms a new secret.
    private func takeCode(_ form: SignInForm, _ account: Account, now: Date) throws -> (step: Int64?, isNew: Bool) {
        if let sealed = account.timeCode {
            guard let typed = form.code else { throw Problem.codeWanted }
            if let step = try open(sealed, of: account).step(of: typed, after: account.lastStep, now: now) {
                return (step, false)
            }
        }
        if let sealed = account.pendingTimeCode, let typed = form.code {
            guard let step = try open(sealed, of: account).step(of: typed, after: account.lastStep, now: now) else {
                throw Problem.wrongCode
            }
            return (step, true)
        }
        if account.timeCode != nil { throw Problem.wrongCode }
        if account.needsTimeCode { throw Problem.enrolmentWanted }
        return (nil, false)
    }

    private func open(_ sealed: [UInt8], of account: Account) throws -> TimeCode {
        let text = try accounts.secrets.open(
            SecretBox.Sealed(bytes: sealed), record: account.id, column: Account.timeCodeColumn)
        guard let code = TimeCode(base32: text) else { throw SecretBox.Fault.broken }
        return code
    }

    private func statements(
        _ form: SignInForm, _ account: Account, _ attempt: SignInTry, _ session: NewSession, confirmsCode: Bool,
        now: Date
    ) async throws -> [SQL] {
        var mails: [AccountMail] = []
        if session.isNews { mails.append(AccountMail(.newDevice, to: account.kind, account.id, detail: session.label)) }
        if confirmsCode { mails.append(AccountMail(.secondFactor, to: account.kind, account.id)) }
        var statements = attempt.forget + session.open
        if confirmsCode { statements += account.confirm }
        if account.password?.isOutdated == true {
            statements.append(account.rehash(to: try await accounts.hasher.hash(form.password)))
        }
        statements.append(
            AuditEntry(
                actor: account.actor, action: "sign_in", subjectType: account.kind.rawValue, subjectID: account.id,
                after: ["device": .string(session.label)], at: now, address: attempt.address, session: session.id
            ).insert)
        if !mails.isEmpty { statements.append(try Queue.enqueue(mails, now: now)) }
        return statements
    }
}

extension Account {
    /// The account as the audit log names it.
    var actor: Actor { Visitor(kind: kind, id: id, role: "").actor }
}

extension Visitor {
    /// An entry of the audit log about the visitor's own account.
    func audit(_ action: String, after: [String: JSONValue] = [:], at now: Date) -> AuditEntry {
        AuditEntry(
            actor: actor, action: action, subjectType: kind.rawValue, subjectID: id, after: after, at: now,
            session: sessionID)
    }

    /// An entry about somebody's account.
    func audit(_ action: String, of kind: Visitor.Kind, _ user: UUID, at now: Date) -> AuditEntry {
        AuditEntry(
            actor: actor, action: action, subjectType: kind.rawValue, subjectID: user, at: now, session: sessionID)
    }
}
