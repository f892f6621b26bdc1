extension InvoiceDocument {
    /// The lines and the sums.
    ///
    /// The sums always have at least the end of one line above them on their page.
    ///
    /// - Returns: Where the sums begin.
    func addLinesAndTotals(to page: inout Composition) -> Double {
        let sums = sumRows.map { SumRow($0, on: page) }
        let height = sums.map(\.height).reduce(16, +)
        var sumsTop = 0.0
        page.tag(.table) { page in
            page.keep(90)
            InvoiceTable.addHead(to: &page)
            let texts = rowTexts
            for (index, text) in texts.enumerated() {
                let row = InvoiceTable.row(text, on: page)
                InvoiceTable.add(row, reserve: index == texts.count - 1 ? height : 0, to: &page)
            }
            page.y += 10
            sumsTop = page.y
            for sum in sums { sum.add(to: &page) }
        }
        return sumsTop
    }

    private var rowTexts: [[String]] {
        if case .creditNote(_, _, _, let amount) = kind {
            return [
                ["Credit against invoice \(number)", "", "1", MoneyText.dollars(amount), MoneyText.dollars(amount)]
            ]
        }
        if lines.isEmpty { return [["No items", "", "", "", ""]] }
        return lines.map { line in
            [
                line.description, line.sku, MoneyText.whole(line.quantity),
                MoneyText.dollars(line.unitPriceCents), MoneyText.dollars(line.amountCents),
            ]
        }
    }

    private var sumRows: [(String, Int64, SumRow.Rank)] {
        if case .creditNote(_, _, _, let amount) = kind {
            var rows: [(String, Int64, SumRow.Rank)] = [("Amount credited", amount, .final)]
            rows += [("Invoice \(number)", totals.totalCents, .plain)]
            rows += changes
            return rows + [("Still due on the invoice", totals.dueCents, .strong)]
        }
        let head: [(String, Int64, SumRow.Rank)] = [
            ("Subtotal", totals.subtotalCents, .plain), ("Tax", totals.taxCents, .plain),
            ("Shipping", totals.shippingCents, .plain), ("Total", totals.totalCents, .strong),
        ]
        return head + changes + [("Amount due", amountDueCents, .final)]
    }

    /// What changed the amount since it was issued; only what did.
    private var changes: [(String, Int64, SumRow.Rank)] {
        [
            ("Late fees", totals.lateFeesCents, .plain),
            ("Credits", 0 &- totals.creditedCents, .plain),
            ("Payments received", 0 &- totals.paidCents, .plain),
            ("Cancelled", isCancelled ? 0 &- totals.dueCents : 0, .plain),
        ].filter { $0.1 != 0 }
    }
}

/// One of the sums at the right under the table.
struct SumRow {
    enum Rank { case plain, strong, final }

    private static let width = 220.0
    private let label: TextBlock
    private let figure: TextBlock
    private let rank: Rank

    init(_ row: (label: String, cents: Int64, rank: Rank), on page: Composition) {
        rank = row.rank
        let size: Double = rank == .final ? 12.5 : 9.5
        let weight: TextStyle.Weight = rank == .plain ? .regular : rank == .final ? .bold : .semibold
        let ink: Ink = rank == .plain ? .quiet : .text
        label = page.block(row.label, TextStyle(size: size, weight: weight, ink: ink), width: 120)
        let style = TextStyle(size: size, weight: weight, side: .right, tabular: true)
        figure = page.block(MoneyText.dollars(row.cents), style, width: 106)
    }

    var height: Double { max(label.height, figure.height) + (rank == .final ? 22 : 7) }

    func add(to page: inout Composition) {
        let x = Composition.right - Self.width
        if rank == .final {
            page.add(.fill(x: x, y: page.y + 4, width: Self.width, height: 1, .text))
            page.y += 12
        }
        page.tag(.row) { page in
            page.place(label, as: .cell, x: x, y: page.y)
            page.place(figure, as: .cell, x: Composition.right - 106, y: page.y)
        }
        page.y += height - (rank == .final ? 12 : 0)
    }
}
