public import Database
public import Foundation

/// A mail that a job sends: written before it leaves, so that a mail that left is never unknown.
public struct OutboundEmail: Sendable {
    /// What is known of its way.
    public enum State: String, Sendable, CaseIterable {
        /// Handed to the server; the answer is not known.
        case sending
        /// Taken by the server.
        case sent
        /// No server is set up; it can be read here alone.
        case kept
        /// The server never takes it.
        case refused
        /// It was no longer true when its turn came again.
        case dropped
    }

    /// The mail.
    public var id: UUID
    /// The job that sends it.
    public var jobID: Int64
    /// The machine of the record it is about.
    public var machine: String
    /// The record it is about.
    public var record: UUID
    /// The template it was made of.
    public var template: String
    /// Its Message-ID, the same at each try.
    public var messageID: String
    /// To whom it goes.
    public var recipients: [String]
    /// Its subject.
    public var subject: String
    /// Its plain text, with ``secretMark`` where its secret stands.
    public var text: String
    /// Its HTML, likewise.
    public var html: String
    /// What nobody but its receivers may read, until it has left: the token of a link that lets somebody in.
    public var secret: SecretBox.Sealed?
    /// Files that go with it.
    public var fileIDs: [UUID]
    /// What is known of its way.
    public var state: State
    /// When it was made, UTC.
    public var createdAt: Date
    /// When the server took it, UTC.
    public var sentAt: Date?

    /// What stands in a mail for its secret wherever it is kept and shown.
    public static let secretMark = "(hidden)"
    /// The column that a mail's secret is sealed for.
    public static let secretColumn = "secret_enc"

    /// Makes a mail that has not left.
    public init(
        jobID: Int64, machine: String, record: UUID, template: String, messageID: String, recipients: [String],
        subject: String, text: String, html: String, fileIDs: [UUID], state: State, createdAt: Date
    ) {
        self.id = UUID.v7()
        (self.jobID, self.machine, self.record, self.template) = (jobID, machine, record, template)
        (self.messageID, self.recipients, self.subject) = (messageID, recipients, subject)
        (self.text, self.html, self.fileIDs, self.state) = (text, html, fileIDs, state)
        self.createdAt = createdAt
    }

    /// The mail with its secret in it, as its receivers get it.
    ///
    /// - Throws: `SecretBox.Fault` when it was sealed with a key that is not here.
    public func opened(with box: SecretBox) throws(SecretBox.Fault) -> (text: String, html: String) {
        guard let secret else { return (text, html) }
        let opened = try box.open(secret, record: id, column: Self.secretColumn)
        return (
            text.replacing(Self.secretMark, with: opened), html.replacing(Self.secretMark, with: opened)
        )
    }

    /// Writes a mail, unless its job has written it at an earlier try.
    public static func insert(_ mail: OutboundEmail) -> SQL {
        """
        INSERT INTO outbound_emails (id, job_id, machine, record_id, template, message_id, recipients, subject,
            body_text, body_html, secret_enc, file_ids, state, created_at)
        VALUES (\(mail.id), \(mail.jobID), \(mail.machine), \(mail.record), \(mail.template), \(mail.messageID),
            \(mail.recipients), \(mail.subject), \(mail.text), \(mail.html), \(mail.secret?.bytes), \(mail.fileIDs),
            \(mail.state.rawValue), \(mail.createdAt))
        ON CONFLICT (job_id) DO NOTHING
        """
    }

    /// Notes what became of a mail whose answer was not known; its secret is needed no more.
    ///
    /// - Parameters:
    ///   - job: The job that sends it.
    ///   - state: What became of it.
    ///   - sentAt: When the server took it, if it did.
    /// - Returns: The statement.
    public static func settle(job: Int64, as state: State, at sentAt: Date? = nil) -> SQL {
        """
        UPDATE outbound_emails SET state = \(state.rawValue), sent_at = \(sentAt), secret_enc = NULL
        WHERE job_id = \(job) AND state = 'sending'
        """
    }

    static let columns: SQL = """
        id, job_id, machine, record_id, template, message_id, recipients, subject, body_text, body_html,
        secret_enc, file_ids, state, created_at, sent_at
        FROM outbound_emails
        """

    /// The mail of a job.
    public static func of(job: Int64) -> SQL { "SELECT \(columns) WHERE job_id = \(job)" }

    /// The mails about a record, oldest first.
    public static func about(_ machine: String, _ record: UUID) -> SQL {
        "SELECT \(columns) WHERE machine = \(machine) AND record_id = \(record) ORDER BY created_at, id"
    }

    /// One mail.
    public static func one(_ id: UUID) -> SQL { "SELECT \(columns) WHERE id = \(id)" }

    /// Reads a row of one of the statements above.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    public init(_ row: Row) throws {
        self.id = try row.value("id")
        self.jobID = try row.value("job_id")
        self.machine = try row.value("machine")
        self.record = try row.value("record_id")
        self.template = try row.value("template")
        self.messageID = try row.value("message_id")
        self.recipients = try row.value("recipients")
        self.subject = try row.value("subject")
        self.text = try row.value("body_text")
        self.html = try row.value("body_html")
        self.secret = try row.optional("secret_enc", as: [UInt8].self).map { SecretBox.Sealed(bytes: $0) }
        self.fileIDs = try row.value("file_ids")
        self.state = State(rawValue: try row.value("state")) ?? .sending
        self.createdAt = try row.value("created_at")
        self.sentAt = try row.optional("sent_at")
    }
}
