import Database
import Documents
import Foundation
import Workflows

/// The code behind the mails that the vocabulary names.
enum LetterTable {
    /// One mail.
    struct Entry: Sendable {
        /// The machine about whose records it is written.
        let machine: String
        /// The document that goes with it.
        var document: String?
        /// Whether it is still to be sent; nil: always.
        var isDue: (@Sendable (UUID) -> SQL)?
        /// Reads what it shows; nil when there is no such record.
        let read: @Sendable (PaperRequest, Session) throws -> [String: TemplateValue]?
    }

    static let all: [String: Entry] = [
        "invoice_issued": invoice("invoice"), "invoice_cancelled": invoice("cancellation"),
        "credit_note": invoice("credit_note"),
        "proposal": Entry(
            machine: "proposal", document: "proposal",
            // Withdrawn, decided or replaced before the mail left: there is nothing to offer any more.
            isDue: { proposal in
                """
                SELECT EXISTS (SELECT FROM proposals WHERE id = \(proposal) AND status IN ('sent', 'viewed')) AS is_due
                """
            },
            read: { try ProposalDocument.read($0, as: .offer, in: $1)?.templateValues }),
        "partner_rejected": partner, "partner_closed": partner,
        "ticket_received": Entry(machine: "ticket", read: { try TicketLetter.read($0, in: $1)?.templateValues }),
    ]

    private static let partner = Entry(
        machine: "partner", read: { try PartnerLetter.read($0, in: $1)?.templateValues })

    private static func invoice(_ document: String) -> Entry {
        Entry(
            machine: "invoice", document: document,
            read: { request, session in
                try InvoicePaper.read(request.record, event: request.event, zone: request.company.zone, in: session)?
                    .document(document, of: request.company).templateValues
            })
    }
}
