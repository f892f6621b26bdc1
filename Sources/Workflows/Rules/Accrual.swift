/// What a rep earns on what, and at which rate.
///
/// Source: R-15.
public enum Accrual {
    /// What a row of commission is for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The first year of a new partner.
        case newPartner = "new_partner"
        /// An order's net.
        case order
        /// The annual value of a contract that was renewed.
        case renewal
        /// The increase in annual value.
        case upsell
        /// Reaching the quota of a period.
        case quotaBonus = "quota_bonus"
        /// Takes back what was earned on money that was returned.
        case clawback
        /// By an admin, with a reason.
        case adjustment
    }

    /// The rates that settings may change.
    public struct Rates: Sendable, Hashable {
        /// Of a new partner's first-year value.
        public var newPartner: BasisPoints
        /// Of the increase that an upsell brings.
        public var upsell: BasisPoints
        /// Of a renewed annual value.
        public var renewal: BasisPoints

        /// The rates of R-15.
        public static let standard = Rates(
            newPartner: BasisPoints(100), upsell: BasisPoints(100), renewal: BasisPoints(50))

        /// Makes rates.
        public init(newPartner: BasisPoints, upsell: BasisPoints, renewal: BasisPoints) {
            (self.newPartner, self.upsell, self.renewal) = (newPartner, upsell, renewal)
        }
    }

    /// The base of an order: its net of discount; nil for samples and consumers' orders, which earn nothing.
    public static func base(ofOrderNet netCents: Int64, isSample: Bool, isConsumers: Bool) -> Int64? {
        isSample || isConsumers ? nil : netCents
    }

    /// Divides an amount by weights so that the parts add up exactly.
    ///
    /// By largest remainder; ties go to the earlier one. Source: R-02.
    ///
    /// - Parameters:
    ///   - amountCents: What is divided, not negative.
    ///   - weights: The weights, none negative; all zero gives everything to the first.
    /// - Returns: A part for each weight.
    public static func parts(of amountCents: Int64, by weights: [Int64]) -> [Int64] {
        let total = weights.reduce(0, +)
        guard total > 0 else { return weights.indices.map { $0 == 0 ? amountCents : 0 } }
        // The product of two 64-bit numbers needs 128 bits.
        let divisions = weights.map { weight in
            UInt64(total).dividingFullWidth(UInt64(weight).multipliedFullWidth(by: UInt64(amountCents)))
        }
        var parts = divisions.map { Int64($0.quotient) }
        let byRemainder = divisions.indices.sorted { left, right in
            let (a, b) = (divisions[left].remainder, divisions[right].remainder)
            return a == b ? left < right : a > b
        }
        let rest = Int(amountCents - parts.reduce(0, +))
        for index in byRemainder.prefix(rest) { parts[index] += 1 }
        return parts
    }
}

/// Sales and quota of a rep in a period.
///
/// Source: R-16.
public enum QuotaBonus {
    /// On what the bonus is paid.
    public enum Mode: String, Sendable, CaseIterable {
        /// On everything, from the first dollar.
        case firstDollar = "first_dollar"
        /// On the part above the quota.
        case marginal
    }

    /// The rate of R-16.
    public static let standardRate = BasisPoints(500)

    /// What the bonus is worked out from; zero when the quota was not reached.
    ///
    /// - Parameters:
    ///   - creditedCents: Credited sales of the period.
    ///   - quotaCents: The quota.
    ///   - mode: On what it is paid.
    /// - Returns: The base, cents.
    public static func base(creditedCents: Int64, quotaCents: Int64, mode: Mode) -> Int64 {
        // Without a quota there is nothing to reach.
        guard quotaCents > 0, creditedCents >= quotaCents else { return 0 }
        return mode == .firstDollar ? creditedCents : creditedCents - quotaCents
    }

    /// The bonus; zero when the quota was not reached.
    ///
    /// - Parameters:
    ///   - creditedCents: Credited sales of the period.
    ///   - quotaCents: The quota.
    ///   - mode: On what it is paid.
    ///   - rate: The share.
    /// - Returns: The amount, cents.
    public static func amount(
        creditedCents: Int64, quotaCents: Int64, mode: Mode, rate: BasisPoints = standardRate
    ) -> Int64 {
        rate.of(base(creditedCents: creditedCents, quotaCents: quotaCents, mode: mode))
    }
}

/// What a rep is paid for a period.
///
/// Source: R-18.
public struct PayoutSum: Sendable, Hashable {
    /// What is paid, never below zero, cents.
    public var amountCents: Int64
    /// What is left to take from the next payout, never above zero, cents.
    public var carriedForwardCents: Int64

    /// Adds up the rows of a payout and what the one before carried forward.
    ///
    /// - Parameters:
    ///   - rows: The amounts of the rows, cents.
    ///   - carriedInCents: What the payout before left, zero or negative.
    public init(rows: [Int64], carriedInCents: Int64 = 0) {
        let sum = rows.reduce(carriedInCents, +)
        (self.amountCents, self.carriedForwardCents) = (max(0, sum), min(0, sum))
    }
}
