public import Database
public import Documents
import Foundation
import Jobs
public import Storage
public import Workflows

/// Takes a job's mail out of the house: writes it, hands it to the server, notes that it left.
///
/// The mail is written before it is sent and noted as sent in the transaction that completes the job. A crash between
/// the two sends it again under the same Message-ID, by which receivers tell. Source: J-07.
public struct MailDelivery: Sendable {
    /// Where mail goes; nil: no server is set up, and it is kept to be read here.
    public var transport: (any MailTransport)?
    /// The sender.
    public var from: MailAddress
    /// Connections for what is written before the mail is sent.
    public var pool: Pool
    /// Where files are that are not in the database.
    public var files: FileStores
    /// What keeps the secrets of mails until they leave.
    public var secrets: SecretBox

    /// Makes a delivery.
    public init(
        transport: (any MailTransport)?, from: MailAddress, pool: Pool, files: FileStores, secrets: SecretBox
    ) {
        (self.transport, self.from, self.pool, self.files) = (transport, from, pool, files)
        self.secrets = secrets
    }

    /// The state in which a new mail is written.
    var initialState: OutboundEmail.State { transport == nil ? .kept : .sending }

    /// The Message-ID of a job's mail, without the angle brackets.
    func messageID(of job: JobContext) -> String {
        "job-\(job.id)@\(domain)"
    }

    /// The house's domain in identities.
    var domain: Substring { from.address.split(separator: "@").last ?? "localhost" }

    /// Delivers a job's mail, once.
    ///
    /// At a later try the mail that was written first goes out, if it is still true.
    ///
    /// - Parameters:
    ///   - context: The job's context; the job is completed with the mail.
    ///   - isTrue: Whether what the mail says still holds; looked at again before each later try.
    ///   - compose: Makes the mail in a transaction, with what goes with it; nil when none is due any more.
    ///   - left: Written in the transaction that completes the job, when the mail has left.
    /// - Throws: `JobFailure.retry` when the server may take it later, `.discard` when it never will; what the closures
    ///   or the database throw.
    func deliver(
        for context: JobContext, isTrue: @escaping @Sendable (Session) throws -> Bool = { _ in true },
        compose: @escaping @Sendable (Session) throws -> OutboundEmail?,
        left: @escaping @Sendable (Session) throws -> Void = { _ in }
    ) async throws {
        let job = context.id.rawValue
        let mail = try await pool.transaction { session -> OutboundEmail? in
            if let row = try session.first(OutboundEmail.of(job: job)) {
                let earlier = try OutboundEmail(row)
                if earlier.state == .sending, try !isTrue(session) {
                    try session.execute(OutboundEmail.settle(job: job, as: .dropped))
                    return nil
                }
                return earlier
            }
            guard let mail = try compose(session) else { return nil }
            try session.execute(OutboundEmail.insert(mail))
            if mail.state == .kept { try left(session) }
            return mail
        }
        guard let mail, mail.state == .sending else {
            if mail?.state != .kept { context.remark("no longer due") }
            return
        }
        guard let transport else { throw JobFailure.retry("no mail server is set up in this process") }
        let message = try await message(mail)
        do {
            try await transport.send(message)
        } catch {
            guard !error.isRetryable else { throw JobFailure.retry(error.description) }
            _ = try await pool.query(OutboundEmail.settle(job: job, as: .refused))
            throw JobFailure.discard(error.description)
        }
        let now = context.now()
        try await context.transaction { session in
            try session.execute(OutboundEmail.settle(job: job, as: .sent, at: now))
            try left(session)
        }
    }

    private func message(_ mail: OutboundEmail) async throws -> MailMessage {
        let stored = try await pool.run { session in try StoredFile.all(mail.fileIDs, in: session) }
        let body = try mail.opened(with: secrets)
        var message = MailMessage(
            from: from, to: mail.recipients.map { MailAddress(address: $0) }, subject: mail.subject, text: body.text,
            html: body.html, messageID: mail.messageID, date: mail.createdAt)
        for file in stored {
            let bytes = try await file.bytes(from: files)
            if let calendar = file.calendar(bytes) {
                message.calendar = message.calendar ?? calendar
            } else {
                message.attachments.append(.init(name: file.name, type: file.mime, bytes: bytes))
            }
        }
        return message
    }
}

extension StoredFile {
    /// An appointment, kept as it goes out, so that a second try says the same.
    init(calendar invite: CalendarInvite, of job: RecordJob) {
        self.init(
            name: "invite.ics", mime: Self.mime(of: invite.method), machine: job.machine, record: job.record,
            content: Array(invite.text.utf8))
    }

    /// The appointment that the file holds; nil: it is another kind of file.
    fileprivate func calendar(_ content: [UInt8]) -> MailCalendar? {
        [CalendarInvite.Method.request, .cancel].first { mime == Self.mime(of: $0) }
            .map { MailCalendar(method: $0, text: String(decoding: content, as: UTF8.self)) }
    }

    private static func mime(of method: CalendarInvite.Method) -> String { "text/calendar; method=\(method.rawValue)" }
}
