public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/commission.yaml`: one line of what a rep earns (L-08).
public struct CommissionLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `commission`.
    public static let machine = "commission"

    /// What a request to make one by hand says.
    static let body: [Ask] = [
        Ask(name: "type", type: .choice(["adjustment"]), isRequired: true),
        Ask(name: "sales_rep", type: .reference, isRequired: true),
        Ask(name: "amount_cents", type: .money, isRequired: true), Ask(name: "reason", type: .text),
    ]

    /// What the close of a period says (R-16).
    static let bonusBody: [Ask] = [
        Ask(name: "type", type: .choice(["quota_bonus"]), isRequired: true),
        Ask(name: "quota_period", type: .reference, isRequired: true),
    ]

    /// Guards, applies and separations by name.
    public var rules: Rules<CommissionFacts> {
        Rules(
            guards: CommissionRules.guards, applies: CommissionRules.applies,
            separations: CommissionRules.separations)
    }

    /// Reads commissions with what they wait for, and the payout that the move names.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        let period = Self.period(command?.inputs["payout"])
        return [
            CommissionRows.commissions(records, locking: locking),
            CommissionRows.payouts(records, of: period, locking: locking),
            "SELECT \(period?.start)::date AS period",
        ]
    }

    private static func period(_ given: JSONValue?) -> EarningPeriod? {
        if case .string(let text) = given { EarningPeriod(text) } else { nil }
    }

    /// The commissions that there are.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<CommissionFacts>] {
        let period = try results[2].rows.first?.optional("period", as: CalendarDay.self)
        let payouts = try results[1].rows.map { row in
            let payout = CommissionFacts.Payout(
                id: try row.value("id"), period: try row.value("period"),
                isClosed: try row.value("status", as: String.self) == "paid")
            return (rep: try row.value("sales_rep_id", as: UUID.self), payout: payout)
        }
        return try results[0].rows.map { row in
            var facts = try CommissionFacts(row)
            let known = payouts.first { $0.rep == facts.earner.rep }?.payout
            facts.named = known ?? period.map { CommissionFacts.Payout(id: UUID.v7(), period: $0, isClosed: false) }
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads the rep of an adjustment; of a bonus the quota and what was sold.
    ///
    /// - Throws: ``Refusal`` when the body is not what is asked for.
    public func prepare(_ command: Command) throws -> [SQL] {
        if Self.isBonus(command) {
            let body = try Inputs(command.inputs, for: Self.bonusBody)
            return [QuotaPeriod.reached(body.reference("quota_period"))]
        }
        let body = try Inputs(command.inputs, for: Self.body)
        let earner = CommissionRows.earnerColumns
        return ["SELECT \(earner) FROM sales_reps r WHERE r.id = \(body.reference("sales_rep"))"]
    }

    /// A bonus follows from figures, so only the system makes one.
    private static func isBonus(_ command: Command) -> Bool {
        command.actor.kind == .system && command.inputs["type"] == .string(Accrual.Kind.quotaBonus.rawValue)
    }

    /// The facts of an adjustment or a bonus; nil when there is no such rep or quota.
    ///
    /// - Throws: ``Refusal`` when the amount is zero or the quota was not reached; `DatabaseError` when a row cannot be
    ///   decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> CommissionFacts? {
        guard let row = results[0].rows.first else { return nil }
        var facts: CommissionFacts
        if Self.isBonus(command) {
            facts = try QuotaPeriod(row).bonus(for: CommissionFacts.Earner(row))
        } else {
            let body = try Inputs(command.inputs, for: Self.body)
            let amount = body.integer("amount_cents") ?? 0
            guard amount != 0 else {
                throw Refusal(
                    status: 422, code: "input_invalid", message: "An adjustment is not zero.", field: "amount_cents")
            }
            facts = CommissionFacts(
                earner: try CommissionFacts.Earner(row), .adjustment, on: nil, amountCents: amount)
            facts.reason = body.text("reason")
        }
        facts.id = command.record
        return facts
    }

    /// Writes a new commission.
    public func insert(_ change: Change<CommissionFacts>) -> [SQL] {
        [CommissionRows.insert(change.facts, change.standing)]
    }

    /// Writes what is different: the payout that a row goes into, then the row by compare and swap.
    public func update(_ change: Change<CommissionFacts>, before: Loaded<CommissionFacts>) -> [SQL] {
        let after = change.facts
        var statements: [SQL] = []
        if after.payoutID != nil, after.payoutID != before.facts.payoutID, let payout = after.named {
            statements.append(CommissionRows.make(payout, of: after.earner.rep))
        }
        statements.append(CommissionRows.update(after, change.standing, from: before.standing))
        if after.reversedAt != nil, before.facts.reversedAt == nil {
            statements.append(CommissionRows.zeroClawbacks(of: after.id))
        }
        return statements
    }

    /// Which commissions a payment, a cancellation or an undone win reaches.
    public var finders: [String: Finder] { CommissionFinders.all }

    /// Which commissions an order, a partner, a deal or a credit makes.
    public var factories: [String: Factory<CommissionFacts>] {
        [
            "commission_for_order": CommissionFactories.forOrder,
            "new_partner_commission": CommissionFactories.newPartner,
            "commission_for_deal": CommissionFactories.forDeal,
            "clawback_for_credit": CommissionFactories.clawback,
        ]
    }
}

/// The finders that give commissions; the vocabulary says in which states they are looked for.
enum CommissionFinders {
    static let all: [String: Finder] = [
        "commissions_waiting_for_payment": { source in
            """
            SELECT c.id FROM commissions c
            WHERE c.reversed_at IS NULL AND c.approvable_at IS NULL
              AND ((c.type = 'order' AND c.order_id = \(source.record))
                OR (c.type = 'new_partner'
                    AND c.reference_id = (SELECT partner_id FROM orders WHERE id = \(source.record))))
            ORDER BY c.id
            """
        },
        "unpaid_commissions_of_order": { source in
            """
            SELECT id FROM commissions
            WHERE order_id = \(source.record) AND type = 'order' AND reversed_at IS NULL
            ORDER BY id
            """
        },
        "unpaid_commissions_of_deal": { source in
            """
            SELECT id FROM commissions
            WHERE reference_type = 'deal' AND reference_id = \(source.record) AND reversed_at IS NULL
            ORDER BY id
            """
        },
    ]
}
