extension InvoiceDocument {
    /// Reason, notes and how to pay: under the sums; beside them if only there the page has room for them; else on
    /// as many pages as they need.
    ///
    /// - Parameters:
    ///   - sumsTop: Where the sums begin on the page that the cursor is on.
    ///   - page: Where to.
    func addClosing(besideSumsAt sumsTop: Double, to page: inout Composition) {
        let under = closing.map { Paragraph($0, width: 400, on: page) }
        let beside = closing.map { Paragraph($0, width: 250, on: page) }
        let room = Composition.bottom - sumsTop
        if Self.gap + Self.height(of: under) > page.remaining, Self.height(of: beside) <= room {
            page.y = sumsTop
            for paragraph in beside { paragraph.add(to: &page) }
        } else {
            page.y += Self.gap
            for paragraph in under { paragraph.add(to: &page) }
        }
    }

    private static let gap = 24.0

    private static func height(of paragraphs: [Paragraph]) -> Double {
        paragraphs.map(\.height).reduce(-Paragraph.space, +)
    }

    private var closing: [(label: String, text: String)] {
        let parts: [(label: String, text: String)] =
            switch kind {
            case .creditNote(_, _, let reason, _):
                [("REASON", reason), ("NOTES", notes ?? "")]
            case .cancellation(_, let reason):
                [("REASON FOR CANCELLATION", reason), ("NOTES", notes ?? "")]
            case .invoice where totals.dueCents <= 0:
                [("NOTES", notes ?? "")]
            case .invoice:
                [("HOW TO PAY", howToPay ?? ""), ("NOTES", notes ?? "")]
            }
        return parts.filter { !PrintableText.line($0.text).isEmpty }
    }
}

/// A small heading with its text.
private struct Paragraph {
    static let space = 14.0
    private static let gap = 4.0
    private let heading: TextBlock
    private let words: TextBlock

    init(_ part: (label: String, text: String), width: Double, on page: Composition) {
        heading = page.block(part.label, .label, width: width)
        words = page.block(part.text, TextStyle.body.with { $0.leading = 1.3 }, width: width)
    }

    var height: Double { heading.height + Self.gap + words.height + Self.space }

    func add(to page: inout Composition) {
        // A heading never stands alone at the foot of a page.
        page.keep(heading.height + Self.gap + words.height(of: 0..<min(2, words.lineCount)))
        page.flow(heading)
        page.y += Self.gap
        page.flow(words)
        page.y += Self.space
    }
}
