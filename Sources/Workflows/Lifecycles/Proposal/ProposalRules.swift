import Foundation
import StateMachines

/// The guards of `workflows/proposal.yaml`.
enum ProposalGuards {
    typealias Condition = Rules<ProposalFacts>.Condition

    static let all: [String: Condition] = [
        "deal_is_open": Condition { facts, _ in facts.deal?.isOpen ?? false ? .yes : .no(unblocks: "lead.qualify") },
        "proposal_has_items": Condition { facts, _ in facts.items.isEmpty ? .no() : .yes },
        "prices_are_above_floor": Condition { facts, _ in
            let cheap = facts.items.first { item in
                let price = UnitPrice(cents: item.unitPriceCents)
                return !price.isAboveFloor(costCents: item.costCents, minMargin: facts.minMargin)
            }
            return cheap.map { .no(["product": $0.name]) } ?? .yes
        },
        "validity_is_ahead": Condition(readsInputs: true) { _, context in
            guard let day = context.inputs.day("valid_until") else { return .no(["valid_until": "The day"]) }
            return day >= context.calendar.day(of: context.now) ? .yes : .no(["valid_until": day.description])
        },
        // The last day counts in full.
        "proposal_is_still_valid": Condition { facts, context in
            guard let day = facts.validUntil, day < context.calendar.day(of: context.now) else { return .yes }
            return .no(["valid_until": day.description])
        },
        "opened_by_a_person": Condition { facts, _ in facts.openingIsAutomatic ? .no() : .yes },
    ]
}

/// The applies of `workflows/proposal.yaml`: each changes facts and nothing else.
enum ProposalApplies {
    typealias Apply = @Sendable (inout ProposalFacts, MoveContext) -> Void

    static let all: [String: Apply] = [
        "set_validity": { facts, context in facts.validUntil = context.inputs.day("valid_until") },
        "add_lead_document": { facts, _ in facts.isLeadDocument = facts.lead != nil },
        "record_signature": { facts, context in
            facts.signature = .init(
                name: context.inputs.text("signed_name") ?? "", at: context.asOf, documentHash: facts.documentHash,
                address: context.actor.address)
        },
    ]
}
