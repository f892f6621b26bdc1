extension InvoiceDocument {
    /// The band that says the one thing the reader looks for: what is to be paid, and when.
    func addSummary(to page: inout Composition) {
        let height = 58.0
        let ink: Ink = isCancelled ? .alarm : .brand
        page.add(.fill(x: Composition.left, y: page.y, width: Composition.measure, height: height, .panel))
        page.add(.fill(x: Composition.left, y: page.y, width: 4, height: height, ink))
        let label = page.block(summary.label, .label, width: 220)
        let amount = page.block(MoneyText.dollars(summary.cents), .due, width: 240)
        let gap = 3.0
        let top = page.y + (height - label.height - gap - amount.height) / 2
        page.place(label, x: Composition.left + 20, y: top)
        page.place(amount, x: Composition.left + 20, y: top + label.height + gap)
        let words = page.block(
            summary.words, TextStyle(size: 10, weight: .semibold, side: .right, leading: 1.25), width: 220)
        // Three lines fit into the band; a longer reason is told in full under the table.
        let shown = min(words.lineCount, 3)
        let wordsTop = page.y + (height - words.height(of: 0..<shown)) / 2
        page.tag(.paragraph) { $0.add(.text(words, 0..<shown, x: Composition.right - 236, y: wordsTop)) }
        page.y += height + 24
    }

    private var summary: (label: String, cents: Int64, words: String) {
        switch kind {
        case .creditNote(_, _, _, let amount):
            ("AMOUNT CREDITED", amount, "Credit against invoice \(number)")
        case .cancellation(let day, _):
            ("AMOUNT DUE", amountDueCents, "Cancelled on \(day).\nPlease do not pay this invoice.")
        case .invoice where totals.dueCents <= 0:
            ("AMOUNT DUE", totals.dueCents, "Paid in full. Thank you.")
        case .invoice:
            ("AMOUNT DUE", totals.dueCents, dueOn.map { "Please pay by \($0)" } ?? "Due on receipt")
        }
    }
}
