import Documents
import Foundation
import Testing

@Suite struct InvoicePDFTests {
    @Test func `everything on the invoice can be selected as text`() throws {
        let words = try InvoiceDocument.example().rendered().words()
        for part in [
            "Drizzl Wellness", "1200 Harbor Avenue, Suite 300", "billing@drizzl.example · (555) 010-2000",
            "Whole Foods Market – Pacific Northwest", "Jennifer Smith", "Seattle, WA 98119", "INV-1042", "ORD-2077",
            "PO-88731", "November 2, 2026", "Please pay by December 2, 2026", "NET 30",
            "Green Detox Smoothie, case of 12 GDX-012 108 $5.19 $560.52", "Subtotal $1,781.28", "Tax $0.00",
            "Shipping $145.00", "Total $1,926.28", "Amount due $1,926.28", "account 4410-0021", "Page 1 of 1",
        ] { #expect(words.contains(part), "\(part)") }
        #expect(!words.contains("Late fees"))
        #expect(!words.contains("CANCELLED"))
    }

    @Test func `only Inter is in the file, as an embedded subset`() throws {
        let fonts = try InvoiceDocument.example().rendered().fonts().split(separator: "\n").dropFirst(2)
        #expect(!fonts.isEmpty)
        #expect(fonts.allSatisfy { $0.contains("+Inter-") && $0.contains("yes yes yes") })
    }

    @Test func `the file says what it is and is tagged`() throws {
        let file = try InvoiceDocument.example().rendered()
        let information = try file.information()
        #expect(information.contains("Title:           Invoice INV-1042"))
        #expect(information.contains("Author:          Drizzl Wellness"))
        #expect(information.contains("Tagged:          yes"))
        #expect(information.contains("(letter)"))
        let structure = try file.information(["-struct"])
        for tag in ["Document", "H1", "P", "Table", "TR", "TH", "TD"] {
            #expect(structure.split(whereSeparator: \.isWhitespace).contains(Substring(tag)), "\(tag)")
        }
    }

    @Test func `the same values give the same bytes`() throws {
        let first = try InvoiceDocument.example(lines: 40).rendered()
        let second = try InvoiceDocument.example(lines: 40).rendered()
        #expect(first.bytes == second.bytes)
    }

    @Test func `many renders at once give the same bytes as one`() async throws {
        let fonts = try Fonts.shared.get()
        let expected = try InvoiceDocument.example(lines: 12).rendered().bytes
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<100 {
                group.addTask { @concurrent in
                    try InvoiceDocument.example(lines: 12).pdf(fonts: fonts, createdAt: InvoiceDocument.fixedMoment)
                }
            }
            for try await bytes in group { #expect(bytes == expected) }
        }
    }

    @Test func `a long table goes on with its head on each page, and the sums follow a line`() throws {
        for count in 30...70 {
            let texts = try InvoiceDocument.example(lines: count).rendered().pages()
            for (index, text) in texts.enumerated() {
                #expect(text.contains("Page \(index + 1) of \(texts.count)"))
                let hasLine = text.contains("-012 ") || text.contains("-008 ")
                #expect(text.contains("DESCRIPTION SKU QTY UNIT PRICE AMOUNT") == hasLine)
                // The sums stand together, under at least one line.
                #expect(text.contains("Subtotal") == text.contains("Amount due $"))
                if text.contains("Subtotal") { #expect(hasLine, "\(count) lines") }
            }
            let shown = texts.joined().matches(of: #/-(012|008) /#).count
            #expect(shown == count)
        }
    }

    @Test func `fees, credits and payments appear when there are any`() throws {
        var invoice = InvoiceDocument.example()
        invoice.totals.lateFeesCents = 5768
        invoice.totals.creditedCents = 4500
        invoice.totals.paidCents = 100_000
        invoice.totals.dueCents = 384_500
        let words = try invoice.rendered().words()
        #expect(words.contains("Late fees $57.68"))
        #expect(words.contains("Credits -$45.00"))
        #expect(words.contains("Payments received -$1,000.00"))
        #expect(words.contains("Amount due $3,845.00"))
    }

    @Test func `a paid invoice asks for nothing`() throws {
        var invoice = InvoiceDocument.example()
        invoice.totals.paidCents = invoice.totals.totalCents
        invoice.totals.dueCents = 0
        let words = try invoice.rendered().words()
        #expect(words.contains("Paid in full. Thank you."))
        #expect(!words.contains("account 4410-0021"))
    }

    @Test func `a cancellation is marked and says not to pay`() throws {
        let kind = InvoiceDocument.Kind.cancellation(on: .on("2026-11-09"), reason: "The order was cancelled.")
        let invoice = InvoiceDocument.example(kind: kind)
        let words = try invoice.rendered().words()
        #expect(words.contains("CANCELLED"))
        #expect(words.contains("Cancelled on November 9, 2026."))
        #expect(words.contains("Please do not pay this invoice."))
        #expect(words.contains("The order was cancelled."))
        #expect(words.contains("Cancelled -$1,926.28"))
        #expect(words.contains("Amount due $0.00"))
        #expect(!words.contains("account 4410-0021"))
        #expect(invoice.fileName == "INV-1042-cancelled.pdf")
    }

    @Test func `a credit note names the invoice, the reason and the amount`() throws {
        let kind = InvoiceDocument.Kind.creditNote(
            number: "CN-7", issuedOn: .on("2026-11-20"), reason: "Short shipment", amountCents: 4500)
        let invoice = InvoiceDocument.example(kind: kind)
        let words = try invoice.rendered().words()
        #expect(words.contains("Credit note"))
        #expect(words.contains("CN-7"))
        #expect(words.contains("Credit against invoice INV-1042"))
        #expect(words.contains("Short shipment"))
        #expect(words.contains("Amount credited $45.00"))
        #expect(words.contains("November 20, 2026"))
        #expect(invoice.fileName == "CN-7.pdf")
    }
}
