import Database
public import Documents
import Foundation
public import Jobs
import StateMachines
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
    private let printer: DocumentPrinter

    /// Makes a handler.
    public init(delivery: MailDelivery, templates: MailTemplates, company: CompanyProfile, fonts: FontLibrary) {
        (self.delivery, self.templates) = (delivery, templates)
        self.printer = DocumentPrinter(company: company, fonts: fonts)
    }

    /// Sends one mail and completes.
    ///
    /// - Parameters:
    ///   - job: The record, the template's name as `template`, and to whom as `to`.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling, rendering or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (delivery, templates, printer) = (delivery, templates, printer)
        let messageID = delivery.messageID(of: context)
        let (id, now) = (context.id, context.now())
        let template = job.with["template"] ?? ""
        guard let entry = LetterTable.all[template], entry.machine == job.machine else {
            throw JobFailure.discard("there is no mail \"\(template)\" about a \(job.machine)")
        }
        let isDue: @Sendable (Session) throws -> Bool = { session in
            guard let query = entry.isDue?(job.record) else { return true }
            return try session.first(query)?.value("is_due") ?? false
        }
        let compose: @Sendable (Session) throws -> OutboundEmail? = { session in
            guard try isDue(session) else { return nil }
            let request = PaperRequest(record: job.record, event: job.event, company: printer.company)
            guard let values = try entry.read(request, session) else {
                throw JobFailure.discard("there is no such \(job.machine)")
            }
            let recipients = try Self.recipients(of: job, in: session)
            let file = try entry.document.map { try printer.ensure($0, for: job, at: now, in: session) }
            let filled = try templates.fill(template, with: values)
            return OutboundEmail(
                jobID: id.rawValue, machine: job.machine, record: job.record, template: template,
                messageID: messageID, recipients: recipients, subject: filled.subject, text: filled.text,
                html: filled.html, fileIDs: file.map { [$0.id] } ?? [], state: delivery.initialState, createdAt: now)
        }
        try await delivery.deliver(for: context, isTrue: isDue, compose: compose)
    }

    private static func recipients(of job: RecordJob, in session: Session) throws -> [String] {
        let word = job.with["to"] ?? ""
        // A letter goes to whom it is addressed, also when that person has caused it: the record's id names no event.
        let occasion = Recipients.Occasion(machine: job.machine, record: job.record, event: job.record)
        guard let query = Recipients.query(word, of: occasion) else {
            throw JobFailure.discard("nobody here knows who \"\(word)\" is")
        }
        let addresses = try session.query(query).compactMap { try $0.optional("email", as: String.self) }
        guard !addresses.isEmpty else {
            throw JobFailure.discard("there is no active person or no address to send this to")
        }
        return addresses
    }
}
