extension CommissionStatement: PrintedDocument {
    /// "Commission statement".
    public var title: String { "Commission statement" }

    /// The period.
    public var documentNumber: String { period }

    /// For whom it is.
    public var subject: String { "\(title) for \(rep), \(period)" }

    /// The rep's number and the period.
    public var fileName: String {
        Self.fileName("Commission-\(employeeID)-\(period)", fallback: "commission-statement")
    }

    /// Letterhead, rep, the payout, rows and sums.
    public func compose(on page: inout DocumentPage) {
        page.composition.addLetterhead(letterhead, title: title, number: period)
        let who = Addressee(businessName: rep, contact: position, address: [])
        page.composition.addParties(
            [("SALES REP", who)],
            particulars: [("Employee", employeeID), ("Period", period), ("Paid on", payOn)])
        page.composition.addBand("PAYOUT", figure: MoneyText.dollars(totals.payoutCents), words: words)
        let sumsTop = page.composition.addTable(Self.table, rows: rowTexts, sums: sums)
        page.composition.addClosing([("HOW IT IS WORKED OUT", Self.rules)], besideSumsAt: sumsTop)
    }

    private var words: String {
        totals.carriedForwardCents == 0
            ? "Paid on \(payOn)"
            : "\(MoneyText.dollars(totals.carriedForwardCents)) is carried forward to the next period."
    }

    private static let rules = """
        Commission is earned on the net of discount, without tax and shipping, and paid once the customer has paid. \
        A refund or credit note takes its share back. A payout is never below zero; the rest is carried forward.
        """

    private static let table = LineTable(columns: [
        .init(title: "EARNED ON", x: 0, width: 92), .init(title: "FOR", x: 98, width: 76),
        .init(title: "REFERENCE", x: 180, width: 134), .init(title: "BASE", x: 318, width: 76, side: .right),
        .init(title: "RATE", x: 396, width: 42, side: .right), .init(title: "AMOUNT", x: 440, width: 64, side: .right),
    ])

    private var rowTexts: [[String]] {
        if lines.isEmpty { return [["No commission in this period", "", "", "", "", ""]] }
        return lines.map { line in
            [
                line.earnedOn, line.kind, line.reference, MoneyText.dollars(line.baseCents),
                line.rateBasisPoints.map(MoneyText.percent) ?? "", MoneyText.dollars(line.amountCents),
            ]
        }
    }

    private var sums: [(label: String, cents: Int64, rank: SumRow.Rank)] {
        let changes: [(label: String, cents: Int64, rank: SumRow.Rank)] = [
            ("Carried over", totals.carriedOverCents, .plain),
            ("Carried forward", 0 &- totals.carriedForwardCents, .plain),
        ]
        return [("Commission", totals.linesCents, .plain)] + changes.filter { $0.cents != 0 }
            + [("Payout", totals.payoutCents, .final)]
    }
}

extension CommissionStatement {
    /// What the mail `commission_statement` can show.
    public var templateValues: [String: TemplateValue] {
        letterhead.templateValues.merging(
            [
                "greetingName": .text(rep), "period": .text(period), "payOn": .text(payOn),
                "payout": .text(MoneyText.dollars(totals.payoutCents)),
                "carriedForward": totals.carriedForwardCents == 0
                    ? .absent : .text(MoneyText.dollars(totals.carriedForwardCents)),
                "count": .text(MoneyText.whole(lines.count)), "isOne": .flag(lines.count == 1),
            ]) { _, second in second }
    }
}
