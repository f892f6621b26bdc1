/// The confirmation of an order: what was ordered, at which prices, and when it comes.
///
/// The figures are printed as given. Amounts are integer cents, US dollars. Source.
public struct OrderConfirmation: Sendable, Equatable {
    /// One thing ordered.
    public struct Line: Sendable, Equatable {
        /// What it is; long texts wrap.
        public var description: String
        /// The article number.
        public var sku: String
        /// How many units.
        public var quantity: Int
        /// The suggested price of one.
        public var msrpCents: Int64
        /// The price of one.
        public var unitPriceCents: Int64
        /// Quantity times price, as the ledger has it.
        public var amountCents: Int64

        /// Makes a line.
        public init(
            description: String, sku: String, quantity: Int, msrpCents: Int64, unitPriceCents: Int64,
            amountCents: Int64
        ) {
            self.description = description
            self.sku = sku
            self.quantity = quantity
            self.msrpCents = msrpCents
            self.unitPriceCents = unitPriceCents
            self.amountCents = amountCents
        }
    }

    /// The sums under the lines: subtotal less discount plus tax and shipping is the total.
    public struct Totals: Sendable, Equatable {
        /// The lines at the suggested price.
        public var subtotalCents: Int64
        /// What the buyer saves on it, as a positive amount.
        public var discountCents: Int64
        /// Sales tax.
        public var taxCents: Int64
        /// Carriage.
        public var shippingCents: Int64
        /// What the order comes to.
        public var totalCents: Int64

        /// Makes the sums.
        public init(
            subtotalCents: Int64, discountCents: Int64, taxCents: Int64, shippingCents: Int64, totalCents: Int64
        ) {
            self.subtotalCents = subtotalCents
            self.discountCents = discountCents
            self.taxCents = taxCents
            self.shippingCents = shippingCents
            self.totalCents = totalCents
        }
    }

    /// Who sends it.
    public var letterhead: Letterhead
    /// Who ordered.
    public var buyer: Addressee
    /// Where it goes, when that is known.
    public var shipTo: Addressee?
    /// The order's number.
    public var number: String
    /// The buyer's own purchase order number, if there is one.
    public var purchaseOrder: String?
    /// The day of placement, as it is printed.
    public var placedOn: String
    /// The day of confirmation, as it is printed.
    public var confirmedOn: String
    /// The day on which it should arrive, as it is printed; nil: not known yet.
    public var estimatedDelivery: String?
    /// The terms in words: `NET 30`.
    public var paymentTerms: String
    /// What was ordered, in the order of printing.
    public var lines: [Line]
    /// The sums.
    public var totals: Totals
    /// What the buyer asked for besides; may hold line ends.
    public var instructions: String?

    /// Makes the value; nothing is checked, and any text can be printed.
    public init(
        letterhead: Letterhead, buyer: Addressee, shipTo: Addressee? = nil, number: String,
        purchaseOrder: String? = nil, placedOn: String, confirmedOn: String, estimatedDelivery: String? = nil,
        paymentTerms: String, lines: [Line], totals: Totals, instructions: String? = nil
    ) {
        self.letterhead = letterhead
        self.buyer = buyer
        self.shipTo = shipTo
        self.number = number
        self.purchaseOrder = purchaseOrder
        self.placedOn = placedOn
        self.confirmedOn = confirmedOn
        self.estimatedDelivery = estimatedDelivery
        self.paymentTerms = paymentTerms
        self.lines = lines
        self.totals = totals
        self.instructions = instructions
    }
}
