import Database
public import Foundation
import HTTPTypes
public import Jobs
public import Workflows

/// Reads what is shown about invoices.
public struct InvoiceReader: Sendable {
    private let pool: Pool
    static let machine = InvoiceLifecycle.machine

    /// Makes a reader.
    public init(_ dependencies: WebDependencies) {
        pool = dependencies.pool
    }

    /// The newest invoices.
    ///
    /// - Parameters:
    ///   - state: Only those in this state; nil: all.
    ///   - limit: How many at most.
    /// - Returns: The newest first.
    /// - Throws: `DatabaseError`.
    public func newest(state: String?, limit: Int) async throws -> [InvoiceSummary] {
        try await pool.query(InvoiceSummary.newest(state: state, limit: limit)).map { try InvoiceSummary($0) }
    }

    /// One invoice.
    ///
    /// - Throws: ``Problem`` 404; `DatabaseError`.
    public func one(_ id: UUID) async throws -> InvoiceSummary {
        try Self.summary(try await pool.query(InvoiceSummary.one(id)))
    }

    /// Everything that has happened and happens about an invoice.
    public struct Surroundings: Sendable {
        /// The invoice.
        public var summary: InvoiceSummary
        /// Its history, oldest first.
        public var history: [HistoryEntry]
        /// Its jobs, newest first.
        public var jobs: [JobSummary]
        /// Its mails, oldest first.
        public var emails: [OutboundEmail]
    }

    /// An invoice with its history, jobs and mails.
    ///
    /// - Throws: ``Problem`` 404; `DatabaseError`.
    public func surroundings(of id: UUID) async throws -> Surroundings {
        try await pool.run { session in
            let results = try session.pipeline([
                InvoiceSummary.one(id), HistoryEntry.of(Self.machine, id),
                Queue.jobs(of: Self.machine, record: id), OutboundEmail.about(Self.machine, id),
            ])
            return Surroundings(
                summary: try Self.summary(results[0].rows), history: try results[1].rows.map { try HistoryEntry($0) },
                jobs: try results[2].rows.map { try JobSummary(row: $0) },
                emails: try results[3].rows.map { try OutboundEmail($0) })
        }
    }

    /// The rows of a statement about an invoice that exists.
    ///
    /// - Throws: ``Problem`` 404; `DatabaseError`.
    func rows<Value: Sendable>(
        of id: UUID, _ statement: SQL, _ read: @Sendable (Row) throws -> Value
    ) async throws -> [Value] {
        try await pool.run { session in
            let results = try session.pipeline([InvoiceSummary.one(id), statement])
            _ = try Self.summary(results[0].rows)
            return try results[1].rows.map(read)
        }
    }

    /// The invoice's rendered document.
    ///
    /// - Throws: ``Problem`` 404, also when it is not rendered yet; `DatabaseError`.
    func document(of id: UUID) async throws -> StoredFile {
        try await pool.run { session in
            let summary = try Self.summary(try session.query(InvoiceSummary.one(id)))
            guard let file = summary.fileID, let row = try session.first(StoredFile.find(file)) else {
                throw Problem(
                    .notFound, code: "pdf_not_ready", title: Problem.title(of: .notFound),
                    detail: "The PDF of this invoice is not made yet; its job does it soon."
                ).with(.retryAfter, "5")
            }
            return try StoredFile(row)
        }
    }

    /// One mail about an invoice.
    ///
    /// - Throws: ``Problem`` 404, also for a mail about something else; `DatabaseError`.
    public func email(_ email: UUID, of id: UUID) async throws -> OutboundEmail {
        guard let row = try await pool.query(OutboundEmail.one(email)).first else { throw Problem.notFound("mail") }
        let mail = try OutboundEmail(row)
        guard mail.machine == Self.machine, mail.record == id else { throw Problem.notFound("mail") }
        return mail
    }

    private static func summary(_ rows: [Row]) throws -> InvoiceSummary {
        guard let row = rows.first else { throw Problem.notFound("invoice") }
        return try InvoiceSummary(row)
    }
}
