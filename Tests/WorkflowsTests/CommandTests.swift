import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct CommandTests {
    let issued = InvoiceBed.time("2026-03-03 15:00")

    @Test func `fifty parallel requests with one id make one event and get one answer`() async throws {
        try await InvoiceBed.with(connections: 8) { bed in
            let invoice = try await bed.invoice(at: issued)
            let id = UUID()
            let answers = try await withThrowingTaskGroup(of: Outcome.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await bed.pay(4_000, on: invoice, reference: "ONE", id: id, at: issued) }
                }
                return try await group.reduce(into: Set<Outcome>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
            #expect(try await bed.history(invoice).map(\.move) == ["create", "record_payment"])
            #expect(try await bed.summary(invoice).amountPaidCents == 4_000)
        }
    }

    @Test func `fifty different requests at once make a chain without a gap, and no update is lost`() async throws {
        try await InvoiceBed.with(connections: 8) { bed in
            let invoice = try await bed.invoice(100_000, at: issued)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask { _ = try await bed.pay(1_000, on: invoice, at: issued) }
                }
                try await group.waitForAll()
            }
            #expect(try await bed.history(invoice).map(\.seq) == Array(1...51))
            #expect(try await bed.summary(invoice).amountPaidCents == 50_000)
        }
    }

    @Test func `a repeated command is answered as the first time, though the record has moved on`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            let id = UUID()
            let first = try await bed.pay(4_000, on: invoice, reference: "A", id: id, at: issued)
            _ = try await bed.pay(6_000, on: invoice, at: issued)
            let counts = try await bed.rowCounts()
            let again = try await bed.pay(4_000, on: invoice, reference: "A", id: id, at: issued.addingTimeInterval(60))
            #expect(again == first)
            #expect(try await bed.rowCounts() == counts)
        }
    }

    @Test func `an id that was used for something else is refused`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            let id = UUID()
            _ = try await bed.pay(4_000, on: invoice, reference: "A", id: id, at: issued)
            let counts = try await bed.rowCounts()
            let other = try await bed.perform(
                "record_payment", on: invoice, bed.payment(5_000, "A"), id: id, at: issued)
            #expect(other.codes == ["command_reused"])
            #expect(try await bed.rowCounts() == counts)
        }
    }

    @Test func `a transition takes two round trips`() async throws {
        try await InvoiceBed.with(connections: 1) { bed in
            let invoice = try await bed.invoice(at: issued)
            let before = try await bed.pool.run { $0.roundTrips }
            _ = try await bed.pay(1_000, on: invoice, at: issued)
            let after = try await bed.pool.run { $0.roundTrips }
            #expect(after - before == 2)
        }
    }

    @Test func `a dry run tells everything that would happen and leaves nothing behind`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            let counts = try await bed.rowCounts()
            let next = try await bed.next(invoice)
            let id = UUID()
            let outcome = try await bed.perform(
                "record_payment", on: invoice, bed.payment(10_000, "P"), id: id, dryRun: true, at: issued)
            let receipt = try #require(outcome.receipt)
            #expect(receipt.isDryRun)
            #expect(receipt.state == "paid")
            #expect(receipt.jobs.map(\.kind) == ["notify", "refresh_partner_figures"])
            #expect(receipt.next.isEmpty)
            #expect(try await bed.rowCounts() == counts)
            #expect(try await bed.next(invoice) == next)
            // Its id is still free.
            let real = try await bed.perform(
                "record_payment", on: invoice, bed.payment(10_000, "P"), id: id, at: issued)
            #expect(real.receipt?.isDryRun == false)
        }
    }

    @Test func `a move that was seen on an older state of the record is refused when that matters`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            _ = try await bed.pay(1_000, on: invoice, at: issued)
            let stale = try await bed.perform(
                "record_payment", on: invoice, bed.payment(2_000, "P"), expectedSeq: 1, at: issued)
            #expect(stale.codes == ["changed_meanwhile"])
            let fresh = try await bed.perform(
                "record_payment", on: invoice, bed.payment(2_000, "P"), expectedSeq: 2, at: issued)
            #expect(fresh.receipt?.seq == 3)
        }
    }
}
