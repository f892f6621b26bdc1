import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct InvoiceTimeTests {
    @Test func `it becomes overdue at the midnight after its due date, not before`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(384_500, at: InvoiceBed.time("2026-03-03 15:00"))
            try await bed.fireDue(at: InvoiceBed.time("2026-04-02 23:59"))
            #expect(try await bed.summary(id).state == "pending")
            try await bed.fireDue(at: InvoiceBed.time("2026-04-03 00:00"))
            let invoice = try await bed.summary(id)
            #expect(invoice.state == "overdue")
            #expect(invoice.since == InvoiceBed.time("2026-04-03 00:00"))
        }
    }

    @Test func `the late fee is 1.50 % of the open principal, to the cent, once (R-12)`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(384_500, at: InvoiceBed.time("2026-03-03 15:00"))
            try await bed.fireDue(at: InvoiceBed.time("2026-04-16 23:59"))
            #expect(try await bed.summary(id).lateFeeCents == 0)
            for _ in 0..<3 { try await bed.fireDue(at: InvoiceBed.time("2026-04-17 09:00")) }
            let invoice = try await bed.summary(id)
            #expect(invoice.lateFeeCents == 5_768)
            #expect(invoice.amountDueCents == 390_268)
            #expect(try await bed.next(id)["late_fee"] == InvoiceBed.time("2026-05-17 00:00"))
        }
    }

    @Test func `after an outage it has the dates and fees that it would have had`() async throws {
        try await InvoiceBed.with { bed in
            // Due 1 April; everything is down from 28 March to 17 May.
            let id = try await bed.invoice(100_000, at: InvoiceBed.time("2026-03-02 10:00"))
            try await bed.fireDue(at: InvoiceBed.time("2026-05-17 10:00"))
            let invoice = try await bed.summary(id)
            #expect(invoice.state == "overdue")
            #expect(invoice.since == InvoiceBed.time("2026-04-02 00:00"))
            let fees = try await bed.pool.query(
                "SELECT number, assessed_on, amount_cents FROM invoice_late_fees ORDER BY number")
            #expect(try fees.map { try $0.value("amount_cents", as: Int.self) } == [1_500, 1_500])
            let days = try fees.map { try $0.value("assessed_on", as: CalendarDay.self).description }
            #expect(days == ["2026-04-16", "2026-05-16"])
            #expect(try await bed.next(id)["late_fee"] == InvoiceBed.time("2026-06-15 00:00"))
            // What hangs on a record happens in the order in which it was meant to.
            let moments = try await bed.history(id).map(\.asOf)
            #expect(moments == moments.sorted())
            // "Due soon" is no longer true and is dropped.
            #expect(try await bed.reminders() == ["overdue_1", "overdue_7", "overdue_15", "overdue_30"])
        }
    }

    @Test func `the ladder has eight stages, each on its day at nine (R-13)`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(at: InvoiceBed.time("2026-03-02 10:00"))
            let before = try await bed.next(id)
            try await bed.fireDue(at: InvoiceBed.time("2026-04-02 00:00"))
            let after = try await bed.next(id)
            for (stage, day) in [
                ("due_soon", "2026-03-29"), ("due_today", "2026-04-01"), ("overdue_1", "2026-04-02"),
                ("overdue_7", "2026-04-08"), ("overdue_15", "2026-04-16"), ("overdue_30", "2026-05-01"),
                ("overdue_60", "2026-05-31"), ("overdue_90", "2026-06-30"),
            ] { #expect((before[stage] ?? after[stage]) == InvoiceBed.time("\(day) 09:00"), "\(stage)") }
        }
    }

    @Test func `terms shorter than three days skip "due soon" (R-13)`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(at: InvoiceBed.time("2026-03-02 08:00"), terms: "prepaid")
            #expect(try await bed.next(id).keys.sorted() == ["due_today", "past_due"])
            for moment in ["2026-03-02 09:00", "2026-03-03 09:00"] {
                try await bed.fireDue(at: InvoiceBed.time(moment))
            }
            #expect(try await bed.reminders() == ["due_today", "overdue_1"])
        }
    }

    @Test func `an invoice without accepted late-fee terms gets none, and history says why`() async throws {
        try await InvoiceBed.with(lateFees: false) { bed in
            let id = try await bed.invoice(at: InvoiceBed.time("2026-03-02 10:00"))
            try await bed.fireDue(at: InvoiceBed.time("2026-04-20 10:00"))
            #expect(try await bed.summary(id).lateFeeCents == 0)
            let noted = try await bed.history(id).first { $0.move == "late_fee" }?.noted.text ?? ""
            #expect(noted.contains("late_fee_terms_are_accepted"))
        }
    }

    @Test func `at most twelve fees are charged`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(at: InvoiceBed.time("2026-03-02 10:00"))
            try await bed.fireDue(at: InvoiceBed.time("2028-03-02 10:00"))
            #expect(try await bed.summary(id).lateFeeCents == 12 * 150)
            #expect(try await bed.next(id)["late_fee"] == nil)
        }
    }

    @Test func `many schedulers that fire the same timers at once fire each once`() async throws {
        try await InvoiceBed.with(connections: 8) { bed in
            let id = try await bed.invoice(100_000, at: InvoiceBed.time("2026-03-02 10:00"))
            let now = InvoiceBed.time("2026-05-17 10:00")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await bed.fireDue(at: now) } }
                try await group.waitForAll()
            }
            #expect(try await bed.summary(id).lateFeeCents == 3_000)
            let history = try await bed.history(id)
            #expect(history.map(\.seq) == Array(1...history.count))
            #expect(history.filter { $0.move == "apply_late_fee" }.count == 2)
            // Each fee was caused by its timer.
            for fee in history where fee.move == "apply_late_fee" {
                #expect(history.first { $0.id == fee.causedBy }?.move == "late_fee")
            }
        }
    }

    @Test func `three months late, the task of an admin is open until the invoice is settled`() async throws {
        try await InvoiceBed.with { bed in
            let id = try await bed.invoice(at: InvoiceBed.time("2026-03-02 10:00"))
            try await bed.fireDue(at: InvoiceBed.time("2026-07-02 10:00"))
            let admin = InvoiceBed.admin
            let now = InvoiceBed.time("2026-07-02 10:00")
            let before = try await bed.engine.explain(machine: "invoice", record: id, actor: admin, now: now)
            #expect(before?.tasks.map(\.task).sorted() == ["suspension_review", "uncollectible_review"])
            _ = try await bed.pay(1_000_000, on: id, at: now)
            let after = try await bed.engine.explain(machine: "invoice", record: id, actor: admin, now: now)
            #expect(after?.tasks.isEmpty == true)
        }
    }
}
