import Database
import Documents
import Foundation
import Workflows

/// The code behind the documents that the vocabulary names.
enum DocumentTable {
    /// One document.
    struct Entry: Sendable {
        /// The machine whose records it is printed for.
        let machine: String
        /// Reads what it shows; nil when there is no such record.
        let read: @Sendable (PaperRequest, _ name: String, Session) throws -> (any PrintedDocument)?
        /// Attaches the stored file to the record, where the record has a place for it.
        var attach: (@Sendable (_ key: String, _ record: UUID) -> SQL)?
    }

    static let all: [String: Entry] = [
        "invoice": Entry(machine: "invoice", read: invoice) { InvoiceSummary.attach(file: $0, to: $1) },
        "credit_note": Entry(machine: "invoice", read: invoice),
        "cancellation": Entry(machine: "invoice", read: invoice),
        "order_confirmation": Entry(
            machine: "order", read: { request, _, session in try OrderConfirmation.read(request, in: session) }),
        "proposal": Entry(
            machine: "proposal",
            read: { request, _, session in try ProposalDocument.read(request, as: .offer, in: session) },
            attach: { ProposalDocument.attach(file: $0, to: $1) }),
        // The version keeps the PDF that was signed; the signed one is filed with the record.
        "signed_proposal": Entry(
            machine: "proposal",
            read: { request, _, session in try ProposalDocument.read(request, as: .signed, in: session) }),
    ]

    private static let invoice: @Sendable (PaperRequest, String, Session) throws -> (any PrintedDocument)? = {
        request, name, session in
        try InvoicePaper.read(request.record, event: request.event, zone: request.company.zone, in: session)?
            .document(name, of: request.company)
    }
}
