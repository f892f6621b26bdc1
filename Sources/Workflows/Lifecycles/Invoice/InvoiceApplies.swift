import Foundation
import StateMachines

/// The applies of `workflows/invoice.yaml`: each changes facts and nothing else.
enum InvoiceApplies {
    typealias Apply = @Sendable (inout InvoiceFacts, MoveContext) -> Void

    static let all: [String: Apply] = [
        "take_invoice_number": { facts, _ in facts.number = NumberSeries.invoice.text(facts.nextNumber) },
        // The amounts were read from the order, under its lock, when the facts were prepared.
        "freeze_amounts": { facts, _ in
            facts.totalCents = facts.subtotalCents + facts.taxCents + facts.shippingCents
        },
        "set_due_date": { facts, context in
            let today = context.calendar.day(of: context.asOf)
            facts.issuedOn = today
            facts.dueDate = facts.terms.dueDate(issuedOn: today)
        },
        "open_payment": { facts, context in
            facts.payments.append(payment(context, state: .pending))
        },
        "add_payment": { facts, context in
            var payment = payment(context, state: .succeeded)
            facts.allocate(payment.amountCents, to: &payment)
            facts.payments.append(payment)
        },
        "remove_payment": { facts, context in
            facts.takeBack(
                context.inputs.text("reference") ?? "", because: context.inputs.text("because") ?? "bounced")
        },
        "add_credit_note": { facts, context in
            facts.credit(
                context.inputs.integer("amount") ?? 0, reason: context.inputs.text("reason") ?? "",
                note: context.inputs.text("note"), on: context.calendar.day(of: context.asOf))
        },
        "add_late_fee": { facts, context in facts.addLateFee(on: context.calendar.day(of: context.asOf)) },
        "remove_late_fee": { facts, context in
            let number = Int(context.inputs.integer("number") ?? 0)
            guard let index = facts.lateFees.firstIndex(where: { $0.number == number }) else { return }
            facts.lateFees[index].waivedReason = context.inputs.text("reason")
            facts.lateFees[index].waivedBy = context.actor.id
        },
        "set_disputed": { facts, context in
            facts.disputedAt = context.asOf
            facts.disputeReason = context.inputs.text("reason")
        },
        "clear_disputed": { facts, _ in
            facts.disputedAt = nil
            facts.disputeReason = nil
        },
        "set_promise": { facts, context in facts.promiseToPayOn = context.inputs.day("pay_on") },
        "set_written_off": { facts, context in facts.writtenOffAt = context.asOf },
    ]

    private static func payment(_ context: MoveContext, state: InvoicePayment.State) -> InvoicePayment {
        InvoicePayment(
            reference: context.inputs.text("reference"), amountCents: context.inputs.integer("amount") ?? 0,
            method: context.inputs.text("method") ?? context.inputs.text("payment_method"), state: state,
            receivedOn: context.inputs.day("received_on"), recordedBy: context.actor, recordedAt: context.asOf)
    }
}
