import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct RefusalTests {
    let issued = InvoiceBed.time("2026-03-03 15:00")

    @Test func `a refused move changes nothing and says why`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            _ = try await bed.pay(4_000, on: invoice, reference: "A", at: issued)
            let counts = try await bed.rowCounts()
            let refusals: [(String, [String: JSONValue], Actor, [String])] = [
                ("record_payment", bed.payment(0, "B"), InvoiceBed.admin, ["amount_is_positive"]),
                ("record_payment", bed.payment(-5, "A"), InvoiceBed.admin, ["amount_is_positive", "payment_known"]),
                ("record_payment", bed.payment(5, "A"), InvoiceBed.admin, ["payment_known"]),
                ("record_payment", [:], InvoiceBed.admin, ["input_missing", "input_missing", "input_missing"]),
                (
                    "record_payment",
                    ["amount": "5", "received_on": "2026-02-30", "reference": 7, "method": "gold", "colour": "red"],
                    InvoiceBed.admin,
                    ["input_invalid", "input_invalid", "input_invalid", "input_invalid", "input_unknown"]
                ),
                (
                    "cancel", ["reason": .string(String(repeating: "x", count: 2_001))], InvoiceBed.admin,
                    ["input_invalid"]
                ),
                ("cancel", ["reason": "wrong order"], InvoiceBed.admin, ["invoice_has_payments"]),
                ("apply_late_fee", [:], InvoiceBed.admin, ["not_from_here"]),
                ("mark_overdue", [:], InvoiceBed.admin, ["role"]),
                ("fly", [:], InvoiceBed.admin, ["unknown_move"]),
                ("fl\0y" + String(repeating: "!", count: 500), [:], InvoiceBed.admin, ["unknown_move"]),
                ("cancel", ["reason": "a\0b"], InvoiceBed.admin, ["input_invalid"]),
                ("reverse_payment", ["reference": "\0", "because": "bounced"], InvoiceBed.admin, ["input_invalid"]),
                (
                    "record_payment", bed.payment(5, "C"), Actor(kind: .admin, id: UUID(), role: "admin"),
                    ["permission"]
                ),
                ("record_payment", bed.payment(5, "C"), Actor(kind: .partnerUser, role: "partner_finance"), ["role"]),
                ("reopen_bounced", ["reference": "A", "reason": "r"], InvoiceBed.admin, ["not_from_here"]),
            ]
            for (move, inputs, actor, codes) in refusals {
                let outcome = try await bed.perform(move, on: invoice, inputs, by: actor, at: issued)
                #expect(outcome.codes == codes, "\(move) \(inputs)")
            }
            #expect(try await bed.rowCounts() == counts)
            let noted = try await bed.pool.query("SELECT count(*) AS count FROM workflow_refusals")
            #expect(try noted.first?.value("count") == refusals.count)
        }
    }

    @Test func `a refused message of an outside service is somebody's task`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            for _ in 0..<2 { _ = try await bed.pay(0, on: invoice, at: issued) }
            let explanation = try await bed.engine.explain(
                machine: "invoice", record: invoice, actor: InvoiceBed.admin, now: issued)
            #expect(explanation?.tasks.map(\.task) == ["refused_service"])
        }
    }

    @Test func `one payment reference sent for two invoices at once is recorded once and refused once`() async throws {
        try await InvoiceBed.with(connections: 4) { bed in
            let invoices = [try await bed.invoice(at: issued), try await bed.invoice(at: issued)]
            let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
                for invoice in invoices {
                    group.addTask { try await bed.pay(100, on: invoice, reference: "SAME", at: issued) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.compactMap(\.receipt).count == 1)
            #expect(outcomes.flatMap(\.codes) == ["payment_known"])
        }
    }

    @Test func `a reference of any length that a text may have is kept`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            var generator = SystemRandomNumberGenerator()
            let scalars = (0..<2_000).map { _ in Unicode.Scalar(UInt16.random(in: 0x4E00...0x9FFF, using: &generator)) }
            let long = String(String.UnicodeScalarView(scalars.compactMap { $0 }))
            #expect(try await bed.pay(100, on: invoice, reference: long, at: issued).receipt != nil)
            #expect(try await bed.pay(100, on: invoice, reference: long, at: issued).codes == ["payment_known"])
            let stacked = "a" + String(repeating: "\u{0301}", count: 2_000)
            #expect(try await bed.pay(100, on: invoice, reference: stacked, at: issued).codes == ["input_invalid"])
        }
    }

    @Test func `a refusal reads like a sentence`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            _ = try await bed.pay(4_000, on: invoice, at: issued)
            let outcome = try await bed.perform("cancel", on: invoice, ["reason": "wrong order"], at: issued)
            guard case .refused(let refusal) = outcome else { throw InvoiceBed.NotDone() }
            #expect(refusal.status == 409)
            #expect(refusal.state == "pending")
            #expect(refusal.reasons.first?.message == "$40.00 was paid. Give it back first.")
            #expect(refusal.reasons.first?.unblocks == "reverse_payment")
        }
    }

    @Test func `an invoice that does not exist is not found`() async throws {
        try await InvoiceBed.with { bed in
            let outcome = try await bed.pay(1, on: UUID(), at: issued)
            #expect(outcome.codes == ["not_found"])
        }
    }

    @Test func `a machine that only loads cannot be asked for a move`() async throws {
        try await InvoiceBed.with { bed in
            let command = Command(
                id: UUID(), machine: "order", record: UUID(), move: "confirm", actor: InvoiceBed.admin)
            await #expect(throws: EngineError.self) { try await bed.engine.perform(command, now: issued) }
        }
    }

    @Test func `explain offers what can be done and says what blocks the rest`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            _ = try await bed.pay(4_000, on: invoice, at: issued)
            let explanation = try await bed.engine.explain(
                machine: "invoice", record: invoice, actor: InvoiceBed.admin, now: issued)
            let moves = Dictionary(
                uniqueKeysWithValues: try #require(explanation).moves.map { ($0.move.name.text, $0) })
            #expect(moves["record_payment"]?.isEnabled == true)
            #expect(moves["cancel"]?.blockedBy.map(\.code) == ["invoice_has_payments"])
            #expect(moves["reopen_bounced"]?.isReachable == false)
            #expect(moves["start_payment"]?.blockedBy.map(\.code) == ["role"])
            #expect(moves["mark_overdue"] == nil)
            #expect(explanation?.next.map(\.timer) == ["due_soon", "due_today", "past_due"])
        }
    }
}
