import Documents
import Foundation
import StateMachines
import WebAPI
import Workflows

/// One invoice, as its template shows it.
struct InvoicePage {
    let surroundings: InvoiceReader.Surroundings
    let explained: Explanation
    let machine: Machine
    let time: CompanyTime
    let today: CalendarDay
    let notice: String?
    let refused: RefusedMove?

    private var invoice: InvoiceSummary { surroundings.summary }
    private var path: String { "/invoices/\(invoice.id.uuidString.lowercased())" }

    var values: PageValues {
        var values: PageValues = [
            "title": .text("Invoice \(invoice.number)"), "number": .text(invoice.number),
            "partner": .text(invoice.partnerName), "order": .text(invoice.orderNumber),
            "state": .text(machine.title(ofState: invoice.state)),
            "badge": .text(machine.badge(ofState: invoice.state)), "since": .text(time.text(invoice.since)),
            "since_iso": .text(Timestamp.text(invoice.since)), "issued": .text(time.text(invoice.issuedOn)),
            "due": .text(time.text(invoice.dueDate)),
            "terms": .text(PaymentTerms(rawValue: invoice.terms)?.printed ?? invoice.terms),
            "is_partly_paid": .flag(invoice.isPartlyPaid), "notice": .optional(notice),
            "pdf_href": invoice.fileID == nil ? .absent : .text("/api/v1\(path)/pdf"),
            "api_href": .text("/api/v1\(path)"), "moves_href": .text("\(path)/moves"),
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
