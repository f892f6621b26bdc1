public import Documents
public import Jobs
public import Workflows

/// `generate_pdf`: renders a document and attaches it to its record (J-10).
public struct GeneratePDFHandler: JobHandler {
    /// `generate_pdf`.
    public static let kind = "generate_pdf"
    /// Six tries within minutes.
    ///
    /// Source: J-10.
    public let retry = RetryPolicy.document
    /// A page takes milliseconds; a minute means that something hangs.
    public let timeLimit = Duration.seconds(60)
    private let documents: RenderedDocument

    /// Makes a handler that prints the company's letterhead.
    public init(company: CompanyProfile, fonts: FontLibrary) {
        self.documents = RenderedDocument(company: company, fonts: fonts)
    }

    /// Renders, stores and completes in one transaction.
    ///
    /// - Parameters:
    ///   - job: The record, and the document's name as `document`.
    ///   - context: The job's context.
    /// - Throws: `JobFailure.discard` when there is no such record; what rendering or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (documents, now, zone) = (documents, context.now(), documents.company.zone)
        try await context.transaction { session in
            guard let name = job.with["document"],
                let paper = try InvoicePaper.read(job.record, event: job.event, zone: zone, in: session)
            else { throw JobFailure.discard("there is no such \(job.machine)") }
            _ = try documents.ensure(name, for: job, paper: paper, at: now, in: session)
        }
    }
}
