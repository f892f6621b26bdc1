public import Database
public import Documents
import Foundation
import Jobs
import Workflows

/// Takes a job's mail out of the house: writes it, hands it to the server, notes that it left.
///
/// The mail is written before it is sent and noted as sent in the transaction that completes the job. A crash between
/// the two sends it again under the same Message-ID, by which receivers tell. Source: product/jobs.md, "Effect once".
public struct MailDelivery: Sendable {
    /// Where mail goes; nil: no server is set up, and it is kept to be read here.
    public var transport: (any MailTransport)?
    /// The sender.
    public var from: MailAddress
    /// Connections for what is written before the mail is sent.
    public var pool: Pool

    /// Makes a delivery.
    public init(transport: (any MailTransport)?, from: MailAddress, pool: Pool) {
        (self.transport, self.from, self.pool) = (transport, from, pool)
    }

    /// The state in which a new mail is written.
    var initialState: OutboundEmail.State { transport == nil ? .kept : .sending }

    /// The Message-ID of a job's mail, without the angle brackets.
    func messageID(of job: JobContext) -> String {
        let domain = from.address.split(separator: "@").last ?? "localhost"
        return "job-\(job.id)@\(domain)"
    }

    /// Delivers the mail that `compose` writes, once for each job.
    ///
    /// - Parameters:
    ///   - context: The job's context; the job is completed with the mail.
    ///   - compose: Makes the mail in a transaction, with what goes with it; nil when none is due any more.
    /// - Throws: `JobFailure.retry` when the server may take it later, `.discard` when it never will; what `compose`
    ///   or the database throws.
    func deliver(
        for context: JobContext, compose: @escaping @Sendable (Session) throws -> OutboundEmail?
    ) async throws {
        let job = context.id
        let written: (mail: OutboundEmail, files: [StoredFile])? = try await pool.transaction { session in
            if try session.first(OutboundEmail.of(job: job.rawValue)) == nil {
                guard let mail = try compose(session) else { return nil }
                try session.execute(OutboundEmail.insert(mail))
            }
            guard let row = try session.first(OutboundEmail.of(job: job.rawValue)) else { return nil }
            let mail = try OutboundEmail(row)
            return (mail, try StoredFile.all(mail.fileIDs, in: session))
        }
        guard let (mail, files) = written, mail.state == .sending, let transport else { return }
        do {
            try await transport.send(message(mail, files))
        } catch {
            throw error.isRetryable ? JobFailure.retry(error.description) : JobFailure.discard(error.description)
        }
        let now = context.now()
        try await context.transaction { session in
            try session.execute(OutboundEmail.markSent(job: job.rawValue, at: now))
        }
    }

    private func message(_ mail: OutboundEmail, _ files: [StoredFile]) -> MailMessage {
        MailMessage(
            from: from, to: mail.recipients.map { MailAddress(address: $0) }, subject: mail.subject, text: mail.text,
            html: mail.html, attachments: files.map { .init(name: $0.name, type: $0.mime, bytes: $0.content) },
            messageID: mail.messageID, date: mail.createdAt)
    }
}
