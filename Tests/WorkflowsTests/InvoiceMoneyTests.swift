import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct InvoiceMoneyTests {
    let issued = InvoiceBed.time("2026-03-03 15:00")

    @Test func `an issued invoice has its number, due date, jobs and timers in one transaction`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(384_500, at: issued)
            let invoice = try await bed.summary(id)
            #expect(invoice.state == "pending")
            #expect(invoice.number == "INV-10001")
            #expect(invoice.dueDate == CalendarDay("2026-04-02"))
            #expect(invoice.amountDueCents == 384_500)
            #expect(try await bed.jobs(id) == ["generate_pdf", "send_email"])
            // The clock changes on 8 March: nine o'clock stays nine o'clock.
            #expect(
                try await bed.next(id) == [
                    "due_soon": InvoiceBed.time("2026-03-30 09:00"), "due_today": InvoiceBed.time("2026-04-02 09:00"),
                    "past_due": InvoiceBed.time("2026-04-03 00:00"),
                ])
        }
    }

    @Test func `a part payment leaves it open, the rest settles it and takes its timers away`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(10_000, at: issued)
            let first = try #require(try await bed.pay(4_000, on: id, at: issued).receipt)
            #expect(first.state == "pending")
            #expect(first.jobs.map(\.kind) == ["notify", "refresh_partner_figures"])
            #expect(try await bed.summary(id).amountDueCents == 6_000)
            let second = try #require(try await bed.pay(6_000, on: id, at: issued).receipt)
            #expect(second.state == "paid")
            #expect(second.next.isEmpty)
            #expect(try await bed.summary(id).amountDueCents == 0)
            #expect(try await bed.next(id).isEmpty)
        }
    }

    @Test func `principal is paid before fees, and what is too much becomes credit (R-14)`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(10_000, at: issued)
            _ = try await bed.pay(4_000, on: id, at: issued)
            try await bed.fireDue(at: InvoiceBed.time("2026-04-17 09:00"))
            var invoice = try await bed.summary(id)
            #expect(invoice.state == "overdue")
            #expect(invoice.lateFeeCents == 90)
            #expect(invoice.amountDueCents == 6_090)
            let paid = try await bed.pay(6_050, on: id, at: InvoiceBed.time("2026-04-17 10:00"))
            #expect(paid.receipt?.state == "overdue")
            #expect(try await bed.summary(id).amountDueCents == 40)
            // No principal is left, so no further fee.
            try await bed.fireDue(at: InvoiceBed.time("2026-05-17 09:00"))
            #expect(try await bed.summary(id).lateFeeCents == 90)
            let last = try await bed.pay(1_040, on: id, at: InvoiceBed.time("2026-05-18 09:00"))
            #expect(last.receipt?.state == "paid")
            invoice = try await bed.summary(id)
            #expect(invoice.amountDueCents == 0)
            let credit = try await bed.pool.query("SELECT sum(unapplied_cents)::bigint AS credit FROM payments")
            #expect(try credit.first?.value("credit") == 1_000)
        }
    }

    @Test func `a bounced payment reopens the invoice as overdue, with a reason`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(10_000, at: issued)
            _ = try await bed.pay(10_000, on: id, reference: "CHK-1", at: issued)
            let later = InvoiceBed.time("2026-04-20 10:00")
            let silent = try await bed.perform("reopen_bounced", on: id, ["reference": "CHK-1"], at: later)
            #expect(silent.codes == ["input_missing"])
            let unknown = try await bed.perform(
                "reopen_bounced", on: id, ["reference": "CHK-9", "reason": "no funds"], at: later)
            #expect(unknown.codes == ["payment_exists"])
            let reopened = try await bed.perform(
                "reopen_bounced", on: id, ["reference": "CHK-1", "reason": "no funds"], at: later)
            #expect(reopened.receipt?.state == "overdue")
            #expect(try await bed.summary(id).amountDueCents == 10_000)
            #expect(try await bed.history(id).last?.reason == "no funds")
        }
    }

    @Test func `a credit note takes off principal and has a number of its own series`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(10_000, at: issued)
            let tooMuch = try await bed.perform(
                "issue_credit_note", on: id, ["amount": 10_001, "reason": "price"], at: issued)
            #expect(tooMuch.codes == ["credit_not_above_total"])
            let note = try await bed.perform(
                "issue_credit_note", on: id, ["amount": 2_500, "reason": "price"], at: issued)
            #expect(note.receipt?.jobs.map(\.kind) == ["generate_pdf", "send_email"])
            let invoice = try await bed.summary(id)
            #expect(invoice.creditedCents == 2_500)
            #expect(invoice.amountDueCents == 7_500)
            let numbers = try await bed.pool.query("SELECT number FROM credit_notes")
            #expect(try numbers.map { try $0.value("number", as: String.self) } == ["CN-10001"])
        }
    }

    @Test func `a disputed invoice gets no fee and no reminder, and the dispute is somebody's task`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(10_000, at: issued)
            try await bed.fireDue(at: InvoiceBed.time("2026-04-03 00:00"))
            let disputed = try await bed.perform(
                "dispute", on: id, ["reason": "two cases were warm"], at: InvoiceBed.time("2026-04-05 10:00"))
            #expect(disputed.receipt?.opened == ["dispute_review"])
            try await bed.fireDue(at: InvoiceBed.time("2026-04-17 09:00"))
            #expect(try await bed.summary(id).lateFeeCents == 0)
            let noted = try await bed.history(id).first { $0.move == "late_fee" }?.noted.text ?? ""
            #expect(noted.contains("invoice_is_not_disputed"))
            _ = try await bed.perform(
                "close_dispute", on: id, ["outcome": "settled"], at: InvoiceBed.time("2026-04-18 09:00"))
            let tasks = try await bed.pool.query("SELECT task FROM workflow_attention WHERE closed_at IS NULL")
            #expect(tasks.isEmpty)
        }
    }

    @Test func `a waived fee is no longer owed, and may settle the invoice`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(10_000, at: issued)
            try await bed.fireDue(at: InvoiceBed.time("2026-04-17 09:00"))
            _ = try await bed.pay(10_000, on: id, at: InvoiceBed.time("2026-04-18 09:00"))
            #expect(try await bed.summary(id).amountDueCents == 150)
            let waived = try await bed.perform(
                "waive_late_fee", on: id, ["number": 1, "reason": "long-standing partner"],
                at: InvoiceBed.time("2026-04-18 10:00"))
            #expect(waived.receipt?.state == "paid")
            #expect(try await bed.summary(id).lateFeeCents == 0)
        }
    }

    @Test func `numbers have no gaps, though transactions run at once and some are rolled back (R-34)`() async throws {
        try await InvoiceBed.with(connections: 8) { bed in
            let numbers = try await withThrowingTaskGroup(of: String?.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        let order = try await bed.order(1_000)
                        let command = Command(
                            id: UUID(), machine: "invoice", record: UUID(), move: "create",
                            inputs: ["order": .string(order.uuidString)],
                            actor: .system, isDryRun: index.isMultiple(of: 4))
                        let outcome = try await bed.engine.perform(command, now: issued)
                        guard let receipt = outcome.receipt, !receipt.isDryRun else { return nil }
                        return try await bed.summary(receipt.record).number
                    }
                }
                return try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            }
            #expect(numbers.sorted() == (10_001...10_030).map { "INV-\($0)" })
        }
    }
}
