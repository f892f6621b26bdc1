import Documents
import Foundation
import StateMachines

/// The guards of `workflows/invoice.yaml`: each a pure function of the facts, the actor, the inputs and the time.
enum InvoiceGuards {
    typealias Condition = Rules<InvoiceFacts>.Condition

    static let all: [String: Condition] = [
        "nothing_left_to_pay": Condition { facts, _ in
            facts.amountDueCents <= 0 ? .yes : .no(["due": MoneyText.dollars(facts.amountDueCents)])
        },
        "nothing_paid_yet": Condition { facts, _ in
            facts.amountPaidCents == 0
                ? .yes : .no(["paid": MoneyText.dollars(facts.amountPaidCents)], unblocks: "reverse_payment")
        },
        "amount_is_positive": Condition(readsInputs: true) { _, context in
            (context.inputs.integer("amount") ?? 0) > 0 ? .yes : .no()
        },
        "amount_not_above_due": Condition(readsInputs: true) { facts, context in
            (context.inputs.integer("amount") ?? 0) <= facts.amountDueCents
                ? .yes : .no(["due": MoneyText.dollars(facts.amountDueCents)])
        },
        "payment_reference_is_new": Condition(readsInputs: true) { facts, context in
            guard let known = facts.knownReference else { return .yes }
            let day = context.calendar.day(of: known.recordedAt)
            return .no(["reference": known.reference, "recorded_on": day.description])
        },
        "payment_exists": Condition(readsInputs: true) { facts, context in
            let reference = context.inputs.text("reference") ?? ""
            let isThere = facts.payments.contains { $0.reference == reference && $0.state == .succeeded }
            return isThere ? .yes : .no(["reference": reference])
        },
        "payment_is_returned_to_customer": Condition(readsInputs: true) { _, context in
            context.inputs.text("because") == "returned_to_customer" ? .yes : .no()
        },
        "credit_not_above_total": Condition(readsInputs: true) { facts, context in
            let left = facts.totalCents - facts.creditNotes.reduce(0) { $0 + $1.amountCents }
            return (context.inputs.integer("amount") ?? 0) <= left ? .yes : .no(["left": MoneyText.dollars(left)])
        },
        "due_date_has_passed": Condition { facts, context in
            hasPassed(facts, context) ? .yes : .no(["due_date": facts.dueDate?.description ?? "no day"])
        },
        "due_date_has_not_passed": Condition { facts, context in
            hasPassed(facts, context) ? .no(["due_date": facts.dueDate?.description ?? "no day"]) : .yes
        },
    ].merging(dunning) { first, _ in first }

    /// What stops fees and reminders.
    ///
    /// Source.
    private static let dunning: [String: Condition] = [
        "reminders_are_running": Condition { facts, context in
            facts.disputedAt == nil && !facts.dunningBlock && facts.writtenOffAt == nil && !isPromised(facts, context)
                ? .yes : .no()
        },
        "late_fee_terms_are_accepted": Condition { facts, context in
            guard let accepted = facts.partner.lateFeeTermsAcceptedOn else { return .no() }
            return accepted <= context.calendar.day(of: context.asOf) ? .yes : .no()
        },
        "invoice_is_disputed": Condition { facts, _ in facts.disputedAt == nil ? .no() : .yes },
        "invoice_is_not_disputed": Condition { facts, context in
            guard let disputed = facts.disputedAt else { return .yes }
            return .no(["disputed_at": context.calendar.day(of: disputed).description], unblocks: "close_dispute")
        },
        "no_promise_is_running": Condition { facts, context in
            isPromised(facts, context) ? .no(["promise_to_pay_on": facts.promiseToPayOn?.description ?? ""]) : .yes
        },
        "promised_day_is_ahead": Condition(readsInputs: true) { _, context in
            guard let day = context.inputs.day("pay_on") else { return .no() }
            return day >= context.calendar.day(of: context.now) ? .yes : .no(["pay_on": day.description])
        },
        "principal_is_above_minimum": Condition { facts, _ in
            facts.openPrincipalCents >= facts.partner.lateFees.minimumCents ? .yes : .no()
        },
        "late_fees_are_below_maximum": Condition { facts, _ in
            facts.lateFees.count < facts.partner.lateFees.atMost ? .yes : .no()
        },
        "late_fee_is_unpaid": Condition(readsInputs: true) { facts, context in
            let number = Int(context.inputs.integer("number") ?? 0)
            let fee = facts.lateFees.first { $0.number == number }
            return fee.map { !$0.isWaived && $0.paidCents == 0 } ?? false ? .yes : .no()
        },
        "invoice_is_not_written_off": Condition { facts, context in
            guard let writtenOff = facts.writtenOffAt else { return .yes }
            return .no(["written_off_at": context.calendar.day(of: writtenOff).description])
        },
    ]

    private static func hasPassed(_ facts: InvoiceFacts, _ context: MoveContext) -> Bool {
        guard let due = facts.dueDate else { return false }
        return due < context.calendar.day(of: context.now)
    }

    /// A promise runs through the whole of its day.
    private static func isPromised(_ facts: InvoiceFacts, _ context: MoveContext) -> Bool {
        guard let day = facts.promiseToPayOn else { return false }
        return day >= context.calendar.day(of: context.now)
    }
}
