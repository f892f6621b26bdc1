import Database
import Foundation
import HTTPTypes
import Workflows

/// Reads an invoice's document.
struct InvoiceReader: Sendable {
    private let pool: Pool

    init(_ dependencies: WebDependencies) { pool = dependencies.pool }

    /// The invoice's rendered document.
    ///
    /// - Throws: ``Problem`` 404, also when it is not rendered yet; `DatabaseError`.
    func document(of id: UUID) async throws -> StoredFile {
        try await pool.run { session in
            guard let row = try session.first(InvoiceSummary.one(id)) else { throw Problem.notFound("invoice") }
            guard let file = try InvoiceSummary(row).fileID, let row = try session.first(StoredFile.find(file)) else {
                throw Problem(
                    .notFound, code: "pdf_not_ready", title: Problem.title(of: .notFound),
                    detail: "The PDF of this invoice is not made yet; its job does it soon."
                ).with(.retryAfter, "5")
            }
            return try StoredFile(row)
        }
    }
}
