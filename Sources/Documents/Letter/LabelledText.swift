/// A small heading with its text.
struct LabelledText {
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

extension Composition {
    /// Reason, notes, how to pay and the like: under the sums; beside them if only there the page has room for them;
    /// else on as many pages as they need.
    ///
    /// - Parameters:
    ///   - parts: The texts under their headings; what is empty is left out.
    ///   - sumsTop: Where the sums begin on the page that the cursor is on.
    mutating func addClosing(_ parts: [(label: String, text: String)], besideSumsAt sumsTop: Double) {
        let parts = parts.filter { !PrintableText.line($0.text).isEmpty }
        let under = parts.map { LabelledText($0, width: 400, on: self) }
        let beside = parts.map { LabelledText($0, width: 250, on: self) }
        let gap = 24.0
        func height(_ texts: [LabelledText]) -> Double { texts.map(\.height).reduce(-LabelledText.space, +) }
        if gap + height(under) > remaining, height(beside) <= Self.bottom - sumsTop {
            y = sumsTop
            for text in beside { text.add(to: &self) }
        } else {
            y += gap
            for text in under { text.add(to: &self) }
        }
    }
}
