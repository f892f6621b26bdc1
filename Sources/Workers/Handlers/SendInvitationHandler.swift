import Database
import Documents
import Foundation
public import Jobs
public import Workflows

/// `send_invitation`: the link with which a partner's first owner sets a password (J-07, SEC-04).
public struct SendInvitationHandler: JobHandler {
    /// `send_invitation`.
    public static let kind = "send_invitation"
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

    /// Makes a link and mails it; a later try mails the same one.
    ///
    /// - Parameters:
    ///   - job: The partner.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (mail, now) = (mail, context.now())
        try await mail.delivery.deliver(
            for: context,
            isTrue: { session in try Invitation.read(partner: job.record, in: session) != nil },
            compose: { session in
                guard let invitation = try Invitation.read(partner: job.record, in: session) else { return nil }
                let token = Invitation.token()
                try session.execute(invitation.keep(token, now: now))
                let words = PortalMail.Words(
                    greetingName: invitation.name, email: invitation.email,
                    title: "Your account at \(mail.seller.name)",
                    message: "There is an account for \(invitation.businessName) now. It shows the state of your "
                        + "application, and later your orders and invoices.",
                    path: "/partner/invitation?token=", token: token, machine: job.machine, record: job.record)
                return try mail.mail(words, as: "invitation", for: context)
            })
    }
}
