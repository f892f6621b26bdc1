import Documents
import Foundation
import StateMachines
import Workflows

/// The list of invoices, as its template shows it.
struct InvoiceList: Page {
    static let template = "invoices"

    let invoices: [InvoiceSummary]
    let state: String?
    let machine: Machine
    let time: CompanyTime
    let isCut: Bool

    var title: String { "Invoices" }

    var values: PageValues {
        [
            "filters": .list(filters), "invoices": .list(invoices.map(row)),
            "is_empty": .flag(invoices.isEmpty), "is_filtered": .flag(state != nil), "all": .text(InvoicePages.root),
            "cut": isCut ? .text("\(invoices.count)") : .absent,
        ]
    }

    private var filters: [PageValues] {
        let all: PageValues = ["label": "All", "href": .text(InvoicePages.root), "is_current": .flag(state == nil)]
        return [all]
            + machine.states.map { choice in
                [
                    "label": .text(choice.title), "href": .text("\(InvoicePages.root)?state=\(choice.name)"),
                    "is_current": .flag(choice.name.text == state),
                ]
            }
    }

    private func row(_ invoice: InvoiceSummary) -> PageValues {
        [
            "href": .text(InvoicePages.path(invoice.id)), "key": .text(invoice.id.uuidString.lowercased()),
            "number": .text(invoice.number),
            "partner": .text(invoice.partnerName), "state": .one(machine.badge(ofState: invoice.state).values),
            "due": .text(time.text(invoice.dueDate)),
            "due_iso": .text(invoice.dueDate.description),
            "amount_due": .text(MoneyText.dollars(invoice.amountDueCents)),
            "partly_paid": .one(invoice.isPartlyPaid ? Badge("Partly paid", .warning).values : nil),
        ]
    }
}
