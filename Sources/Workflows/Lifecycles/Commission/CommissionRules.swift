import StateMachines

/// The guards, applies and separations of `workflows/commission.yaml`.
enum CommissionRules {
    typealias Condition = Rules<CommissionFacts>.Condition
    typealias Apply = @Sendable (inout CommissionFacts, MoveContext) -> Void

    static let guards: [String: Condition] = [
        "earning_is_settled": Condition { facts, _ in
            facts.isSettled ? .yes : .no(["invoice": facts.waitsFor ?? "What it is earned on"])
        },
        "earning_is_not_settled": Condition { facts, _ in facts.isSettled ? .no() : .yes },
        "not_reversed": Condition { facts, context in
            facts.reversedAt.map { .no(["reversed_at": context.calendar.day(of: $0).description]) } ?? .yes
        },
        "is_a_clawback": Condition { facts, _ in facts.kind == .clawback ? .yes : .no() },
        "is_not_a_clawback": Condition { facts, _ in facts.kind == .clawback ? .no() : .yes },
        "is_new_partner_bonus": Condition { facts, _ in facts.kind == .newPartner ? .yes : .no() },
        "payout_is_open": Condition(readsInputs: true) { facts, _ in
            facts.named.map { $0.isClosed ? .no() : .yes } ?? .no()
        },
        "payout_is_set": Condition { facts, _ in facts.payoutID == nil ? .no() : .yes },
    ]

    static let applies: [String: Apply] = [
        "set_approvable_if_earned": { facts, context in
            facts.period = facts.period ?? EarningPeriod(monthOf: context.calendar.day(of: context.asOf))
            if facts.isSettled { facts.approvableAt = context.asOf }
        },
        "set_approvable": { facts, context in facts.approvableAt = context.asOf },
        "set_commission_approver": { facts, context in facts.approvedBy = context.actor.id },
        "set_payout": { facts, _ in facts.payoutID = facts.named?.id },
        "zero_commission": { facts, context in
            facts.baseCents = 0
            facts.amountCents = 0
            facts.reversedAt = context.asOf
            facts.reversalReason = context.inputs.text("reason")
            facts.payoutID = nil
        },
    ]

    static let separations: [String: @Sendable (CommissionFacts, Actor) -> Bool] = [
        "earner": { facts, actor in actor.id.map(facts.earner.samePerson.contains) ?? false }
    ]
}
