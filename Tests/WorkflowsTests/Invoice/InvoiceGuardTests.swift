import Foundation
import StateMachines
import Testing

@testable import Workflows

/// Each guard of an invoice once true and once false, over facts alone.
@Suite struct InvoiceGuardTests {
    private static let now = InvoiceBed.time("2026-04-20 10:00")
    private static let day = InvoiceBed.calendar.day(of: now)

    struct Case: Sendable {
        var name: String
        var good: @Sendable (inout InvoiceFacts) -> Void = { _ in }
        var bad: @Sendable (inout InvoiceFacts) -> Void = { _ in }
        /// What is given where the guard holds, and where it does not.
        var given: [String: JSONValue] = [:]
        var wrong: [String: JSONValue]?
    }

    /// An invoice of 1,000.00 that fell due nineteen days ago.
    private static func facts(_ change: (inout InvoiceFacts) -> Void) -> InvoiceFacts {
        var facts = InvoiceFacts(
            id: UUID(), number: "INV-10001", orderID: UUID(),
            partner: .init(id: UUID(), zone: .gmt, lateFeeTermsAcceptedOn: day.adding(days: -90)),
            subtotalCents: 100_000, taxCents: 0, shippingCents: 0, totalCents: 100_000, terms: .net30,
            issuedOn: day.adding(days: -49), dueDate: day.adding(days: -19), dunningBlock: false, payments: [],
            lateFees: [], creditNotes: [])
        change(&facts)
        return facts
    }

    private static func payment(_ cents: Int64, _ state: InvoicePayment.State = .succeeded) -> InvoicePayment {
        InvoicePayment(
            reference: "P-1", amountCents: cents, principalCents: state == .succeeded ? cents : 0, state: state,
            recordedBy: .system, recordedAt: now)
    }

    private static func fee(_ number: Int = 1, paid: Int64 = 0, waived: String? = nil) -> LateFee {
        LateFee(
            number: number, assessedOn: day, principalCents: 100_000, amountCents: 1_500, paidCents: paid,
            waivedReason: waived)
    }

    static let cases = [
        Case(name: "nothing_left_to_pay", good: { $0.payments = [payment(100_000)] }),
        Case(
            name: "nothing_left_to_pay", good: { $0.payments = [payment(100_000)] },
            bad: { invoice in (invoice.payments, invoice.lateFees) = ([payment(100_000)], [fee()]) }),
        Case(name: "nothing_paid_yet", bad: { $0.payments = [payment(1)] }),
        Case(name: "amount_is_positive", given: ["amount": 1], wrong: ["amount": 0]),
        Case(name: "amount_not_above_due", given: ["amount": 100_000], wrong: ["amount": 100_001]),
        Case(
            name: "payment_reference_is_new", bad: { $0.knownReference = .init(reference: "P-1", recordedAt: now) },
            given: ["reference": "P-1"]),
        Case(
            name: "payment_exists", good: { $0.payments = [payment(5)] }, bad: { $0.payments = [payment(5, .failed)] },
            given: ["reference": "P-1"]),
        Case(
            name: "payment_exists", good: { $0.payments = [payment(5)] }, bad: { $0.payments = [payment(5)] },
            given: ["reference": "P-1"], wrong: ["reference": "P-2"]),
        Case(
            name: "payment_is_returned_to_customer", given: ["because": "returned_to_customer"],
            wrong: ["because": "bounced"]),
        Case(name: "credit_not_above_total", given: ["amount": 100_000], wrong: ["amount": 100_001]),
        Case(name: "due_date_has_passed", bad: { $0.dueDate = day }),
        Case(name: "due_date_has_passed", bad: { $0.dueDate = nil }),
        Case(name: "due_date_has_not_passed", good: { $0.dueDate = day }),
        Case(name: "reminders_are_running", bad: { $0.disputedAt = now }),
        Case(name: "reminders_are_running", bad: { $0.dunningBlock = true }),
        Case(name: "reminders_are_running", bad: { $0.writtenOffAt = now }),
        // A promise runs through the whole of its day.
        Case(
            name: "reminders_are_running", good: { $0.promiseToPayOn = day.adding(days: -1) },
            bad: { $0.promiseToPayOn = day }),
        Case(name: "late_fee_terms_are_accepted", bad: { $0.partner.lateFeeTermsAcceptedOn = nil }),
        Case(
            name: "late_fee_terms_are_accepted", good: { $0.partner.lateFeeTermsAcceptedOn = day },
            bad: { $0.partner.lateFeeTermsAcceptedOn = day.adding(days: 1) }),
        Case(name: "invoice_is_disputed", good: { $0.disputedAt = now }),
        Case(name: "invoice_is_not_disputed", bad: { $0.disputedAt = now }),
        Case(
            name: "no_promise_is_running", good: { $0.promiseToPayOn = day.adding(days: -1) },
            bad: { $0.promiseToPayOn = day }),
        Case(
            name: "promised_day_is_ahead", given: ["pay_on": .string(day.description)],
            wrong: ["pay_on": .string(day.adding(days: -1).description)]),
        // Ten dollars are enough; one cent less is not.
        Case(
            name: "principal_is_above_minimum", good: { $0.payments = [payment(99_000)] },
            bad: { $0.payments = [payment(99_001)] }),
        Case(
            name: "late_fees_are_below_maximum", good: { $0.lateFees = (1...11).map { fee($0) } },
            bad: { $0.lateFees = (1...12).map { fee($0) } }),
        Case(
            name: "late_fee_is_unpaid", good: { $0.lateFees = [fee()] }, bad: { $0.lateFees = [fee(paid: 1)] },
            given: ["number": 1]),
        Case(
            name: "late_fee_is_unpaid", good: { $0.lateFees = [fee()] }, bad: { $0.lateFees = [fee(waived: "kind")] },
            given: ["number": 1]),
        Case(name: "invoice_is_not_written_off", bad: { $0.writtenOffAt = now }),
    ]

    private static let asks = [
        Ask(name: "amount", type: .money), Ask(name: "number", type: .integer), Ask(name: "pay_on", type: .date),
        Ask(name: "reference", type: .text), Ask(name: "because", type: .text),
    ]

    @Test("each guard holds where it should and refuses where it should not", arguments: cases.indices)
    func guarding(_ index: Int) throws {
        let one = Self.cases[index]
        let condition = try #require(InvoiceGuards.all[one.name])
        func answer(_ facts: InvoiceFacts, _ given: [String: JSONValue]) throws -> GuardAnswer {
            condition.answer(
                facts,
                MoveContext(
                    actor: .system, inputs: try Inputs(given, for: Self.asks), now: Self.now,
                    calendar: InvoiceBed.calendar))
        }
        #expect(try answer(Self.facts(one.good), one.given) == .yes, "\(one.name)")
        #expect(try answer(Self.facts(one.bad), one.wrong ?? one.given) != .yes, "not \(one.name)")
    }

    @Test("no guard is left out") func complete() {
        #expect(Set(Self.cases.map(\.name)) == Set(InvoiceGuards.all.keys))
    }
}
