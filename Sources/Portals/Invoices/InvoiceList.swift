import Documents
import Foundation
import StateMachines
import Workflows

/// The list of invoices, as its template shows it.
struct InvoiceList {
    let invoices: [InvoiceSummary]
    let state: String?
    let machine: Machine
    let time: CompanyTime
    let isCut: Bool

    var values: PageValues {
        [
            "title": "Invoices", "filters": .list(filters), "invoices": .list(invoices.map(row)),
            "is_empty": .flag(invoices.isEmpty), "is_filtered": .flag(state != nil),
            "cut": isCut ? .text("\(invoices.count)") : .absent,
        ]
    }

    private var filters: [PageValues] {
        let all: PageValues = ["label": "All", "href": "/", "is_current": .flag(state == nil)]
        return [all]
            + machine.states.map { choice in
                [
                    "label": .text(choice.title), "href": .text("/?state=\(choice.name)"),
                    "is_current": .flag(choice.name.text == state),
                ]
            }
    }

    private func row(_ invoice: InvoiceSummary) -> PageValues {
        [
            "href": .text("/invoices/\(invoice.id.uuidString.lowercased())"), "number": .text(invoice.number),
            "partner": .text(invoice.partnerName), "state": .text(machine.title(ofState: invoice.state)),
            "badge": .text(machine.badge(ofState: invoice.state)), "due": .text(time.text(invoice.dueDate)),
            "due_iso": .text(invoice.dueDate.description),
            "amount_due": .text(MoneyText.dollars(invoice.amountDueCents)),
            "is_partly_paid": .flag(invoice.isPartlyPaid),
        ]
    }
}
