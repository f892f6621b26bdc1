import StateMachines

/// The applies of `workflows/partner.yaml`: each changes facts and nothing else.
enum PartnerApplies {
    typealias Apply = @Sendable (inout PartnerFacts, MoveContext) -> Void

    /// What is kept when a partner takes its own application back.
    static let withdrawn = "withdrawn"

    static let all: [String: Apply] = [
        // Another discount than the tier's was agreed under the old tier, and ends with it.
        "set_tier": { facts, context in
            guard let tier = context.inputs.text("tier").flatMap(PartnerFacts.Tier.init) else { return }
            facts.tier = tier
            facts.discountBp = tier.discountBp
        },
        "set_terms": { facts, context in
            facts.terms = context.inputs.text("payment_terms").flatMap(PaymentTerms.init) ?? facts.terms
            facts.creditLimitCents = context.inputs.integer("credit_limit") ?? facts.creditLimitCents
        },
        "set_approver": { facts, context in
            facts.approvedBy = context.actor.id
            facts.approvedAt = context.asOf
        },
        "set_closed_reason": { facts, context in
            facts.closedReason = context.inputs.text("reason") ?? withdrawn
        },
        "end_portal_access": { facts, _ in facts.hasPortalAccessEnded = true },
    ]
}
