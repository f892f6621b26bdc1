import Database
import Foundation
import TestSupport
import Testing

/// What becomes of mail when the other side will not have it, or has to be asked twice.
@Suite(.serialized) struct MailThatDoesNotLeaveTests {
    @Test(.timeLimit(.minutes(2)))
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

    @Test(.timeLimit(.minutes(5)))
    func `a reminder that waited for its mail server is dropped when the invoice was paid meanwhile`() async throws {
        try await Installation.with(failingFirst: 10_000) { house in
            // A day after Bluebird's due date.
            let later = house.environment(adding: ["DRIZZL_CLOCK_SHIFT": "\(32 * 86_400)"])
            let programs = [
                try DrizzlProcess.start(["work"], environment: later),
                try DrizzlProcess.start(["schedule"], environment: later),
            ]
            let invoice = try await house.ship()
            try await eventually("the reminder waits: \(programs.map(\.output))", within: .seconds(150)) {
                try await house.number(
                    """
                    SELECT count(*) FROM outbound_emails
                    WHERE record_id = \(invoice) AND template = 'payment_reminder' AND state = 'sending'
                    """) == 1
            }
            let web = try await Web.serve(house)
            let paid = try await web.post(
                "/api/v1/invoices/\(invoice.uuidString.lowercased())/transitions",
                """
                {"move": "record_payment",
                 "inputs": {"amount": 203000, "received_on": "2026-03-10", "reference": "ALL", "method": "check"}}
                """)
            #expect(paid.json["state"] as? String == "paid")
            try await eventually("the reminder is dropped: \(programs.map(\.output))", within: .seconds(90)) {
                try await house.number(
                    """
                    SELECT count(*) FROM outbound_emails
                    WHERE record_id = \(invoice) AND template = 'payment_reminder' AND state = 'dropped'
                    """) == 1
            }
            #expect(try await house.number("SELECT count(*) FROM invoice_reminders WHERE invoice_id = \(invoice)") == 0)
            for program in programs + [web.program] { await program.stop() }
        }
    }
}
