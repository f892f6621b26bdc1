public import Documents
public import Jobs
public import Workflows

/// `generate_pdf`: renders a document and attaches it to its record (J-09, J-10).
public struct GeneratePDFHandler: JobHandler {
    /// `generate_pdf`.
    public static let kind = "generate_pdf"
    /// Six tries within minutes.
    ///
    /// Source: J-10.
    public let retry = RetryPolicy.document
    /// A page takes milliseconds; a minute means that something hangs.
    public let timeLimit = Duration.seconds(60)
    private let printer: DocumentPrinter

    /// Makes a handler that prints the company's letterhead.
    public init(company: CompanyProfile, fonts: FontLibrary) {
        self.printer = DocumentPrinter(company: company, fonts: fonts)
    }

    /// Renders, stores and completes in one transaction.
    ///
    /// - Parameters:
    ///   - job: The record, and the document's name as `document`.
    ///   - context: The job's context.
    /// - Throws: `JobFailure.discard` when there is no such record; what rendering or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (printer, now) = (printer, context.now())
        try await context.transaction { session in
            _ = try printer.ensure(job.with["document"] ?? "", for: job, at: now, in: session)
        }
    }
}
