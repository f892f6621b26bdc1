import Documents
import Foundation
import Jobs
import StateMachines
import WebAPI
import Workflows

/// One invoice, as its template shows it.
struct InvoicePage: Page {
    static let template = "invoice"

    let surroundings: InvoiceReader.Surroundings
    let explained: Explanation
    let machine: Machine
    let time: CompanyTime
    let today: CalendarDay
    let notice: String?
    let refused: RefusedMove?

    private var invoice: InvoiceSummary { surroundings.summary }
    private var path: String { InvoicePages.path(invoice.id) }
    private var apiPath: String { "/api/v1/invoices/\(invoice.id.uuidString.lowercased())" }

    var title: String { "Invoice \(invoice.number)" }

    var values: PageValues {
        var values: PageValues = [
            "record": .text(invoice.id.uuidString.lowercased()), "list": .text(InvoicePages.root),
            "number": .text(invoice.number),
            "partner": .text(invoice.partnerName), "order": .text(invoice.orderNumber),
            "state": .one(machine.badge(ofState: invoice.state).values), "since": .text(time.text(invoice.since)),
            "since_iso": .text(Timestamp.text(invoice.since)), "issued": .text(time.text(invoice.issuedOn)),
            "due": .text(time.text(invoice.dueDate)),
            "terms": .text(PaymentTerms(rawValue: invoice.terms)?.printed ?? invoice.terms),
            "partly_paid": .one(invoice.isPartlyPaid ? Badge("Partly paid", .warning).values : nil),
            "notice": .optional(notice),
            "pdf_href": invoice.fileID == nil ? .absent : .text("\(apiPath)/pdf"),
            "api_href": .text(apiPath), "moves_href": .text("\(path)/moves"),
            "zone": .text(time.zone.identifier.replacing("_", with: " ")),
        ]
        values["amounts"] = .list(amounts)
        values["amount_due"] = .text(MoneyText.dollars(invoice.amountDueCents))
        values["next"] = .list(next)
        values["has_next"] = .flag(!explained.next.isEmpty)
        values["tasks"] = .list(tasks)
        values["has_tasks"] = .flag(!explained.tasks.isEmpty)
        addMoves(to: &values)
        values["history"] = .list(
            surroundings.history.reversed().map { EventRow($0, machine: machine, time: time).values })
        values["jobs"] = .list(surroundings.jobs.map { JobRow($0, time: time).values })
        values["has_jobs"] = .flag(!surroundings.jobs.isEmpty)
        // What a job does is no change of the invoice, so nobody tells of it; it is looked for.
        values["is_busy"] = .flag(surroundings.jobs.contains { [.ready, .leased].contains($0.place) })
        values["emails"] = .list(
            surroundings.emails.reversed().map { mail in
                MailRow(mail, time: time).values.merging(
                    ["href": .text("\(path)/emails/\(mail.id.uuidString.lowercased())")]) { $1 }
            })
        values["has_emails"] = .flag(!surroundings.emails.isEmpty)
        values["has_kept"] = .flag(surroundings.emails.contains { $0.state == .kept })
        return values
    }

    private var amounts: [PageValues] {
        let lines: [(String, Int64, Bool)] = [
            ("Goods", invoice.subtotalCents, true), ("Tax", invoice.taxCents, true),
            ("Shipping", invoice.shippingCents, true), ("Invoiced", invoice.totalCents, true),
            ("Late fees", invoice.lateFeeCents, invoice.lateFeeCents != 0),
            ("Credited", -invoice.creditedCents, invoice.creditedCents != 0),
            ("Paid", -invoice.amountPaidCents, invoice.amountPaidCents != 0),
        ]
        return lines.filter(\.2).map { ["label": .text($0.0), "amount": .text(MoneyText.dollars($0.1))] }
    }

    private var next: [PageValues] {
        explained.next.map { next in
            ["will": .text(next.will), "at": .text(time.text(next.at)), "at_iso": .text(Timestamp.text(next.at))]
        }
    }

    private var tasks: [PageValues] {
        explained.tasks.map { task in
            ["task": .text(Words.spelled(task.task)), "since": .text(time.text(task.since))]
        }
    }

    private func addMoves(to values: inout PageValues) {
        let offered = explained.moves.filter { $0.isEnabled || $0.move.name.text == refused?.asked.name }
        let blocked = explained.moves.filter { !$0.isEnabled && $0.move.name.text != refused?.asked.name }
        values["moves"] = .list(
            offered.map { MoveForm($0.move, seq: invoice.seq, today: today, refused: refused).values })
        values["has_moves"] = .flag(!offered.isEmpty)
        values["blocked"] = .list(
            blocked.map { move in
                [
                    "label": .text(move.move.button ?? move.move.title),
                    "reasons": .list(move.told.map { ["message": .text($0.message)] }),
                ]
            })
        values["has_blocked"] = .flag(!blocked.isEmpty)
        values["refused"] = .optional(refused?.headline)
        // A move that does not exist or is not offered has no form to stand in; its reasons stand at the top.
        let hasForm = offered.contains { $0.move.name.text == refused?.asked.name }
        values["refused_reasons"] = .list(
            hasForm ? [] : refused?.refusal.reasons.map { ["message": .text($0.message)] } ?? [])
    }
}
