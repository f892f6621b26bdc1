import Foundation
import StateMachines
import Workflows

extension InvoiceSummary {
    /// The invoice as the API shows it: amounts in integer cents, days and moments as texts.
    var json: JSONValue {
        let path = "/api/v1/invoices/\(id.uuidString.lowercased())"
        var links: [String: JSONValue] = ["self": .string(path)]
        for part in ["actions", "history", "jobs", "emails", "transitions"] { links[part] = .string("\(path)/\(part)") }
        links["pdf"] = fileID == nil ? .null : .string("\(path)/pdf")
        return .object([
            "id": .id(id), "invoice_number": .string(number), "partner_name": .string(partnerName),
            "order_number": .string(orderNumber), "status": .string(state), "status_since": .moment(since),
            "seq": .count(seq), "issued_on": .string(issuedOn.description), "due_date": .string(dueDate.description),
            "payment_terms": .string(terms), "subtotal_cents": .integer(subtotalCents),
            "tax_cents": .integer(taxCents), "shipping_cents": .integer(shippingCents),
            "total_cents": .integer(totalCents), "amount_paid_cents": .integer(amountPaidCents),
            "credited_cents": .integer(creditedCents), "late_fee_cents": .integer(lateFeeCents),
            "amount_due_cents": .integer(amountDueCents), "is_partly_paid": .boolean(isPartlyPaid),
            "links": .object(links),
        ])
    }
}
