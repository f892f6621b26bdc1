extension InvoiceDocument {
    /// One thing sold.
    public struct Line: Sendable, Equatable {
        /// What it is; long texts wrap.
        public var description: String
        /// The article number; may be empty.
        public var sku: String
        /// How many units.
        public var quantity: Int
        /// The price of one.
        public var unitPriceCents: Int64
        /// Quantity times price, as the ledger has it.
        public var amountCents: Int64

        /// Makes a line.
        public init(description: String, sku: String, quantity: Int, unitPriceCents: Int64, amountCents: Int64) {
            self.description = description
            self.sku = sku
            self.quantity = quantity
            self.unitPriceCents = unitPriceCents
            self.amountCents = amountCents
        }
    }

    /// The sums under the lines.
    public struct Totals: Sendable, Equatable {
        /// The lines together.
        public var subtotalCents: Int64
        /// Sales tax.
        public var taxCents: Int64
        /// Carriage.
        public var shippingCents: Int64
        /// What the invoice was issued for.
        public var totalCents: Int64
        /// Late fees added since, not waived.
        public var lateFeesCents: Int64
        /// Credit notes against it, as a positive amount.
        public var creditedCents: Int64
        /// Payments so far, as a positive amount.
        public var paidCents: Int64
        /// What is still to be paid.
        public var dueCents: Int64

        /// Makes the sums; what is left out is zero.
        public init(
            subtotalCents: Int64, taxCents: Int64 = 0, shippingCents: Int64 = 0, totalCents: Int64,
            lateFeesCents: Int64 = 0, creditedCents: Int64 = 0, paidCents: Int64 = 0, dueCents: Int64
        ) {
            self.subtotalCents = subtotalCents
            self.taxCents = taxCents
            self.shippingCents = shippingCents
            self.totalCents = totalCents
            self.lateFeesCents = lateFeesCents
            self.creditedCents = creditedCents
            self.paidCents = paidCents
            self.dueCents = dueCents
        }
    }
}
