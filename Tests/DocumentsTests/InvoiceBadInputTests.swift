import Documents
import Foundation
import Testing

@Suite struct InvoiceBadInputTests {
    @Test func `an invoice without lines says so`() throws {
        var invoice = InvoiceDocument.example(lines: 0)
        invoice.purchaseOrder = ""
        invoice.buyer = .init(businessName: "", address: [])
        invoice.seller = .init(name: "", address: [], email: "")
        #expect(try invoice.rendered().words().contains("No items"))
    }

    @Test func `negative and extreme figures are printed`() throws {
        var invoice = InvoiceDocument.example(lines: 1)
        invoice.lines[0].quantity = -12
        invoice.lines[0].amountCents = .min
        invoice.lines[0].unitPriceCents = .max
        invoice.totals.creditedCents = .min
        invoice.totals.dueCents = -4500
        let words = try invoice.rendered().words()
        #expect(words.contains("-12"))
        #expect(words.contains("-$45.00"))
    }

    @Test func `five hundred lines are all there`() throws {
        let file = try InvoiceDocument.example(lines: 500).rendered()
        #expect(try file.pageCount() ?? 0 > 15)
        #expect(try file.words().contains("Amount due"))
    }

    @Test(arguments: [
        String(repeating: "Donaudampfschifffahrtsgesellschaft", count: 40), "מיץ ירוק ומרענן לבריאות", "عصير أخضر منعش",
        "🥤🍓 Smoothie 👩‍👩‍👧‍👦 🇺🇸", "nul\0in the\0middle", "\u{1}\u{7F}\u{85}\u{2028}\u{FEFF}", "\u{202E}reversed",
        "<b>&amp;</b> %s %n \\", "e\u{301}\u{301}\u{301}\u{301}\u{301}", "漢字かな交じり文", "\u{10FFFF}\u{E000}\u{FFFE}",
        "tab\tand\r\nlines\r\rmore\n\n\n", "", " ", String(repeating: "\u{301}", count: 2000),
    ])
    func `any text can be printed anywhere`(text: String) throws {
        for kind in [
            .invoice, .cancellation(on: .on("2026-11-09"), reason: text),
            .creditNote(number: text, issuedOn: .on("2026-11-09"), reason: text, amountCents: 1),
        ] as [InvoiceDocument.Kind] {
            var invoice = InvoiceDocument.example(kind: kind)
            invoice.seller = .init(name: text, address: [text, text], email: text, phone: text)
            invoice.buyer = .init(businessName: text, contact: text, address: [text])
            invoice.number = text
            invoice.orderNumber = text
            invoice.purchaseOrder = text
            invoice.paymentTerms = text
            invoice.lines[0].description = text
            invoice.lines[0].sku = text
            invoice.notes = text
            invoice.howToPay = text
            let file = try invoice.rendered()
            #expect(try file.pageCount() ?? 0 >= 1)
            #expect(!invoice.fileName.contains("/"))
        }
    }

    @Test func `a description longer than a page goes on, to its end`() throws {
        var invoice = InvoiceDocument.example()
        invoice.lines[1].description = (0..<2000).map { "word\($0)" }.joined(separator: " ")
        invoice.notes = (0..<3000).map { "note\($0)" }.joined(separator: " ")
        let file = try invoice.rendered()
        let words = try file.words()
        #expect(try file.pageCount() ?? 0 > 4)
        for part in ["word0 ", "word1999 ", "note0 ", "note2999 ", "Amount due"] { #expect(words.contains(part)) }
    }

    @Test func `a long article number is broken without a hyphen of ours`() throws {
        var invoice = InvoiceDocument.example(lines: 1)
        invoice.lines[0].sku = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        #expect(!(try invoice.rendered().words().contains(/[A-Z]-( |$)/)))
    }

    @Test func `NUL does not cut a text short`() throws {
        var invoice = InvoiceDocument.example(lines: 1)
        invoice.lines[0].description = "before\0after"
        #expect(try invoice.rendered().words().contains("before after"))
    }

    @Test func `without the font the error names the package`() {
        let error = #expect(throws: DocumentError.self) { try FontLibrary(directory: FontDirectory("/nowhere")) }
        #expect(error == .fontsMissing(directory: "/nowhere", file: "Inter-Regular.otf", package: "fonts-inter"))
        #expect(error?.description.contains("Install the package fonts-inter") == true)
    }

    @Test func `files that are no fonts are refused`() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "fonts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for weight in ["Regular", "SemiBold", "Bold"] {
            try Data("no font".utf8).write(to: directory.appending(path: "Inter-\(weight).otf"))
        }
        #expect(throws: DocumentError.fontsUnreadable(directory: directory.path)) {
            try FontLibrary(directory: FontDirectory(directory.path))
        }
    }
}
