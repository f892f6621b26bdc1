/// An offer to a business as it is printed and signed (S-52 to S-54).
///
/// Amounts are integer cents, US dollars; prices are given, not worked out here. Source: R-03, L-14.
public struct ProposalDocument: Sendable, Equatable {
    /// A product that is offered.
    public struct Line: Sendable, Equatable {
        /// A price from a quantity on.
        public struct Break: Sendable, Equatable {
            /// From how many units in one order.
            public var fromUnits: Int
            /// The price of one.
            public var unitPriceCents: Int64

            /// Makes a break.
            public init(fromUnits: Int, unitPriceCents: Int64) {
                (self.fromUnits, self.unitPriceCents) = (fromUnits, unitPriceCents)
            }
        }

        /// What it is.
        public var description: String
        /// The article number.
        public var sku: String
        /// The suggested price of one.
        public var msrpCents: Int64
        /// The price of one that is offered.
        public var unitPriceCents: Int64
        /// How many units a month are expected; nil: not split by product.
        public var monthlyUnits: Int?
        /// Lower prices for larger orders, the smallest quantity first.
        public var breaks: [Break]

        /// Makes a line.
        public init(
            description: String, sku: String, msrpCents: Int64, unitPriceCents: Int64, monthlyUnits: Int? = nil,
            breaks: [Break] = []
        ) {
            self.description = description
            self.sku = sku
            self.msrpCents = msrpCents
            self.unitPriceCents = unitPriceCents
            self.monthlyUnits = monthlyUnits
            self.breaks = breaks
        }
    }

    /// What is agreed besides the prices.
    public struct Terms: Sendable, Equatable {
        /// In words: `NET 30`.
        public var payment: String
        /// 6, 12 or 24.
        public var contractMonths: Int
        /// What was agreed with this customer alone; may hold line ends.
        public var special: String?

        /// Makes terms.
        public init(payment: String, contractMonths: Int, special: String? = nil) {
            (self.payment, self.contractMonths, self.special) = (payment, contractMonths, special)
        }
    }

    /// Who signed, when, from where, and what.
    public struct Signature: Sendable, Equatable {
        /// The name as it was typed.
        public var name: String
        /// When, as it is printed, with its zone.
        public var signedAt: String
        /// The network address from which it was signed; empty when a person of the house entered it.
        public var address: String
        /// SHA-256 of the PDF that was signed, in hexadecimal digits.
        public var hash: String

        /// Makes a signature.
        public init(name: String, signedAt: String, address: String, hash: String) {
            (self.name, self.signedAt, self.address, self.hash) = (name, signedAt, address, hash)
        }
    }

    /// How far the offer has come.
    public enum Stage: Sendable, Equatable {
        /// A preview: marked, so that nobody takes it for the offer.
        case draft
        /// The offer, to be signed.
        case offer
        /// Signed.
        case signed(Signature)
    }

    /// Who offers.
    public var letterhead: Letterhead
    /// To whom.
    public var customer: Addressee
    /// Who of the house has prepared it.
    public var preparedBy: String
    /// Which version of the offer it is, from 1.
    public var version: Int
    /// The day of the offer, as it is printed.
    public var offeredOn: String
    /// The last day on which it can be accepted, as it is printed.
    public var validUntil: String
    /// The pricing tier in words: `Growth`.
    public var tier: String
    /// Off the suggested price, basis points.
    public var discountBasisPoints: Int
    /// How many units a month are expected in all.
    public var monthlyUnits: Int
    /// The products, in the order of printing.
    public var lines: [Line]
    /// Payment, contract and special terms.
    public var terms: Terms
    /// Draft, offer or signed.
    public var stage: Stage

    /// Makes the value; nothing is checked, and any text can be printed.
    public init(
        letterhead: Letterhead, customer: Addressee, preparedBy: String, version: Int, offeredOn: String,
        validUntil: String, tier: String, discountBasisPoints: Int, monthlyUnits: Int, lines: [Line], terms: Terms,
        stage: Stage = .offer
    ) {
        self.letterhead = letterhead
        self.customer = customer
        self.preparedBy = preparedBy
        self.version = version
        self.offeredOn = offeredOn
        self.validUntil = validUntil
        self.tier = tier
        self.discountBasisPoints = discountBasisPoints
        self.monthlyUnits = monthlyUnits
        self.lines = lines
        self.terms = terms
        self.stage = stage
    }

    /// `35% off MSRP`.
    var discountText: String { "\(MoneyText.percent(discountBasisPoints)) off MSRP" }

    /// What a month comes to, if all products say how many of them are expected.
    var monthlyCents: Int64? {
        var sum: Int64 = 0
        for line in lines {
            guard let amount = line.monthlyCents else { return nil }
            let (next, overflow) = sum.addingReportingOverflow(amount)
            if overflow { return nil }
            sum = next
        }
        return lines.isEmpty ? nil : sum
    }
}

extension ProposalDocument.Line {
    /// What a month of it comes to; nil when that is not expected, or no amount of money.
    var monthlyCents: Int64? {
        guard let monthlyUnits else { return nil }
        let (amount, overflow) = unitPriceCents.multipliedReportingOverflow(by: Int64(monthlyUnits))
        return overflow ? nil : amount
    }
}
