/// An invoice as it is printed and mailed: every word and every figure, nothing to look up.
///
/// The figures are printed as given; that they add up is the ledger's duty. Amounts are integer cents of one currency,
/// US dollars. Source.
public struct InvoiceDocument: Sendable, Equatable {
    /// Who sends the invoice.
    public var seller: Letterhead
    /// Who owes it.
    public var buyer: Addressee
    /// The invoice's number, such as `INV-1042`.
    public var number: String
    /// The number of the order it is for.
    public var orderNumber: String
    /// The buyer's own purchase order number, if there is one.
    public var purchaseOrder: String?
    /// The day of issue, as it is printed: `December 2, 2026`.
    public var issuedOn: String
    /// The last day to pay, as it is printed; `nil` prints "On receipt".
    public var dueOn: String?
    /// The terms in words: `NET 30`, `Due on receipt`.
    public var paymentTerms: String
    /// What was sold, in the order of printing.
    public var lines: [Line]
    /// The sums.
    public var totals: Totals
    /// Words to the buyer; may hold line ends.
    public var notes: String?
    /// How to pay: bank, account, link; may hold line ends.
    public var howToPay: String?
    /// Which of the three documents this is.
    public var kind: Kind

    /// Makes the value; nothing is checked, and any text can be printed.
    public init(
        seller: Letterhead, buyer: Addressee, number: String, orderNumber: String, purchaseOrder: String? = nil,
        issuedOn: String, dueOn: String?, paymentTerms: String, lines: [Line], totals: Totals,
        notes: String? = nil, howToPay: String? = nil, kind: Kind = .invoice
    ) {
        self.seller = seller
        self.buyer = buyer
        self.number = number
        self.orderNumber = orderNumber
        self.purchaseOrder = purchaseOrder
        self.issuedOn = issuedOn
        self.dueOn = dueOn
        self.paymentTerms = paymentTerms
        self.lines = lines
        self.totals = totals
        self.notes = notes
        self.howToPay = howToPay
        self.kind = kind
    }

    /// Which document is made of the invoice.
    public enum Kind: Sendable, Equatable {
        /// The invoice itself.
        case invoice
        /// The invoice, marked as cancelled; what was due on it is taken off, so that nothing is due.
        case cancellation(on: String, reason: String)
        /// A credit against the invoice; `amountCents` is positive.
        case creditNote(number: String, issuedOn: String, reason: String, amountCents: Int64)
    }
}
