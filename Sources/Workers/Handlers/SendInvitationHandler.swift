import Database
public import Documents
public import Foundation
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
    private static let template = "invitation"
    private let delivery: MailDelivery
    private let templates: MailTemplates
    private let company: CompanyProfile
    private let portal: URL

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - delivery: How mail leaves.
    ///   - templates: The words of mails.
    ///   - company: Who writes.
    ///   - portal: The address under which the portals are reached.
    public init(delivery: MailDelivery, templates: MailTemplates, company: CompanyProfile, portal: URL) {
        (self.delivery, self.templates, self.company, self.portal) = (delivery, templates, company, portal)
    }

    /// Makes a link and mails it; a later try mails the same one.
    ///
    /// - Parameters:
    ///   - job: The partner.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (delivery, templates, company, portal) = (delivery, templates, company, portal)
        let messageID = delivery.messageID(of: context)
        let (id, now) = (context.id, context.now())
        try await delivery.deliver(
            for: context,
            isTrue: { session in try Invitation.read(partner: job.record, in: session) != nil },
            compose: { session in
                guard let invitation = try Invitation.read(partner: job.record, in: session) else { return nil }
                let token = Invitation.token()
                try session.execute(invitation.keep(token, now: now))
                let letter = PortalLetter(
                    seller: company.letterhead, greetingName: invitation.name,
                    title: "Your account at \(company.letterhead.name)",
                    message: "There is an account for \(invitation.businessName) now. It shows the state of your "
                        + "application, and later your orders and invoices.",
                    link: "\(portal.absoluteString)/partner/invitation?token=\(token)")
                let filled = try templates.fill(Self.template, with: letter.templateValues)
                return OutboundEmail(
                    jobID: id.rawValue, machine: job.machine, record: job.record, template: Self.template,
                    messageID: messageID, recipients: [invitation.email], subject: filled.subject, text: filled.text,
                    html: filled.html, fileIDs: [], state: delivery.initialState, createdAt: now)
            })
    }
}
