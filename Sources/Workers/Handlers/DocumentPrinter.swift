import Database
import Documents
import Foundation
import Workflows

/// Renders documents of the vocabulary; each is stored once per event that asks for it.
struct DocumentPrinter: Sendable {
    /// The company on the letterhead.
    let company: CompanyProfile
    /// The fonts, loaded once.
    let fonts: FontLibrary

    /// Finds the document, or renders and stores it; whoever comes first makes it.
    ///
    /// - Parameters:
    ///   - name: The document's name in the vocabulary.
    ///   - job: The job that asks for it.
    ///   - now: The time that the document bears.
    ///   - session: The transaction in which it is stored.
    /// - Returns: The stored file.
    /// - Throws: `JobFailure.discard` when there is no such document or record; `DocumentError`, `DatabaseError`.
    func ensure(_ name: String, for job: RecordJob, at now: Date, in session: Session) throws -> StoredFile {
        guard let entry = DocumentTable.all[name], entry.machine == job.machine else {
            throw JobFailure.discard("there is no document \"\(name)\" of a \(job.machine)")
        }
        // The event is the version: an invoice that is corrected gets another document, not another content.
        let key = "\(name)/\(job.record)/\(job.event)"
        if let row = try session.first(StoredFile.find(key: key)) { return try StoredFile(row) }
        let request = PaperRequest(record: job.record, event: job.event, company: company)
        guard let document = try entry.read(request, name, session) else {
            throw JobFailure.discard("there is no such \(job.machine)")
        }
        let file = StoredFile(
            name: document.fileName, mime: "application/pdf", machine: job.machine, record: job.record,
            content: try document.pdf(fonts: fonts, createdAt: now))
        try session.execute(StoredFile.insert(file, key: key))
        if let attach = entry.attach { try session.execute(attach(key, job.record)) }
        // Two at once: the row of the one that won is the document.
        return try session.first(StoredFile.find(key: key)).map(StoredFile.init) ?? file
    }
}
