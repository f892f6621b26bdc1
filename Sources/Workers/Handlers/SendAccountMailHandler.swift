import Accounts
import Database
import Documents
import Foundation
public import Jobs
public import Workflows

/// `send_account_mail`: a link to set a password, or news of an account, by mail (SEC-03, SEC-04).
public struct SendAccountMailHandler: JobHandler {
    /// Half a day of tries.
    ///
    /// Source: J-07.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    private let mail: PortalMail

    /// Makes a handler.
    ///
    /// - Parameter mail: How the mail is filled and leaves.
    public init(mail: PortalMail) {
        self.mail = mail
    }

    /// Makes a link where there is one to make, and sends the mail; a later try sends the same one.
    ///
    /// - Parameters:
    ///   - job: What about, to whom.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: AccountMail, in context: JobContext) async throws {
        guard let kind = Visitor.Kind(rawValue: job.userKind) else {
            throw JobFailure.discard("there are no people of the kind \(job.userKind)")
        }
        let (mail, now) = (mail, context.now())
        try await mail.delivery.deliver(
            for: context,
            compose: { session in
                guard let account = try session.first(Account.query(kind, id: job.user)).flatMap(Account.init) else {
                    return nil
                }
                let token = SecretToken.make()
                if let purpose = PasswordLink.Purpose(rawValue: job.about.rawValue) {
                    try session.execute(
                        PasswordLink.keep(token, for: kind, account.id, purpose: purpose, now: now))
                }
                let words = job.about.words(job.detail, seller: mail.seller.name)
                let letter = PortalMail.Words(
                    greetingName: account.name.split(separator: " ").first.map(String.init) ?? "",
                    email: account.email, title: words.title, message: words.message,
                    path: "/\(kind.portal)/\(words.page)\(words.hasToken ? "?token=" : "")",
                    token: words.hasToken ? token : nil, machine: "account", record: account.id)
                return try mail.mail(letter, as: words.template, for: context)
            })
    }
}

extension AccountMail.Subject {
    fileprivate struct Words {
        var title: String
        var message: String
        var page: String
        var template = "notice"
        var hasToken = false
    }

    fileprivate func words(_ detail: String, seller: String) -> Words {
        let unexpected = "If that was not you, choose a new password at once: it ends every session."
        return switch self {
        case .reset:
            Words(
                title: "Choose a new password",
                message: "Somebody, most likely you, asked for a new password for your account at \(seller).",
                page: "reset", template: "password_reset", hasToken: true)
        case .invitation:
            Words(
                title: "Your account at \(seller)", message: "There is an account for you at \(seller) now.",
                page: "invitation", template: "invitation", hasToken: true)
        case .newDevice:
            Words(
                title: "A new device signed in",
                message: "Your account at \(seller) was signed in to with a device that was not seen before: "
                    + "\(detail). \(unexpected)",
                page: "forgotten")
        case .passwordChanged:
            Words(
                title: "Your password was changed",
                message: "The password of your account at \(seller) was changed, and all its sessions were ended. "
                    + unexpected,
                page: "forgotten")
        case .secondFactor:
            Words(
                title: "A second factor was set up",
                message: "Signing in to your account at \(seller) takes a code from an app now. " + unexpected,
                page: "forgotten")
        }
    }
}
