import Database
public import Documents
import Foundation
public import Jobs
public import Workflows

/// `send_email`: a mail of the vocabulary's templates about a record, with its document (J-07, J-09).
public struct SendEmailHandler: JobHandler {
    /// `send_email`.
    public static let kind = "send_email"
    /// Half a day of tries.
    ///
    /// Source: J-07.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    private let delivery: MailDelivery
    private let templates: MailTemplates
    private let company: CompanyProfile
    private let documents: RenderedDocument

    /// Makes a handler.
    public init(delivery: MailDelivery, templates: MailTemplates, company: CompanyProfile, fonts: FontLibrary) {
        (self.delivery, self.templates, self.company) = (delivery, templates, company)
        self.documents = RenderedDocument(company: company, fonts: fonts)
    }

    /// Sends one mail and completes.
    ///
    /// - Parameters:
    ///   - job: The record, the template's name as `template`, and to whom as `to`.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling, rendering or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (delivery, templates, company, documents) = (delivery, templates, company, documents)
        let messageID = delivery.messageID(of: context)
        let (id, now) = (context.id, context.now())
        guard job.with["to"] == "billing_contact" else {
            throw JobFailure.discard("nobody here knows who \"\(job.with["to"] ?? "")\" is")
        }
        let compose: @Sendable (Session) throws -> OutboundEmail? = { session in
            guard let template = job.with["template"],
                let paper = try InvoicePaper.read(job.record, event: job.event, zone: company.zone, in: session)
            else { throw JobFailure.discard("there is no such \(job.machine)") }
            guard !paper.billingContacts.isEmpty else {
                throw JobFailure.discard("the partner has no active finance user or owner to send this to")
            }
            let document = RenderedDocument.attached(to: template)
            let files = try document.map {
                [try documents.ensure($0, for: job, paper: paper, at: now, in: session)]
            }
            let filled = try templates.fill(
                template, with: paper.document(document ?? "invoice", of: company).templateValues)
            return OutboundEmail(
                jobID: id.rawValue, machine: job.machine, record: job.record, template: template,
                messageID: messageID, recipients: paper.billingContacts, subject: filled.subject, text: filled.text,
                html: filled.html, fileIDs: (files ?? []).map(\.id), state: delivery.initialState, createdAt: now)
        }
        try await delivery.deliver(for: context, compose: compose)
    }
}
