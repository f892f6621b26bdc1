import enum Documents.TemplateValue
import Foundation
import WebAPI
import Workflows

/// One mail about a record.
struct MailPage: Page {
    static let template = "email"

    let mail: OutboundEmail
    let list: (title: String, href: String)
    let record: (name: String, href: String)
    let time: CompanyTime

    var title: String { mail.subject }

    var values: PageValues {
        MailRow(mail, time: time).values.merging([
            "list_href": .text(list.href), "list_title": .text(list.title), "record_href": .text(record.href),
            "record_name": .text(record.name), "body": .text(mail.shownText),
        ]) { own, _ in own }
    }
}
