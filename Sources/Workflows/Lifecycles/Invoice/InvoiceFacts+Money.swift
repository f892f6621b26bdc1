import Foundation
import StateMachines

extension InvoiceFacts {
    /// Spreads an amount: principal first, then fees by number; what is left is the partner's credit.
    ///
    /// Source: R-14.
    mutating func allocate(_ amountCents: Int64, to payment: inout InvoicePayment) {
        let open = PaymentSpread.Open(
            invoice: id, dueDate: dueDate ?? issuedOn ?? CalendarDay(daysSince1970: 0),
            principalCents: openPrincipalCents, feeCents: lateFees.reduce(0) { $0 + $1.openCents })
        let spread = PaymentSpread.of(amountCents, over: [open])
        payment.principalCents = spread.parts.first?.principalCents ?? 0
        var rest = spread.parts.first?.feeCents ?? 0
        for index in lateFees.indices where rest > 0 && lateFees[index].openCents > 0 {
            let part = min(rest, lateFees[index].openCents)
            lateFees[index].paidCents += part
            payment.feeCents[lateFees[index].number] = part
            rest -= part
        }
        payment.unappliedCents = spread.creditCents
    }

    /// Takes a payment off principal and fees again.
    mutating func takeBack(_ reference: String, because reason: String) {
        guard let index = payments.firstIndex(where: { $0.reference == reference && $0.state == .succeeded }) else {
            return
        }
        for (number, cents) in payments[index].feeCents {
            guard let fee = lateFees.firstIndex(where: { $0.number == number }) else { continue }
            lateFees[fee].paidCents -= cents
        }
        payments[index].principalCents = 0
        payments[index].feeCents = [:]
        payments[index].unappliedCents = 0
        payments[index].state = .failed
        payments[index].reversedBecause = reason
        paidAt = nil
    }

    /// Adds the fee of the period that ends on `day`.
    ///
    /// Source: R-12.
    mutating func addLateFee(on day: CalendarDay) {
        lateFees.append(
            LateFee(
                number: lateFees.count + 1, assessedOn: day, principalCents: openPrincipalCents,
                amountCents: partner.lateFees.amount(
                    onPrincipalCents: openPrincipalCents, charged: lateFees.count)))
    }

    /// Credits an amount: what is open first, the rest becomes the partner's credit.
    mutating func credit(_ amountCents: Int64, reason: String, note: String?, on day: CalendarDay) {
        // Fees are not credited away by a note on the goods; they are waived.
        let applied = min(amountCents, max(0, openPrincipalCents))
        creditNotes.append(
            CreditNote(
                number: NumberSeries.creditNote.text(nextCreditNote), reason: reason, note: note,
                amountCents: amountCents, appliedCents: applied, issuedOn: day))
    }
}
