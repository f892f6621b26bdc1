import Database
import Foundation
import StateMachines
import Testing
import WebAPI
import Workflows

/// Looking at an invoice and moving it, over HTTP.
@Suite struct InvoiceAPITests {
    @Test func `an invoice is shown in whole cents with its version as ETag`() async throws {
        try await House.with { house async throws in
            let answer = try await house.get(house.path)
            #expect(answer.status == 200)
            #expect(answer["invoice_number"] == "INV-10001")
            #expect(answer["partner_name"] == "Green Leaf Market")
            #expect(answer["total_cents"] == 384_500)
            #expect(answer["amount_due_cents"] == 384_500)
            #expect(answer["status"] == "pending")
            #expect(answer["status_since"] == "2026-03-02T18:00:00Z")
            #expect(answer["due_date"] == "2026-04-01")
            #expect(answer["seq"] == 1)
            #expect(answer.raw.headers["etag"]?.isEmpty == false)
            #expect(answer.raw.headers["cache-control"] == "no-store")
            #expect(answer.raw.headers["x-content-type-options"] == "nosniff")
            #expect(answer.raw.headers["x-request-id"]?.isEmpty == false)
        }
    }

    @Test func `the list filters by state and holds no more than it is asked for`() async throws {
        try await House.with { house async throws in
            #expect(try await house.get("/api/v1/invoices")["items"]?.list?.count == 1)
            #expect(try await house.get("/api/v1/invoices?status=pending&limit=1")["items"]?.list?.count == 1)
            #expect(try await house.get("/api/v1/invoices?status=paid")["items"]?.list?.isEmpty == true)
        }
    }

    @Test func `actions tell what can be done, why not, and what comes by itself`() async throws {
        try await House.with { house async throws in
            let answer = try await house.get(house.path + "/actions")
            #expect(answer.status == 200)
            #expect(answer["state"] == "pending")
            let actions = answer["actions"]?.list ?? []
            func action(_ name: String) -> JSONValue? { actions.first { $0["move"]?.text == name } }
            let payment = action("record_payment")
            #expect(payment?["enabled"] == true)
            #expect(payment?["title"] == "Record payment")
            #expect(payment?["asks"]?["amount"]?["type"] == "money")
            #expect(payment?["asks"]?["amount"]?["required"] == true)
            #expect(payment?["asks"]?["method"]?["of"]?.list?.contains("check") == true)
            let writeOff = action("write_off")
            #expect(writeOff?["reachable"] == false)
            #expect(writeOff?["enabled"] == false)
            #expect(writeOff?["blocked_by"]?.list?.first?["from"] == .array(["overdue"]))
            #expect(action("cancel")?["confirm"] == "This cannot be undone.")
            #expect(action("mark_overdue") == nil)
            let next = answer["next"]?.list ?? []
            #expect(next.contains { $0["timer"] == "past_due" && $0["at"] == "2026-04-02T07:00:00Z" })
        }
    }

    @Test func `what blocks a move names the move that unblocks it`() async throws {
        try await House.with { house async throws in
            _ = try await house.post(House.payment(12_500))
            let actions = try await house.get(house.path + "/actions")["actions"]?.list ?? []
            let cancel = actions.first { $0["move"] == "cancel" }
            #expect(cancel?["reachable"] == true)
            #expect(cancel?["enabled"] == false)
            #expect(cancel?["blocked_by"]?.list?.first?["unblocks"]?["move"] == "reverse_payment")
            let refused = try await house.post("{\"move\": \"cancel\", \"inputs\": {\"reason\": \"x\"}}")
            #expect(refused.status == 409)
            #expect(refused["state"] == "pending")
            #expect(refused["errors"]?.list?.first?["unblocks"]?["move"] == "reverse_payment")
        }
    }

    @Test func `a payment in part and the rest of it end in paid`() async throws {
        try await House.with { house async throws in
            let part = try await house.post(House.payment(100_000), key: UUID().uuidString)
            #expect(part.status == 200)
            #expect(part["result"] == "done")
            #expect(part["state"] == "pending")
            #expect(part["seq"] == 2)
            #expect(part["dry_run"] == false)
            #expect(part["queued"]?.list?.contains { $0["kind"] == "notify" } == true)
            #expect(part["next"]?.list?.isEmpty == false)
            #expect(part["events"]?.list?.count == 1)
            let rest = try await house.post(House.payment(284_500, reference: "CHK-2", more: ", \"expected_seq\": 2"))
            #expect(rest["state"] == "paid")
            // Without a key one is made, and told.
            #expect(rest.raw.headers["idempotency-key"].flatMap { UUID(uuidString: $0) } != nil)
            let shown = try await house.get(house.path)
            #expect(shown["amount_due_cents"] == 0)
            #expect(shown["amount_paid_cents"] == 384_500)
            #expect(shown["status"] == "paid")
        }
    }

    @Test func `a dry run answers as the real thing and writes nothing`() async throws {
        try await House.with { house async throws in
            let before = try await house.written()
            let answer = try await house.post(House.payment(384_500, more: ", \"dry_run\": true"))
            #expect(answer.status == 200)
            #expect(answer["dry_run"] == true)
            #expect(answer["state"] == "paid")
            #expect(try await house.written() == before)
        }
    }

    @Test func `refusals carry the present state and the moves it allows`() async throws {
        try await House.with { house async throws in
            _ = try await house.post(House.payment(384_500))
            let answer = try await house.post("{\"move\": \"cancel\", \"inputs\": {\"reason\": \"x\"}}")
            #expect(answer.status == 409)
            #expect(answer.code == "not_from_here")
            #expect(answer["state"] == "paid")
            #expect(answer["possible"]?.list?.contains("issue_credit_note") == true)
            #expect(answer["errors"]?.list?.first?["from"] == .array(["pending", "overdue"]))
        }
    }

    @Test func `history tells who did what, oldest first`() async throws {
        try await House.with { house async throws in
            _ = try await house.post("{\"move\": \"dispute\", \"inputs\": {\"reason\": \"Two cases were thawed\"}}")
            let events = try await house.get(house.path + "/history")["events"]?.list ?? []
            #expect(events.map { $0["move"]?.text } == ["create", "dispute"])
            #expect(events.last?["actor"]?["role"] == "admin")
            #expect(events.last?["reason"] == "Two cases were thawed")
            #expect(events.first?["from"] == .null)
            #expect(events.first?["to"] == "pending")
        }
    }

    @Test func `jobs and the queues' overview are shown`() async throws {
        try await House.with { house async throws in
            let jobs = try await house.get(house.path + "/jobs")["jobs"]?.list ?? []
            #expect(jobs.compactMap { $0["kind"]?.text }.sorted() == ["generate_pdf", "send_email"])
            #expect(jobs.allSatisfy { $0["place"] == "ready" && $0["attempts"] == 0 })
            let queues = try await house.get("/api/v1/jobs/overview")["queues"]?.list ?? []
            #expect(queues.compactMap { $0["ready"]?.integer }.reduce(0, +) == Int64(jobs.count))
        }
    }

    @Test func `mails are listed without their bodies`() async throws {
        try await House.with { house async throws in
            try await house.keepMail(subject: "Your invoice", text: "Dear Ana")
            let answer = try await house.get(house.path + "/emails")
            let mails = answer["emails"]?.list ?? []
            #expect(mails.first?["subject"] == "Your invoice")
            #expect(mails.first?["state"] == "kept")
            #expect(mails.first?["sent_at"] == .null)
            #expect(!answer.raw.text.contains("Dear Ana"))
        }
    }

    @Test func `the PDF comes under a safe name, and is not found before it is made`() async throws {
        try await House.with { house async throws in
            let missing = try await house.get(house.path + "/pdf")
            #expect(missing.status == 404)
            #expect(missing.code == "pdf_not_ready")
            try await house.attachPDF(name: "INV \"10001\"\r\nX: y.pdf", content: Array("%PDF-1.7 test".utf8))
            let answer = try await house.get(house.path + "/pdf")
            #expect(answer.status == 200)
            #expect(answer.raw.headers["content-type"] == "application/pdf")
            #expect(answer.raw.headers["content-disposition"] == "attachment; filename=\"INV__10001___X__y.pdf\"")
            #expect(answer.raw.headers["x-content-type-options"] == "nosniff")
            #expect(answer.raw.text == "%PDF-1.7 test")
            let head = try await house.send("HEAD", house.path + "/pdf")
            #expect(head.headers["content-length"] == "13")
            #expect(head.body.isEmpty)
        }
    }
}

extension House {
    /// Keeps a mail about the invoice, as the worker does without a mail server.
    func keepMail(subject: String, text: String) async throws {
        let mail = OutboundEmail(
            jobID: 1, machine: "invoice", record: invoice, template: "invoice_issued", messageID: "<1@drizzl.example>",
            recipients: ["ana@greenleaf.example"], subject: subject, text: text, html: "<p>\(text)</p>", fileIDs: [],
            state: .kept, createdAt: House.now)
        _ = try await pool.query(OutboundEmail.insert(mail))
    }

    /// Stores a document as the invoice's PDF, as the worker does.
    func attachPDF(name: String, content: [UInt8]) async throws {
        let file = StoredFile(
            name: name, mime: "application/pdf", machine: "invoice", record: invoice, content: content)
        _ = try await pool.query(StoredFile.insert(file, key: "test"))
        _ = try await pool.query("UPDATE invoices SET pdf_file_id = \(file.id) WHERE id = \(invoice)")
    }
}
