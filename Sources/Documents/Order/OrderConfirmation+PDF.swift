extension OrderConfirmation: PrintedDocument {
    /// "Order confirmation".
    public var title: String { "Order confirmation" }

    /// The order's number.
    public var documentNumber: String { number }

    /// For whom it is.
    public var subject: String { "\(title) for \(buyer.businessName)" }

    /// The order's number.
    public var fileName: String { Self.fileName(number, suffix: "-confirmation", fallback: "order") }

    /// Letterhead, buyer and place of delivery, the day it comes, lines and sums.
    public func compose(on page: inout DocumentPage) {
        page.composition.addLetterhead(letterhead, title: title, number: number)
        page.composition.addParties(
            [("ORDERED BY", buyer)] + (shipTo.map { [("SHIP TO", $0)] } ?? []),
            particulars: [
                ("Placed", placedOn), ("Confirmed", confirmedOn), ("Terms", paymentTerms),
                ("Your PO", purchaseOrder ?? ""),
            ])
        page.composition.addBand(
            "ORDER TOTAL", figure: MoneyText.dollars(totals.totalCents),
            words: estimatedDelivery.map { "Estimated delivery\n\($0)" } ?? "We will tell you the day of delivery.")
        let sumsTop = page.composition.addTable(Self.table, rows: rowTexts, sums: sums)
        page.composition.addClosing(
            [("YOUR INSTRUCTIONS", instructions ?? ""), ("WHAT COMES NEXT", Self.next)], besideSumsAt: sumsTop)
    }

    private static let next = """
        We will write again when a carrier has your order. Please check the lines, the prices and the address now, and \
        tell us at once if something is not as you ordered it.
        """

    private static let table = LineTable(columns: [
        .init(title: "DESCRIPTION", x: 0, width: 180), .init(title: "SKU", x: 190, width: 64),
        .init(title: "QTY", x: 256, width: 42, side: .right), .init(title: "MSRP", x: 304, width: 50, side: .right),
        .init(title: "YOUR PRICE", x: 360, width: 62, side: .right),
        .init(title: "AMOUNT", x: 426, width: 78, side: .right),
    ])

    private var rowTexts: [[String]] {
        if lines.isEmpty { return [["No items", "", "", "", "", ""]] }
        return lines.map { line in
            [
                line.description, line.sku, MoneyText.whole(line.quantity), MoneyText.dollars(line.msrpCents),
                MoneyText.dollars(line.unitPriceCents), MoneyText.dollars(line.amountCents),
            ]
        }
    }

    private var sums: [(label: String, cents: Int64, rank: SumRow.Rank)] {
        [
            ("At MSRP", totals.subtotalCents, .plain), ("Your discount", 0 &- totals.discountCents, .plain),
            ("Tax", totals.taxCents, .plain), ("Shipping", totals.shippingCents, .plain),
            ("Order total", totals.totalCents, .final),
        ]
    }
}
