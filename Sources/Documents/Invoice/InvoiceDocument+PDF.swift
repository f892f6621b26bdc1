public import Foundation

extension InvoiceDocument {
    /// Draws the document: US Letter, Inter embedded, text selectable, tagged for screen readers.
    ///
    /// Pure: the same values and the same fonts give the same bytes. May be called on any number of threads at once;
    /// it takes a few milliseconds of CPU and never waits for anything but a font file.
    ///
    /// - Parameters:
    ///   - fonts: The fonts, loaded once at the start of the program.
    ///   - createdAt: The date of creation that the file shall carry.
    /// - Returns: The bytes of the PDF file.
    /// - Throws: ``DocumentError`` when cairo fails; no content of the invoice makes it fail.
    public func pdf(fonts: FontLibrary, createdAt: Date) throws(DocumentError) -> [UInt8] {
        let metadata = PDFCanvas.Metadata(
            title: "\(title) \(documentNumber)", author: seller.name,
            subject: "\(title) for \(buyer.businessName), order \(orderNumber)", createdAt: createdAt)
        return try PDFCanvas.file(metadata, fonts: fonts, footer: addFooter) { page in
            page.tag(.document) { page in
                addLetterhead(to: &page)
                addParties(to: &page)
                addSummary(to: &page)
                let sumsTop = addLinesAndTotals(to: &page)
                addClosing(besideSumsAt: sumsTop, to: &page)
            }
        }
    }

    /// "Invoice" or "Credit note".
    var title: String {
        if case .creditNote = kind { "Credit note" } else { "Invoice" }
    }

    /// The number this paper is filed under.
    var documentNumber: String {
        if case .creditNote(let number, _, _, _) = kind { number } else { number }
    }

    var isCancelled: Bool {
        if case .cancellation = kind { true } else { false }
    }

    /// A cancelled invoice asks for nothing, whatever it was about.
    var amountDueCents: Int64 { isCancelled ? 0 : totals.dueCents }

    /// A good name for the file, without anything a file system or a mail header could mind.
    public var fileName: String {
        let safe = documentNumber.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
                ? Character(scalar) : "_"
        }
        let suffix = isCancelled ? "-cancelled" : ""
        return (safe.isEmpty ? "invoice" : String(safe.prefix(80))) + suffix + ".pdf"
    }

    private func addFooter(to page: inout Composition, number: Int, of count: Int) {
        let y = Composition.height - 46
        page.add(.fill(x: Composition.left, y: y - 8, width: Composition.measure, height: 0.5, .line))
        let left = page.block("\(seller.name)  ·  \(title) \(documentNumber)", .small, width: 380)
        let right = page.block("Page \(number) of \(count)", TextStyle.small.with { $0.side = .right }, width: 120)
        page.add(.text(left, 0..<min(1, left.lineCount), x: Composition.left, y: y))
        page.add(.text(right, 0..<right.lineCount, x: Composition.right - 120, y: y))
    }
}
