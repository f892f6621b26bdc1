import Documents
import Foundation
import Testing

@Suite struct MailTemplatesTests {
    private static let folder = URL(filePath: #filePath).appending(path: "../../../templates/email").standardizedFileURL
    private let templates: MailTemplates
    private let invoice = InvoiceDocument.example()

    init() throws { templates = try MailTemplates(directory: Self.folder) }

    @Test func `the templates of the product are whole`() {
        let expected = [
            "commission_statement", "credit_note", "invoice_cancelled", "invoice_issued", "meeting_invite",
            "meeting_reminder", "partner_closed", "partner_rejected", "payment_reminder", "proposal", "ticket_received",
        ]
        #expect(Set(templates.names).isSuperset(of: expected))
    }

    @Test func `an invoice is announced with amount, date and how to pay`() throws {
        let mail = try templates.fill("invoice_issued", with: invoice.templateValues)
        #expect(mail.subject == "Invoice INV-1042 from Drizzl Wellness: $1,926.28 due December 2, 2026")
        for form in [mail.text, mail.html] {
            for part in ["Hello Jennifer Smith", "ORD-2077", "PO-88731", "$1,926.28", "December 2, 2026", "4410-0021"] {
                #expect(form.contains(part), "\(part)")
            }
            #expect(!form.contains("{{"))
        }
        #expect(!mail.text.contains("\n\n\n"))
    }

    @Test func `a prepaid invoice is due on receipt`() throws {
        var prepaid = invoice
        prepaid.dueOn = nil
        prepaid.purchaseOrder = nil
        let mail = try templates.fill("invoice_issued", with: prepaid.templateValues)
        #expect(mail.subject.hasSuffix("due on receipt"))
        #expect(mail.text.contains("Due on receipt"))
        #expect(!mail.text.contains("your PO"))
    }

    @Test func `every mail about an invoice can be filled`() throws {
        let cancelled = InvoiceDocument.example(kind: .cancellation(on: .on("2026-11-09"), reason: "Order cancelled"))
        let credited = InvoiceDocument.example(
            kind: .creditNote(number: "CN-7", issuedOn: .on("2026-11-20"), reason: "Return", amountCents: 4500))
        let mails = [
            try templates.fill("invoice_cancelled", with: cancelled.templateValues),
            try templates.fill("credit_note", with: credited.templateValues),
        ]
        let expected = [
            ["INV-1042 is cancelled", "do not pay", "Order cancelled", "November 9, 2026"],
            ["CN-7", "$45.00", "Return", "Still due"],
        ]
        for (mail, parts) in zip(mails, expected) {
            for part in parts { #expect((mail.subject + mail.text).contains(part), "\(part)") }
            #expect(!mail.html.contains("{{"))
            #expect(!mail.subject.contains("\n"))
        }
    }

    @Test(arguments: PaymentReminder.Stage.allCases)
    func `a reminder lists all open invoices under a heading for its stage`(stage: PaymentReminder.Stage) throws {
        let reminder = PaymentReminder(
            stage: stage, seller: invoice.seller, buyer: invoice.buyer,
            items: [
                .init(number: "INV-1", orderNumber: "ORD-1", dueOn: .on("2026-12-02"), daysLate: 7, dueCents: 384_500),
                .init(number: "INV-2", orderNumber: "ORD-2", dueOn: nil, daysLate: 0, dueCents: 10_000),
                .init(number: "INV-3", orderNumber: "ORD-3", dueOn: .on("2026-12-08"), daysLate: 1, dueCents: 1),
            ], totalDueCents: 394_501)
        let mail = try templates.fill("payment_reminder", with: reminder.templateValues)
        let headings: [PaymentReminder.Stage: String] = [
            .dueSoon: "Due in three days", .dueToday: "Due today", .overdue1: "Your payment is overdue",
            .overdue7: "Second reminder", .overdue15: "15 days", .overdue30: "30 days", .overdue60: "60 days",
            .overdue90: "90 days",
        ]
        #expect(mail.subject.contains(try #require(headings[stage])))
        #expect(mail.html.contains(try #require(headings[stage])))
        #expect(mail.text.contains("- INV-1 (order ORD-1): $3,845.00, due December 2, 2026, 7 days late"))
        #expect(mail.text.contains("- INV-2 (order ORD-2): $100.00, due on receipt\n"))
        #expect(mail.text.contains("1 day late"))
        #expect(mail.text.contains("Together: $3,945.01"))
        #expect(!mail.text.contains("\n\n\n"))
    }

    @Test func `values are escaped in HTML and raw in text and subject`() throws {
        var hostile = invoice
        hostile.buyer.contact = "<script>\"Tom\" & 'Co'</script>"
        hostile.seller.name = "A & B"
        hostile.seller.email = "\"\u{338} onload=x \u{600}<img"
        let mail = try templates.fill("invoice_issued", with: hostile.templateValues)
        #expect(mail.text.contains("Hello <script>\"Tom\" & 'Co'</script>"))
        #expect(mail.subject.contains("from A & B"))
        #expect(!mail.html.contains("<script"))
        #expect(mail.html.contains("A &amp; B"))
        #expect(!mail.html.utf8.contains(subsequence: "\"\u{338}".utf8))
        #expect(!mail.html.utf8.contains(subsequence: "<img".utf8))
    }

    @Test func `a value that was not given is named`() {
        var values = invoice.templateValues
        values["greetingName"] = nil
        values["howToPay"] = nil
        #expect(throws: TemplateError.missingValues(template: "invoice_issued", keys: ["greetingName", "howToPay"])) {
            try templates.fill("invoice_issued", with: values)
        }
    }

    @Test func `an unknown template is refused`() {
        #expect(throws: TemplateError.unknown(name: "nope")) { try templates.fill("nope", with: [:]) }
    }
}

extension Sequence where Element == UInt8 {
    func contains(subsequence: some Collection<UInt8>) -> Bool {
        Data(self).firstRange(of: Data(subsequence)) != nil
    }
}
