import Database
import Foundation
import TestSupport
import Testing

/// The main job on real input: real processes, a real PostgreSQL, a real mail server.
@Suite(.serialized) struct InvoiceLivesTests {
    @Test(.timeLimit(.minutes(10)))
    func `an invoice is issued by mail with its PDF, and paid in two parts over the API`() async throws {
        try await Installation.with { house in
            let worker = try DrizzlProcess.start(["work"], environment: house.environment)
            let invoice = try await house.ship()
            let number = try await house.numberOf(invoice)
            try await eventually("the invoice's mail arrives: \(worker.output)") {
                try await house.mail.messages().contains { !$0.attachments.isEmpty }
            }
            let mail = try #require(try await house.mail.messages().first { !$0.attachments.isEmpty })
            #expect(mail.recipients == ["rosa@bluebirdcafe.example"])
            #expect(mail.isEncrypted)
            #expect(mail.subject.contains(number))
            let attachment = try #require(mail.attachments.first)
            #expect(attachment.name == "\(number).pdf")
            #expect(attachment.type == "application/pdf")
            let text = try pdfText(attachment.bytes)
            for expected in [number, "ORD-10147", "Bluebird Cafe", "Green Detox Smoothie", "$2,000.00", "BB-2207"] {
                #expect(text.contains(expected), "the PDF names \(expected)")
            }

            let web = try await Web.serve(house)
            let path = "/api/v1/invoices/\(invoice.uuidString.lowercased())"
            #expect(try await web.get(path).json["status"] as? String == "pending")
            let part = try await web.post(path + "/transitions", payment(100_000, "CHK-1"))
            #expect(part.status == 200)
            #expect(part.json["state"] as? String == "pending")
            let rest = try await web.post(path + "/transitions", payment(100_000, "CHK-2"))
            #expect(rest.json["state"] as? String == "paid")
            let paid = try await web.get(path)
            #expect(paid.json["status"] as? String == "paid")
            #expect(paid.json["amount_due_cents"] as? Int == 0)
            #expect(try await web.get("/admin/command-center/invoices").text.contains(number))
            await web.program.stop()
            #expect(await worker.stop() == 0)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `an invoice goes overdue and gets its late fee exactly once, though processes are killed all the while`()
        async throws
    {
        // A mail takes a while, so that workers are killed while they are at it.
        try await Installation.with(mailDelay: .milliseconds(500)) { house in
            // Issued today and due in 30 days: 46 days ahead the first fee is due, and the second is not.
            let later = house.environment(adding: ["DRIZZL_CLOCK_SHIFT": "\(46 * 86_400)"])
            try await house.acceptLateFees()
            let invoice = try await house.ship()
            var programs: [DrizzlProcess] = []
            let roles = [["work"], ["work"], ["schedule"]]
            for role in roles { programs.append(try DrizzlProcess.start(role, environment: later)) }
            for round in 0..<6 {
                // A worker is killed while it has a job in hand that it took since the last one was killed.
                let victim = round % roles.count
                if roles[victim] == ["work"] {
                    guard try await someJobIsBegun(in: house) else { break }
                }
                await programs[victim].killHard()
                programs[victim] = try DrizzlProcess.start(roles[victim], environment: later)
            }
            try await eventually(
                "everything that was due has happened: \(programs.map(\.output))", within: .seconds(120)
            ) {
                let due = try await house.number(dueTimers)
                let leased = try await house.number("SELECT count(*) FROM queue.leases")
                let ready = try await house.number("SELECT count(*) FROM queue.ready")
                let unsent = try await house.number("SELECT count(*) FROM outbound_emails WHERE state = 'sending'")
                return due + leased + ready + unsent == 0
            }
            #expect(try await house.number("SELECT count(*) FROM queue.attempts WHERE outcome = 'lost'") > 0)
            for program in programs {
                let said = program.output
                // 143: told to stop before it had begun to listen for that.
                #expect([0, 143].contains(await program.stop()), "\(said)")
            }

            let fees = try await house.pool.query(
                "SELECT number, amount_cents FROM invoice_late_fees WHERE invoice_id = \(invoice)")
            #expect(try fees.map { try $0.value("amount_cents", as: Int.self) } == [3_000])
            #expect(
                try await house.number(
                    """
                    SELECT amount_due_cents FROM invoices WHERE id = \(invoice) AND status = 'overdue'
                    """) == 203_000)
            #expect(
                try await house.number(
                    "SELECT count(*) FROM workflow_events WHERE record_id = \(invoice) AND move = 'mark_overdue'") == 1)
            try await expectNothingLost(house)
        }
    }

    /// Waits until a job is begun that was not before; false when none is within ten seconds.
    private func someJobIsBegun(in house: Installation) async throws -> Bool {
        let mark = try await house.pool.query("SELECT clock_timestamp() AS mark").first?.value("mark", as: Date.self)
        do {
            try await eventually("a job is begun", within: .seconds(10)) {
                try await house.number("SELECT count(*) FROM queue.leases WHERE claimed_at > \(mark)") > 0
            }
            return true
        } catch is DrizzlProcess.Failure {
            return false
        }
    }

    private let dueTimers: SQL = "SELECT count(*) FROM workflow_timers WHERE fire_at <= now() + interval '46 days'"

    private func expectNothingLost(_ house: Installation) async throws {
        // The demo's tills belong to no connector, and their jobs say so.
        let dead: SQL = """
            SELECT count(*) FROM queue.dead d JOIN queue.jobs j ON j.id = d.job_id WHERE j.kind <> 'sync_integration'
            """
        #expect(try await house.number(dead) == 0)
        // Every record's events are numbered without a gap, and its column says what the last one says.
        let broken = try await house.number(
            """
            SELECT count(*) FROM invoices i
            WHERE status_seq <> (SELECT count(*) FROM workflow_events e WHERE e.record_id = i.id)
               OR status <> (SELECT to_state FROM workflow_events e WHERE e.record_id = i.id ORDER BY seq DESC LIMIT 1)
            """)
        #expect(broken == 0)
        // A job succeeds once, however often it was begun.
        let doubled = try await house.number(
            """
            SELECT count(*) FROM (
                SELECT job_id FROM queue.attempts WHERE outcome = 'succeeded' GROUP BY 1 HAVING count(*) > 1
            ) AS twice
            """)
        #expect(doubled == 0)
        // One mail a job; one that left twice carries the same Message-ID both times.
        let mails = try await house.mail.messages()
        let sent = try await house.number("SELECT count(*) FROM outbound_emails")
        #expect(Set(mails.compactMap { mail in mail.headers.first { $0.name == "Message-ID" }?.value }).count == sent)
    }

    private func payment(_ cents: Int, _ reference: String) -> String {
        """
        {"move": "record_payment",
         "inputs": {"amount": \(cents), "received_on": "2026-03-10", "reference": "\(reference)", "method": "check"}}
        """
    }

    private func pdfText(_ bytes: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pdf")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try ChildProcess.output(of: ["pdftotext", "-layout", file.path, "-"])
    }
}
