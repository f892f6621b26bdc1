import Documents
import Foundation
import StateMachines

/// The guards of `workflows/order_payment.yaml`.
enum OrderPaymentGuards {
    typealias Condition = Rules<OrderPaymentFacts>.Condition

    static let all: [String: Condition] = [
        "order_is_paid_in_full": Condition { facts, _ in
            facts.isPaidInFull ? .yes : .no(["due": MoneyText.dollars(facts.dueCents)])
        },
        "order_is_not_paid_in_full": Condition { facts, _ in facts.isPaidInFull ? .no() : .yes },
        "amount_is_positive": Condition(readsInputs: true) { _, context in
            (context.inputs.integer("amount") ?? 0) > 0 ? .yes : .no()
        },
        "refund_not_above_paid": Condition(readsInputs: true) { facts, context in
            (context.inputs.integer("amount") ?? 0) <= facts.keptCents
                ? .yes : .no(["paid": MoneyText.dollars(facts.keptCents)])
        },
        "refunds_cover_payments": Condition { facts, _ in facts.keptCents == 0 ? .yes : .no() },
    ]
}

/// The applies of `workflows/order_payment.yaml`.
enum OrderPaymentApplies {
    static let all: [String: @Sendable (inout OrderPaymentFacts, MoveContext) -> Void] = [
        "add_refund": { facts, context in
            facts.refund(context.inputs.integer("amount") ?? 0, because: context.inputs.text("reason") ?? "")
        }
    ]
}

extension OrderPaymentFacts {
    /// Sends money back, out of the newest payments first.
    mutating func refund(_ amountCents: Int64, because reason: String) {
        var rest = amountCents
        for index in receipts.indices.reversed() where rest > 0 && receipts[index].leftCents > 0 {
            let part = min(rest, receipts[index].leftCents)
            receipts[index].leftCents -= part
            rest -= part
            newRefunds.append(Refund(payment: receipts[index].payment, amountCents: part, reason: reason))
        }
        refundedCents += amountCents - rest
    }
}
