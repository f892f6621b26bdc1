import Database
public import Documents
public import Foundation
public import Jobs
public import Workflows

/// `send_notice_email`: one notice to one person by mail (J-07).
public struct SendNoticeEmailHandler: JobHandler {
    /// `send_notice_email`.
    public static let kind = "send_notice_email"
    /// Half a day of tries.
    ///
    /// Source: J-07.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    private static let template = "notice"
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

    /// Sends one mail and notes that it left (N-33), or that it was no longer worth sending.
    ///
    /// - Parameters:
    ///   - job: The delivery.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: NoticeEmailJob, in context: JobContext) async throws {
        let (delivery, templates, company, portal) = (delivery, templates, company, portal)
        let messageID = delivery.messageID(of: context)
        let (id, now) = (context.id, context.now())
        try await delivery.deliver(
            for: context,
            isTrue: { session in try NoticeMail.read(job.delivery, in: session) != nil },
            compose: { session in
                guard let notice = try NoticeMail.read(job.delivery, in: session) else {
                    try session.execute(NoticeMail.note(suppressed: job.delivery, because: "read or switched off"))
                    return nil
                }
                let letter = PortalLetter(
                    seller: company.letterhead, greetingName: notice.name, title: notice.title,
                    message: notice.message, link: portal.absoluteString + notice.path)
                let filled = try templates.fill(Self.template, with: letter.templateValues)
                return OutboundEmail(
                    jobID: id.rawValue, machine: notice.machine, record: notice.record, template: Self.template,
                    messageID: messageID, recipients: [notice.email], subject: filled.subject, text: filled.text,
                    html: filled.html, fileIDs: [], state: delivery.initialState, createdAt: now)
            },
            left: { session in try session.execute(NoticeMail.note(sent: job.delivery, at: now)) })
    }
}
