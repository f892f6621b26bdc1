/// What a rep is paid for a period, line by line.
///
/// The figures are printed as given. Amounts are integer cents, US dollars; a line that takes money back is negative.
public struct CommissionStatement: Sendable, Equatable {
    /// One row of commission.
    public struct Line: Sendable, Equatable {
        /// What it is earned by, in words: `Order`.
        public var kind: String
        /// On what: an order's number, a business.
        public var reference: String
        /// The day it was earned, as it is printed.
        public var earnedOn: String
        /// What it was worked out from.
        public var baseCents: Int64
        /// At which rate, basis points; nil: by hand.
        public var rateBasisPoints: Int?
        /// The amount.
        public var amountCents: Int64

        /// Makes a line.
        public init(
            kind: String, reference: String, earnedOn: String, baseCents: Int64, rateBasisPoints: Int?,
            amountCents: Int64
        ) {
            self.kind = kind
            self.reference = reference
            self.earnedOn = earnedOn
            self.baseCents = baseCents
            self.rateBasisPoints = rateBasisPoints
            self.amountCents = amountCents
        }
    }

    /// The sums under the lines: the lines and what was carried over are the payout and what is carried forward.
    public struct Totals: Sendable, Equatable {
        /// The lines together.
        public var linesCents: Int64
        /// Carried over from the period before; never above zero.
        public var carriedOverCents: Int64
        /// What is paid; never below zero.
        public var payoutCents: Int64
        /// Carried forward to the next period; never above zero.
        public var carriedForwardCents: Int64

        /// Makes the sums.
        public init(linesCents: Int64, carriedOverCents: Int64, payoutCents: Int64, carriedForwardCents: Int64) {
            self.linesCents = linesCents
            self.carriedOverCents = carriedOverCents
            self.payoutCents = payoutCents
            self.carriedForwardCents = carriedForwardCents
        }
    }

    /// Who pays.
    public var letterhead: Letterhead
    /// The rep's name.
    public var rep: String
    /// The rep's number.
    public var employeeID: String
    /// The rep's title and team, if any.
    public var position: String?
    /// The period: `November 2026`.
    public var period: String
    /// The day of payment, as it is printed.
    public var payOn: String
    /// The rows, in the order of printing.
    public var lines: [Line]
    /// The sums.
    public var totals: Totals

    /// Makes the value; nothing is checked, and any text can be printed.
    public init(
        letterhead: Letterhead, rep: String, employeeID: String, position: String? = nil, period: String,
        payOn: String, lines: [Line], totals: Totals
    ) {
        self.letterhead = letterhead
        self.rep = rep
        self.employeeID = employeeID
        self.position = position
        self.period = period
        self.payOn = payOn
        self.lines = lines
        self.totals = totals
    }
}
