import enum Documents.TemplateValue
import Foundation
import Workflows

/// One mail about an invoice.
struct MailPage: Page {
    static let template = "email"

    let mail: OutboundEmail
    let invoice: UUID
    let time: CompanyTime

    var title: String { mail.subject }

    var values: PageValues {
        MailRow(mail, time: time).values.merging([
            "list": .text(InvoicePages.root), "invoice_href": .text(InvoicePages.path(invoice)),
            "body": .text(mail.text),
        ]) { own, _ in own }
    }
}
