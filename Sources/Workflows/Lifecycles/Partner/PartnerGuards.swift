import Documents
import StateMachines

/// The guards of `workflows/partner.yaml`.
enum PartnerGuards {
    typealias Condition = Rules<PartnerFacts>.Condition

    static let all: [String: Condition] = [
        "credit_limit_fits_terms": Condition(readsInputs: true) { _, context in
            let limit = context.inputs.integer("credit_limit") ?? 0
            let isPrepaid = context.inputs.text("payment_terms") == PaymentTerms.prepaid.rawValue
            return isPrepaid ? (limit >= 0 ? .yes : .no()) : (limit > 0 ? .yes : .no())
        },
        "no_open_orders": Condition { facts, _ in
            facts.openOrders == 0 ? .yes : .no(["count": "\(facts.openOrders)"])
        },
        "no_unpaid_invoices": Condition { facts, _ in
            facts.openInvoices == 0
                ? .yes
                : .no(["amount": MoneyText.dollars(facts.amountDueCents), "count": "\(facts.openInvoices)"])
        },
    ]
}
