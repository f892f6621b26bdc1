public import Foundation

/// A document that is printed: every word and every figure of it, nothing to look up.
public protocol PrintedDocument: Sendable {
    /// Who sends it.
    var letterhead: Letterhead { get }
    /// What it is: "Invoice".
    var title: String { get }
    /// What it is filed under: `INV-1042`.
    var documentNumber: String { get }
    /// What it is about, for the file's properties.
    var subject: String { get }
    /// A good name for the file.
    var fileName: String { get }
    /// Composes the pages; the foot of each is added afterwards.
    func compose(on page: inout DocumentPage)
}

extension PrintedDocument {
    /// Draws the document: US Letter, Inter embedded, text selectable, tagged for screen readers.
    ///
    /// Pure: the same values and the same fonts give the same bytes. May be called on any number of threads at once;
    /// it takes a few milliseconds of CPU and never waits for anything but a font file.
    ///
    /// - Parameters:
    ///   - fonts: The fonts, loaded once at the start of the program.
    ///   - createdAt: The date of creation that the file shall carry.
    /// - Returns: The bytes of the PDF file.
    /// - Throws: ``DocumentError`` when cairo fails; no content makes it fail.
    public func pdf(fonts: FontLibrary, createdAt: Date) throws(DocumentError) -> [UInt8] {
        let metadata = PDFCanvas.Metadata(
            title: "\(title) \(documentNumber)", author: letterhead.name, subject: subject, createdAt: createdAt)
        return try PDFCanvas.file(metadata, fonts: fonts, footer: addFooter) { composition in
            composition.tag(.document) { composition in
                var page = DocumentPage(composition: composition)
                compose(on: &page)
                composition = page.composition
            }
        }
    }

    private func addFooter(to page: inout Composition, number: Int, of count: Int) {
        let y = Composition.height - 46
        page.add(.fill(x: Composition.left, y: y - 8, width: Composition.measure, height: 0.5, .line))
        let left = page.block("\(letterhead.name)  ·  \(title) \(documentNumber)", .small, width: 380)
        let right = page.block("Page \(number) of \(count)", TextStyle.small.with { $0.side = .right }, width: 120)
        page.add(.text(left, 0..<min(1, left.lineCount), x: Composition.left, y: y))
        page.add(.text(right, 0..<right.lineCount, x: Composition.right - 120, y: y))
    }

    /// A name without anything that a file system or a mail header could mind.
    ///
    /// - Parameters:
    ///   - stem: What the file is named after.
    ///   - suffix: Added to it, as it is.
    ///   - fallback: The name when nothing is left of the stem.
    /// - Returns: The name, ending in `.pdf`.
    public static func fileName(_ stem: String, suffix: String = "", fallback: String) -> String {
        let safe = stem.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
                ? Character(scalar) : "_"
        }
        return (safe.isEmpty ? fallback : String(safe.prefix(80))) + suffix + ".pdf"
    }
}

/// The pages that a document is composed on; what can be put there is this module's own affair.
public struct DocumentPage {
    var composition: Composition
}
