import Database
import Documents
import Foundation
import Workflows

/// A document of the vocabulary, rendered for a record and stored once per event that asks for it.
struct RenderedDocument: Sendable {
    /// The company on the letterhead.
    let company: CompanyProfile
    /// The fonts, loaded once.
    let fonts: FontLibrary

    /// The document that goes with a template's mail, if any does.
    static func attached(to template: String) -> String? {
        switch template {
        case "invoice_issued": "invoice"
        case "invoice_cancelled": "cancellation"
        case "credit_note": "credit_note"
        default: nil
        }
    }

    /// Finds the document, or renders and stores it; whoever comes first makes it.
    ///
    /// - Parameters:
    ///   - name: The document's name in the vocabulary.
    ///   - job: The job that asks for it.
    ///   - paper: What is printed.
    ///   - now: The time that the document bears.
    ///   - session: The transaction in which it is stored.
    /// - Returns: The stored file.
    /// - Throws: `DocumentError`, `DatabaseError`.
    func ensure(_ name: String, for job: RecordJob, paper: InvoicePaper, at now: Date, in session: Session) throws
        -> StoredFile
    {
        // The event is the version: an invoice that is corrected gets another document, not another content.
        let key = "\(name)/\(job.record)/\(job.event)"
        if let row = try session.first(StoredFile.find(key: key)) { return try StoredFile(row) }
        let document = paper.document(name, of: company)
        let file = StoredFile(
            name: document.fileName, mime: "application/pdf", machine: job.machine, record: job.record,
            content: try document.pdf(fonts: fonts, createdAt: now))
        try session.execute(StoredFile.insert(file, key: key))
        if name == "invoice" {
            try session.execute(InvoiceSummary.attach(file: key, to: job.record))
        }
        // Two at once: the row of the one that won is the document.
        return try session.first(StoredFile.find(key: key)).map(StoredFile.init) ?? file
    }
}
