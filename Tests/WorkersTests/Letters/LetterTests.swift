import Database
import Documents
import Foundation
import Jobs
import StateMachines
import TestSupport
import Testing
import Workers
import Workflows

@Suite struct LetterTests {
    @Test func `a proposal goes to its contact with the PDF that is attached to its version`() async throws {
        try await LetterBed.with { bed in
            let proposal = try await bed.proposal()
            let event = try await bed.event("proposal", proposal, seq: 2, "send")
            let mail = try await bed.doing(
                "send_email", "proposal", proposal, event: event, ["template": "proposal", "to": "contact"])
            #expect(mail.ending == "finished: ")
            let pdf = try await bed.doing("generate_pdf", "proposal", proposal, event: event, ["document": "proposal"])
            #expect(pdf.ending == "finished: ")

            let received = try #require(try await bed.server.messages().first)
            #expect(received.recipients == ["jennifer@wholefoods.example"])
            #expect(received.subject == "Our revised proposal for Whole Foods Market: 35% off MSRP")
            #expect(received.attachments.map(\.type) == ["application/pdf"])
            let words = try received.words()
            for part in [
                "Whole Foods Market", "Sarah Johnson", "Green Detox Smoothie GDX-012 $7.99 $5.19 300 $1,557.00",
                "500 units $4.99 $0.20", "Payment terms NET 30", "12 months", "Free freezer after $50K",
                "April 16, 2030",
                "Signature page",
            ] { #expect(words.contains(part), "\(part)") }
            // One rendering, whoever came first; the version has it.
            let rows = try await bed.owner.query(
                "SELECT f.content FROM files f JOIN proposals p ON p.pdf_file_id = f.id WHERE p.id = \(proposal)")
            #expect(try rows.map { try $0.value("content", as: [UInt8].self) } == received.attachments.map(\.bytes))
            #expect(try await bed.queue.count("files") == 1)
        }
    }

    @Test func `a product without breaks of its own shows those of the price list of that day`() async throws {
        try await LetterBed.with { bed in
            let proposal = try await bed.proposal()
            let list = UUID.v7()
            try await bed.plant([
                "INSERT INTO price_lists (id, name, starts_on, ends_on) VALUES (\(list), 'Volume', '2030-01-01', '2030-12-31')",
                """
                INSERT INTO price_list_items (id, price_list_id, product_id, unit_price_cents, min_quantity)
                SELECT gen_random_uuid(), \(list), product_id, 530, 600 FROM proposal_items
                WHERE proposal_id = \(proposal)
                """,
            ])
            try await bed.doing(
                "send_email", "proposal", proposal, ["template": "proposal", "to": "contact"])
            let words = try #require(try await bed.server.messages().first).words()
            #expect(words.contains("Protein Power 600 units $5.30 $0.22"))
            #expect(words.contains("Green Detox Smoothie 500 units $4.99 $0.20"))
            #expect(words.matches(of: #/600 units/#).count == 1)
        }
    }

    @Test func `a confirmed order is confirmed on paper, with its lines, sums and place of delivery`() async throws {
        try await LetterBed.with { bed in
            let (order, product, address) = (UUID.v7(), UUID.v7(), UUID.v7())
            try await bed.plant([
                """
                INSERT INTO shipping_addresses (id, partner_id, label, recipient_name, address1, city, state, zip_code)
                VALUES (\(address), \(bed.partner), 'Warehouse', 'Dock 4', '9 Pier Road', 'Long Beach', 'CA', '90802')
                """,
                """
                INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, discount_cents,
                    tax_cents, shipping_cents, total_cents, payment_terms, po_number, placed_on, estimated_delivery,
                    shipping_address_id, status, status_seq, status_since)
                VALUES (\(order), 'ORD-10145', 'B2B', \(bed.partner), 'partner_user', 86292, 30240, 0, 14500, 70552,
                    'NET60', 'PO-7', '2030-03-15', '2030-03-22', \(address), 'confirmed', 2, \(bed.now))
                """,
                """
                INSERT INTO order_items (id, order_id, line_no, product_id, sku, description, quantity, msrp_cents,
                    unit_price_cents, discount_cents, subtotal_cents)
                VALUES (\(UUID.v7()), \(order), 1, \(product), 'GDX-012', 'Green Detox Smoothie', 108, 799, 519, 30240,
                    56052)
                """,
            ])
            let job = try await bed.doing("generate_pdf", "order", order, ["document": "order_confirmation"])
            #expect(job.ending == "finished: ")
            let row = try #require(
                try await bed.owner.query("SELECT name, content FROM files WHERE record_id = \(order)").first)
            #expect(try row.value("name", as: String.self) == "ORD-10145-confirmation.pdf")
            let words = try PDFWords.of(row.value("content"))
            for part in [
                "ORDERED BY", "Bluebird Cafe", "Warehouse", "9 Pier Road", "March 15, 2030", "March 17, 2030",
                "March 22, 2030", "NET 60", "PO-7", "Green Detox Smoothie GDX-012 108 $7.99 $5.19 $560.52",
                "Your discount -$302.40", "Order total $705.52",
            ] { #expect(words.contains(part), "\(part)") }
        }
    }

    @Test func `a proposal that was withdrawn before its mail left is not sent`() async throws {
        try await LetterBed.with { bed in
            let proposal = try await bed.proposal("expired")
            let job = try await bed.doing(
                "send_email", "proposal", proposal, ["template": "proposal", "to": "contact"])
            #expect(job.ending == "finished: no longer due")
            #expect(try await bed.server.messages().isEmpty)
        }
    }

    @Test func `a signed proposal is printed with the signature and the hash of what was signed`() async throws {
        try await LetterBed.with { bed in
            let proposal = try await bed.proposal("accepted")
            try await bed.doing("generate_pdf", "proposal", proposal, ["document": "signed_proposal"])
            let row = try #require(try await bed.owner.query("SELECT name, content FROM files").first)
            #expect(try row.value("name", as: String.self) == "Proposal-Whole_Foods_Market-v2-signed.pdf")
            #expect(try row.value("content", as: [UInt8].self).starts(with: Array("%PDF".utf8)))
        }
    }

    @Test func `whoever opens a ticket is told its number, though they have caused it`() async throws {
        try await LetterBed.with { bed in
            let ticket = UUID.v7()
            try await bed.plant([
                """
                INSERT INTO support_tickets (id, number, partner_id, opened_by, subject, status, status_seq,
                    status_since, conversation_id)
                VALUES (\(ticket), 'TCK-1001', \(bed.partner), \(bed.opener), 'Two cases were soft', 'open', 1,
                    \(bed.now), \(UUID()))
                """
            ])
            let job = try await bed.doing(
                "send_email", "ticket", ticket, ["template": "ticket_received", "to": "opener"])
            #expect(job.ending == "finished: ")
            let mail = try #require(try await bed.server.messages().first)
            #expect(mail.recipients == ["rosa@bluebird.example"])
            #expect(mail.subject == "TCK-1001: Two cases were soft")
        }
    }

    @Test func `a business that is not accepted is told why`() async throws {
        try await LetterBed.with { bed in
            let event = try await bed.event("partner", bed.partner, seq: 2, "reject", reason: "No freezer on site")
            try await bed.doing(
                "send_email", "partner", bed.partner, event: event,
                ["template": "partner_rejected", "to": "partner_contact"])
            let mail = try #require(try await bed.server.messages().first)
            #expect(mail.recipients == ["maya@bluebird.example"])
            #expect(mail.text.contains("Reason: No freezer on site"))
        }
    }

    @Test func `a rep gets the statement of a payout, and the payout keeps it`() async throws {
        try await LetterBed.with { bed in
            let (payout, row) = (UUID.v7(), UUID.v7())
            // Earned by the engine's clock, whenever the row was written.
            _ = try await bed.event("commission", row, seq: 1, "create")
            try await bed.plant([
                """
                INSERT INTO payouts (id, sales_rep_id, period, pay_on, amount_cents, carried_in_cents, status, paid_at)
                VALUES (\(payout), \(bed.rep), '2030-02-01', '2030-03-05', 27000, -11500, 'paid', \(bed.now))
                """,
                """
                INSERT INTO commissions (id, sales_rep_id, type, reference_type, reference_id, amount_cents, rate_bp,
                    base_value_cents, period_start, period_end, payout_id, paid_at, status, status_seq, status_since)
                VALUES (\(row), \(bed.rep), 'new_partner', 'partner', \(bed.partner), 38500, 100, 3850000,
                    '2030-02-01', '2030-02-28', \(payout), \(bed.now), 'paid', 3, \(bed.now))
                """,
            ])
            let job = try await bed.doing("send_statement", try StatementPaper.request(for: payout).payload)
            #expect(job.ending == "finished: ")
            let mail = try #require(try await bed.server.messages().first)
            #expect(mail.recipients == ["sarah@drizzl.example"])
            #expect(mail.subject == "Your commission for February 2030: $270.00")
            let words = try mail.words()
            for part in [
                "March 17, 2030", "New partner Bluebird Cafe $38,500.00 1% $385.00", "Carried over -$115.00",
                "Payout $270.00",
            ] { #expect(words.contains(part), "\(part)") }
            let attached = try await bed.owner.query("SELECT FROM payouts WHERE statement_file_id IS NOT NULL")
            #expect(attached.count == 1)
        }
    }

    @Test func `what no gateway can do fails for good and says so`() async throws {
        try await LetterBed.with { bed in
            let job = try await bed.doing("charge_payment", "invoice", UUID())
            #expect(
                job.ending == "dead: No payment gateway is set up. Record the payment by hand when it arrives.")
        }
    }

    @Test func `words of the vocabulary without code are named with their place`() throws {
        let templates = try MailTemplates(directory: LetterBed.root.appending(path: "templates/email"))
        let place = SourceLocation(file: "vocabulary.yaml", line: 7, column: 3)
        let vocabulary = Vocabulary(
            templates: ["proposal", Word("telegram", at: place)], documents: ["invoice", "papyrus"],
            stages: ["due_soon", "overdue_999"], methods: ["request", "shout"])
        let faults = try HandlerSet([]).faults(of: vocabulary, templates: templates)
        #expect(
            faults.map(\.message) == [
                "the template telegram has no mail behind it", "the document papyrus has no code behind it",
                "the stage overdue_999 has no reminder behind it", "the method shout has no code behind it",
            ])
        #expect(faults.first?.description == "vocabulary.yaml:7:3: W160 the template telegram has no mail behind it")
    }

    @Test func `every template, document, recipient, stage and method of the product has code`() throws {
        let templates = try MailTemplates(directory: LetterBed.root.appending(path: "templates/email"))
        var vocabulary = WorkflowFiles.load(directory: LetterBed.root.appending(path: "workflows")).files.vocabulary
        vocabulary.jobs = []
        #expect(try HandlerSet([]).faults(of: vocabulary, templates: templates) == [])
    }
}
