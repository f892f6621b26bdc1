extension InvoiceDocument: PrintedDocument {
    /// The seller.
    public var letterhead: Letterhead { seller }

    /// "Invoice" or "Credit note".
    public var title: String {
        if case .creditNote = kind { "Credit note" } else { "Invoice" }
    }

    /// The number this paper is filed under.
    public var documentNumber: String {
        if case .creditNote(let number, _, _, _) = kind { number } else { number }
    }

    /// For whom and for which order it is.
    public var subject: String { "\(title) for \(buyer.businessName), order \(orderNumber)" }

    /// The number, and whether it is cancelled.
    public var fileName: String {
        Self.fileName(documentNumber, suffix: isCancelled ? "-cancelled" : "", fallback: "invoice")
    }

    /// Letterhead, parties, the amount due, lines and sums, how to pay.
    public func compose(on page: inout DocumentPage) {
        page.composition.addLetterhead(
            seller, title: title, number: documentNumber,
            stamp: isCancelled ? .init(text: "CANCELLED", ink: .alarm) : nil)
        page.composition.addParties([(buyerLabel, buyer)], particulars: particulars)
        page.composition.addBand(
            summary.label, figure: MoneyText.dollars(summary.cents), words: summary.words,
            ink: isCancelled ? .alarm : .brand)
        let sumsTop = page.composition.addTable(Self.table, rows: rowTexts, sums: sumRows)
        page.composition.addClosing(closing, besideSumsAt: sumsTop)
    }

    var isCancelled: Bool {
        if case .cancellation = kind { true } else { false }
    }

    /// A cancelled invoice asks for nothing, whatever it was about.
    var amountDueCents: Int64 { isCancelled ? 0 : totals.dueCents }

    /// The due date in words.
    var dueText: String { dueOn ?? "On receipt" }

    private var buyerLabel: String {
        if case .creditNote = kind { "CREDIT TO" } else { "BILL TO" }
    }

    private var particulars: [(label: String, value: String)] {
        var rows: [(String, String)] = []
        if case .creditNote(_, let day, _, _) = kind {
            rows = [("Issued", day), ("For invoice", number), ("Invoice issued", issuedOn)]
        } else {
            rows = [("Invoice number", number), ("Issued", issuedOn), ("Due", dueText), ("Terms", paymentTerms)]
        }
        return rows + [("Order", orderNumber), ("Your PO", purchaseOrder ?? "")]
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

    private var closing: [(label: String, text: String)] {
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
    }
}
