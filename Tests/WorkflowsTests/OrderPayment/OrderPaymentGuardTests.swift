import Foundation
import StateMachines
import Testing

@testable import Workflows

/// Each guard of an order's payment once true and once false, over facts alone.
@Suite struct OrderPaymentGuardTests {
    private static func facts(_ invoice: String?, due: Int64?, kept: [Int64] = [1_000]) -> OrderPaymentFacts {
        OrderPaymentFacts(
            id: UUID(), orderNumber: "ORD-10001", isConsumers: invoice == nil, zone: nil, totalCents: 1_000,
            invoiceStatus: invoice, invoiceDueCents: due,
            receipts: kept.map { OrderPaymentFacts.Receipt(payment: UUID(), leftCents: $0) }, refundedCents: 0)
    }

    private static let paid = facts("paid", due: 0)

    struct Case: Sendable {
        var name: String
        var good: OrderPaymentFacts
        var bad: OrderPaymentFacts
        var given: Int64 = 1
        var wrong: Int64 = 1
    }

    static let cases = [
        Case(name: "order_is_paid_in_full", good: paid, bad: facts("overdue", due: 1)),
        // A consumer has no invoice: the payments add up, or they do not.
        Case(name: "order_is_paid_in_full", good: facts(nil, due: nil), bad: facts(nil, due: nil, kept: [999])),
        Case(name: "order_is_not_paid_in_full", good: facts("pending", due: 1), bad: paid),
        Case(name: "amount_is_positive", good: paid, bad: paid, given: 1, wrong: 0),
        Case(name: "refund_not_above_paid", good: paid, bad: paid, given: 1_000, wrong: 1_001),
        Case(name: "refunds_cover_payments", good: facts("paid", due: 0, kept: [0, 0]), bad: paid),
    ]

    @Test("each guard holds where it should and refuses where it should not", arguments: cases.indices)
    func guarding(_ index: Int) throws {
        let one = Self.cases[index]
        let condition = try #require(OrderPaymentGuards.all[one.name])
        func answer(_ facts: OrderPaymentFacts, _ amount: Int64) throws -> GuardAnswer {
            let inputs = try Inputs(["amount": .integer(amount)], for: [Ask(name: "amount", type: .money)])
            return condition.answer(
                facts,
                MoveContext(
                    actor: .system, inputs: inputs, now: Date(timeIntervalSince1970: 0),
                    calendar: CompanyCalendar(zone: .gmt)))
        }
        #expect(try answer(one.good, one.given) == .yes, "\(one.name)")
        #expect(try answer(one.bad, one.wrong) != .yes, "not \(one.name)")
    }

    @Test("no guard is left out") func complete() {
        #expect(Set(Self.cases.map(\.name)) == Set(OrderPaymentGuards.all.keys))
    }

    @Test("a refund comes out of the newest payments first, and never out of more than there is")
    func refund() {
        var facts = Self.facts("paid", due: 0, kept: [600, 400])
        facts.refund(500, because: "damaged")
        #expect(facts.newRefunds.map(\.amountCents) == [400, 100])
        #expect(facts.keptCents == 500)
        #expect(facts.refundedCents == 500)
        facts.refund(900, because: "the rest")
        #expect(facts.refundedCents == 1_000)
    }
}
