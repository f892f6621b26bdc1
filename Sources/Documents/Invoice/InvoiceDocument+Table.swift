extension InvoiceDocument {
    static let table = LineTable(columns: [
        .init(title: "DESCRIPTION", x: 0, width: 216), .init(title: "SKU", x: 226, width: 70),
        .init(title: "QTY", x: 300, width: 48, side: .right),
        .init(title: "UNIT PRICE", x: 352, width: 66, side: .right),
        .init(title: "AMOUNT", x: 420, width: 84, side: .right),
    ])

    var rowTexts: [[String]] {
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

    var sumRows: [(label: String, cents: Int64, rank: SumRow.Rank)] {
        if case .creditNote(_, _, _, let amount) = kind {
            var rows: [(label: String, cents: Int64, rank: SumRow.Rank)] = [("Amount credited", amount, .final)]
            rows += [("Invoice \(number)", totals.totalCents, .plain)]
            rows += changes
            return rows + [("Still due on the invoice", totals.dueCents, .strong)]
        }
        let head: [(label: String, cents: Int64, rank: SumRow.Rank)] = [
            ("Subtotal", totals.subtotalCents, .plain), ("Tax", totals.taxCents, .plain),
            ("Shipping", totals.shippingCents, .plain), ("Total", totals.totalCents, .strong),
        ]
        return head + changes + [("Amount due", amountDueCents, .final)]
    }

    /// What changed the amount since it was issued; only what did.
    private var changes: [(label: String, cents: Int64, rank: SumRow.Rank)] {
        [
            ("Late fees", totals.lateFeesCents, .plain),
            ("Credits", 0 &- totals.creditedCents, .plain),
            ("Payments received", 0 &- totals.paidCents, .plain),
            ("Cancelled", isCancelled ? 0 &- totals.dueCents : 0, .plain),
        ].filter { $0.1 != 0 }
    }
}
