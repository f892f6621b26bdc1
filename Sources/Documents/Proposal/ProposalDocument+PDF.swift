extension ProposalDocument: PrintedDocument {
    /// "Proposal".
    public var title: String { "Proposal" }

    /// Which version it is.
    public var documentNumber: String { "Version \(version)" }

    /// For whom it is.
    public var subject: String { "\(title) for \(customer.businessName)" }

    /// The customer's name, the version, and whether it is signed.
    public var fileName: String {
        let suffix =
            switch stage {
            case .draft: "-draft"
            case .offer: ""
            case .signed: "-signed"
            }
        return Self.fileName("Proposal-\(customer.businessName)-v\(version)", suffix: suffix, fallback: "proposal")
    }

    /// Letterhead, prices, volume discounts, terms, and the signature page.
    public func compose(on page: inout DocumentPage) {
        page.composition.addLetterhead(letterhead, title: title, number: documentNumber, stamp: stamp)
        page.composition.addParties(
            [("PREPARED FOR", customer)],
            particulars: [
                ("Date", offeredOn), ("Valid until", validUntil), ("Prepared by", preparedBy), ("Pricing tier", tier),
                ("Contract", contractText),
            ])
        page.composition.addBand(
            "YOUR PRICE", figure: discountText, words: "\(estimateText)\nValid until \(validUntil)")
        addPrices(to: &page.composition)
        addBreaks(to: &page.composition)
        addTerms(to: &page.composition)
        page.composition.breakPage()
        addSignaturePage(to: &page.composition)
    }

    private var stamp: Composition.Stamp? {
        switch stage {
        case .draft: .init(text: "DRAFT", ink: .alarm)
        case .offer: nil
        case .signed: .init(text: "SIGNED", ink: .text)
        }
    }

    var contractText: String { "\(terms.contractMonths) months" }

    private var estimateText: String {
        let units = "About \(MoneyText.whole(monthlyUnits)) units a month"
        return monthlyCents.map { "\(units), \(MoneyText.dollars($0))" } ?? units
    }

    private func addPrices(to page: inout Composition) {
        page.addSection("Products and pricing")
        let rows = lines.map { line in
            let units = line.monthlyUnits
            return [
                line.description, line.sku, MoneyText.dollars(line.msrpCents), MoneyText.dollars(line.unitPriceCents),
                units.map(MoneyText.whole) ?? "", line.monthlyCents.map(MoneyText.dollars) ?? "",
            ]
        }
        page.tag(.table) { page in
            Self.priceTable.add(rows.isEmpty ? [["No products", "", "", "", "", ""]] : rows, to: &page)
        }
        page.y += 24
    }

    private func addBreaks(to page: inout Composition) {
        page.addSection("Volume discounts")
        let rows = lines.flatMap { line in
            line.breaks.enumerated().map { index, step in
                [
                    index == 0 ? line.description : "", "\(MoneyText.whole(step.fromUnits)) units",
                    MoneyText.dollars(step.unitPriceCents),
                    MoneyText.dollars(line.unitPriceCents &- step.unitPriceCents),
                ]
            }
        }
        if rows.isEmpty {
            page.flow(
                page.block(
                    "The prices above hold for every quantity; no further discount depends on volume.",
                    TextStyle.body.with { $0.leading = 1.3 }, width: 400))
        } else {
            page.tag(.table) { page in Self.breakTable.add(rows, to: &page) }
        }
        page.y += 24
    }

    private func addTerms(to page: inout Composition) {
        page.addSection("Terms")
        let parts = [
            ("Payment terms", terms.payment),
            ("Contract length", "\(contractText) from the day on which this proposal is accepted"),
            ("Validity", "This proposal can be accepted until the end of \(validUntil)"),
            ("Special terms", terms.special ?? ""),
        ]
        for (label, text) in parts where !PrintableText.line(text).isEmpty {
            let words = page.block(text, TextStyle.body.with { $0.leading = 1.3 }, width: Composition.measure - 130)
            page.keep(words.height(of: 0..<min(2, words.lineCount)))
            page.place(
                page.block(label, TextStyle.body.with { $0.ink = .quiet }, width: 120), x: Composition.left, y: page.y)
            page.flow(words, x: Composition.left + 130)
            page.y += 5
        }
    }

    private static let priceTable = LineTable(columns: [
        .init(title: "PRODUCT", x: 0, width: 178), .init(title: "SKU", x: 186, width: 64),
        .init(title: "MSRP", x: 252, width: 50, side: .right),
        .init(title: "YOUR PRICE", x: 306, width: 60, side: .right),
        .init(title: "UNITS/MONTH", x: 366, width: 66, side: .right),
        .init(title: "PER MONTH", x: 434, width: 70, side: .right),
    ])

    private static let breakTable = LineTable(columns: [
        .init(title: "PRODUCT", x: 0, width: 210), .init(title: "FROM, IN ONE ORDER", x: 220, width: 96, side: .right),
        .init(title: "UNIT PRICE", x: 322, width: 76, side: .right),
        .init(title: "YOU SAVE PER UNIT", x: 404, width: 100, side: .right),
    ])
}

extension Composition {
    /// A heading inside a document; it takes at least the beginning of its section along.
    mutating func addSection(_ title: String) {
        keep(90)
        let heading = block(title, TextStyle(size: 13, weight: .bold, tracking: -0.2))
        place(heading, as: .section, x: Self.left, y: y)
        y += heading.height + 10
    }
}
