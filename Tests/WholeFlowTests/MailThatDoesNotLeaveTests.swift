import Database
import Foundation
import TestSupport
import Testing

/// What becomes of mail when the other side will not have it, or has to be asked twice.
@Suite(.serialized) struct MailThatDoesNotLeaveTests {
    @Test(.timeLimit(.minutes(10)))
    func `a mail that the server refuses for good is a dead letter that says so`() async throws {
        try await Installation.with(refusing: ["rosa@bluebirdcafe.example"]) { house in
            let worker = try DrizzlProcess.start(["work"], environment: house.environment)
            let invoice = try await house.ship()
            try await eventually("the mail is refused: \(worker.output)") {
                try await house.number(
                    """
                    SELECT count(*) FROM outbound_emails WHERE record_id = \(invoice) AND state = 'refused'
                    """) == 1
            }
            try await eventually("its job is dead") {
                try await house.number(
                    "SELECT count(*) FROM queue.dead WHERE reason = 'discarded' AND detail LIKE '%550%'") == 1
            }
            // The others' mail is none of its business.
            try await eventually("the other people of the partner have theirs") {
                try await house.mail.messages().count >= 1
            }
            await worker.stop()
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a reminder that waited for its mail server is dropped when the invoice was paid meanwhile`() async throws {
        try await Installation.with(failingFirst: 10_000) { house in
            // A day after Bluebird's due date.
            let later = house.environment(adding: ["DRIZZL_CLOCK_SHIFT": "\(32 * 86_400)"])
            let programs = [
                try DrizzlProcess.start(["work"], environment: later),
                try DrizzlProcess.start(["schedule"], environment: later),
            ]
            let shipped = try await house.ship()
            // One mail lists all that Bluebird owes; it is about the invoice whose turn came first.
            let waiting: SQL = """
                FROM outbound_emails m JOIN invoices i ON i.id = m.record_id
                WHERE i.partner_id = (SELECT partner_id FROM invoices WHERE id = \(shipped))
                  AND m.template = 'payment_reminder' AND m.state = 'sending'
                """
            try await eventually("the reminder waits: \(programs.map(\.output))", within: .seconds(90)) {
                try await house.number("SELECT count(*) \(waiting)") > 0
            }
            let rows = try await house.pool.query("SELECT i.id, i.amount_due_cents \(waiting) LIMIT 1")
            let invoice = try #require(try rows.first?.value("id", as: UUID.self))
            let due = try #require(try rows.first?.value("amount_due_cents", as: Int.self))
            let web = try await Web.serve(house)
            let paid = try await web.post(
                "/api/v1/invoices/\(invoice.uuidString.lowercased())/transitions",
                """
                {"move": "record_payment",
                 "inputs": {"amount": \(due), "received_on": "2026-03-10", "reference": "ALL", "method": "check"}}
                """)
            #expect(paid.json["state"] as? String == "paid", "\(paid.text)")
            try await eventually("the reminder is dropped: \(programs.map(\.output))", within: .seconds(90)) {
                try await house.number(
                    """
                    SELECT count(*) FROM outbound_emails
                    WHERE record_id = \(invoice) AND template = 'payment_reminder' AND state = 'dropped'
                    """) == 1
            }
            for program in programs + [web.program] { await program.stop() }
        }
    }
}
