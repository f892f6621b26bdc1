import Database
public import Documents
import Foundation
public import Jobs
public import Workflows

/// `send_statement`: the statement of a payout, attached to it and mailed to its rep (R-18, J-18).
public struct SendStatementHandler: JobHandler {
    /// `send_statement`.
    public static let kind = StatementPaper.job
    /// Half a day of tries.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    private static let template = "commission_statement"
    private let delivery: MailDelivery
    private let templates: MailTemplates
    private let company: CompanyProfile
    private let fonts: FontLibrary

    /// Makes a handler.
    public init(delivery: MailDelivery, templates: MailTemplates, company: CompanyProfile, fonts: FontLibrary) {
        (self.delivery, self.templates, self.company, self.fonts) = (delivery, templates, company, fonts)
    }

    /// Renders, attaches, mails and completes.
    ///
    /// - Parameters:
    ///   - job: The payout.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling, rendering or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (delivery, templates, company, fonts) = (delivery, templates, company, fonts)
        let (id, messageID, now) = (context.id, delivery.messageID(of: context), context.now())
        try await delivery.deliver(
            for: context,
            compose: { session in
                let request = PaperRequest(record: job.record, event: job.event, company: company)
                guard let paper = try StatementPaper.read(request, in: session) else {
                    throw JobFailure.discard("there is no such payout, or it is not paid")
                }
                let key = "statement/\(job.record)"
                let file = StoredFile(
                    name: paper.statement.fileName, mime: "application/pdf", machine: job.machine, record: job.record,
                    content: try paper.statement.pdf(fonts: fonts, createdAt: now))
                try session.execute(StoredFile.insert(file, key: key))
                try session.execute(StatementPaper.attach(file: key, to: job.record))
                let stored = try session.first(StoredFile.find(key: key)).map(StoredFile.init) ?? file
                let filled = try templates.fill(Self.template, with: paper.statement.templateValues)
                return OutboundEmail(
                    jobID: id.rawValue, machine: job.machine, record: job.record, template: Self.template,
                    messageID: messageID, recipients: [paper.email], subject: filled.subject, text: filled.text,
                    html: filled.html, fileIDs: [stored.id], state: delivery.initialState, createdAt: now)
            })
    }
}
