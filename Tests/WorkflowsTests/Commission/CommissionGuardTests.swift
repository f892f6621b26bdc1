import Foundation
import StateMachines
import Testing

@testable import Workflows

@Suite struct CommissionGuardTests {
    private static let now = Date(timeIntervalSince1970: 1_772_474_400)
    private static let twin = UUID()

    private static func facts(
        _ kind: Accrual.Kind = .order, _ change: (inout CommissionFacts) -> Void = { _ in }
    ) -> CommissionFacts {
        let rep = UUID()
        var facts = CommissionFacts(
            earner: CommissionFacts.Earner(rep: rep, samePerson: [rep, twin]), kind, on: nil, amountCents: 500,
            rateBP: 500, baseCents: 10_000)
        change(&facts)
        return facts
    }

    private static func context(_ inputs: [String: JSONValue] = [:]) throws -> MoveContext {
        let asks = ["reason", "payout"].map { Ask(name: Word(stringLiteral: $0), type: .text) }
        return MoveContext(
            actor: Actor(kind: .admin, id: twin, role: "admin"), inputs: try Inputs(inputs, for: asks), now: now,
            calendar: CompanyCalendar(zone: .gmt))
    }

    private static func payout(closed: Bool) -> CommissionFacts.Payout {
        CommissionFacts.Payout(id: UUID(), period: CalendarDay(daysSince1970: 20_454), isClosed: closed)
    }

    @Test(
        arguments: [
            ("earning_is_settled", facts(), facts { $0.isSettled = false }),
            ("earning_is_not_settled", facts { $0.isSettled = false }, facts()),
            ("not_reversed", facts(), facts { $0.reversedAt = now }),
            ("is_a_clawback", facts(.clawback), facts(.adjustment)),
            ("is_not_a_clawback", facts(.adjustment), facts(.clawback)),
            ("is_new_partner_bonus", facts(.newPartner), facts(.upsell)),
            ("payout_is_open", facts { $0.named = payout(closed: false) }, facts { $0.named = payout(closed: true) }),
            ("payout_is_open", facts { $0.named = payout(closed: false) }, facts()),
            ("payout_is_set", facts { $0.payoutID = UUID() }, facts()),
        ] as [(String, CommissionFacts, CommissionFacts)])
    func `each guard holds where it should and refuses where it should not`(
        _ name: String, _ good: CommissionFacts, _ bad: CommissionFacts
    ) throws {
        let condition = try #require(CommissionRules.guards[name])
        #expect(condition.answer(good, try Self.context()) == .yes)
        #expect(condition.answer(bad, try Self.context()) != .yes)
    }

    @Test func `a refusal names what is not paid`() throws {
        let facts = Self.facts {
            $0.isSettled = false
            $0.waitsFor = "Invoice INV-10001"
        }
        let answer = CommissionRules.guards["earning_is_settled"]?.answer(facts, try Self.context())
        #expect(answer == .no(["invoice": "Invoice INV-10001"]))
    }

    @Test func `whoever earns it may not approve it, under whichever account`() throws {
        let isEarner = try #require(CommissionRules.separations["earner"])
        let facts = Self.facts()
        #expect(isEarner(facts, Actor(kind: .salesRep, id: facts.earner.rep, role: "rep")))
        #expect(isEarner(facts, Actor(kind: .admin, id: Self.twin, role: "admin")))
        #expect(!isEarner(facts, Actor(kind: .admin, id: UUID(), role: "admin")))
    }

    private func apply(
        _ name: String, to facts: inout CommissionFacts, _ inputs: [String: JSONValue] = [:]
    ) throws {
        let apply = try #require(CommissionRules.applies[name])
        apply(&facts, try Self.context(inputs))
    }

    @Test func `what has nothing to wait for can be approved at once`() throws {
        var settled = Self.facts()
        try apply("set_approvable_if_earned", to: &settled)
        #expect(settled.approvableAt == Self.now)
        #expect(settled.period == EarningPeriod("2026-03"))
        var waiting = Self.facts { $0.isSettled = false }
        try apply("set_approvable_if_earned", to: &waiting)
        #expect(waiting.approvableAt == nil)
        try apply("set_approvable", to: &waiting)
        #expect(waiting.value(ofFact: "approvable_at") == .instant(Self.now))
    }

    @Test func `an approval keeps who gave it, and a payment its payout`() throws {
        var facts = Self.facts { $0.named = Self.payout(closed: false) }
        try apply("set_commission_approver", to: &facts)
        #expect(facts.approvedBy == Self.twin)
        try apply("set_payout", to: &facts)
        #expect(facts.payoutID == facts.named?.id)
    }

    @Test func `a reversed row is zero, belongs to no payout and says why`() throws {
        var facts = Self.facts { $0.payoutID = UUID() }
        try apply("zero_commission", to: &facts, ["reason": "order cancelled"])
        #expect(facts.amountCents == 0)
        #expect(facts.baseCents == 0)
        #expect(facts.reversedAt == Self.now)
        #expect(facts.payoutID == nil)
        #expect(facts.reversalReason == "order cancelled")
    }

    @Test func `of a refund in parts each part counts, and only of the last refund (R-17)`() {
        func refund(_ cents: Int64) -> MoneyReturned {
            MoneyReturned(id: UUID(), kind: "refund", returned: .refund(amountCents: cents))
        }
        let note = MoneyReturned(
            id: UUID(), kind: "credit_note", returned: .creditNote(amountCents: 100, unappliedCents: 100))
        let returns = [refund(50), note, refund(80), refund(70)]
        #expect(MoneyReturned.countedCents(of: returns, kind: "refund", lastCents: 150) == 50)
        #expect(MoneyReturned.countedCents(of: returns, kind: "credit_note", lastCents: 100) == 100)
    }
}
