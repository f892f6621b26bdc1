import Foundation
import StateMachines

/// The guards of `workflows/deal.yaml`.
enum DealGuards {
    typealias Condition = Rules<DealFacts>.Condition

    static let all: [String: Condition] = [
        "deal_has_lead_or_partner": Condition { facts, _ in
            (facts.kind == .newBusiness ? facts.lead != nil : facts.partner != nil) ? .yes : .no()
        },
        "proposal_was_sent": Condition { facts, _ in
            facts.hasSentProposal ? .yes : .no(unblocks: "proposal.send")
        },
        "won_reason_or_accepted_proposal": Condition(readsInputs: true) { facts, context in
            let reason = context.inputs.text("won_reason") ?? ""
            return facts.hasAcceptedProposal || !reason.allSatisfy(\.isWhitespace) ? .yes : .no()
        },
        "deal_value_is_set": Condition { facts, _ in facts.valueCents > 0 ? .yes : .no() },
        // An upsell or renewal makes no partner: it has one.
        "business_details_are_complete": Condition { facts, _ in
            guard facts.kind == .newBusiness, let lead = facts.lead, !lead.missing.isEmpty else { return .yes }
            return .no(["missing": lead.missing.joined(separator: ", ")])
        },
        "lead_is_open_or_absent": Condition { facts, _ in
            guard let lead = facts.lead, !lead.isOpen else { return .yes }
            return .no(["lead.company_name": lead.companyName], unblocks: "lead.reopen")
        },
        "partner_of_deal_is_not_active": Condition { facts, _ in
            guard facts.kind == .newBusiness, let partner = facts.madePartner,
                partner.status == "active" || partner.status == "suspended"
            else { return .yes }
            return .no(["partner.business_name": partner.businessName])
        },
        "no_commission_paid_on_deal": Condition { facts, context in
            guard let paid = facts.commissionPaidAt else { return .yes }
            return .no(["paid_on": context.calendar.day(of: paid).description])
        },
    ]
}

/// The applies of `workflows/deal.yaml`: each changes facts and nothing else.
enum DealApplies {
    typealias Apply = @Sendable (inout DealFacts, MoveContext) -> Void

    static let all: [String: Apply] = [
        // Won by an accepted proposal, there is no other reason to keep.
        "set_won_reason": { facts, context in
            if let reason = context.inputs.text("won_reason"), !reason.allSatisfy(\.isWhitespace) {
                facts.wonReason = reason
            }
        },
        "set_lost_reason": { facts, context in
            facts.lostReason = context.inputs.text("lost_reason")
            facts.lostDetails = context.inputs.text("lost_details")
        },
        "clear_close": { facts, _ in
            facts.actualCloseDate = nil
            (facts.wonReason, facts.lostReason, facts.lostDetails) = (nil, nil, nil)
        },
    ]
}
