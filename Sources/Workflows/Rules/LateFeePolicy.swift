import StateMachines

/// What paying late costs, as it is set for a state.
///
/// Source: R-12.
public struct LateFeePolicy: Sendable, Hashable {
    /// How a fee is worked out.
    public enum Kind: String, Sendable, Hashable, Decodable {
        /// A part of the open principal for each period.
        case monthly
        /// Simple interest by the day, and a flat fee.
        case daily
    }

    /// How a fee is worked out.
    public var kind: Kind
    /// Of the principal: a period's part, or a year's interest.
    public var rate: BasisPoints
    /// The day after the due date on which the first fee falls.
    public var firstDay: Int
    /// Days from one fee to the next.
    public var everyDays: Int
    /// At most so many fees on one invoice.
    public var atMost: Int
    /// No fee on less open principal than this, cents.
    public var minimumCents: Int64
    /// What is added to each fee of daily interest, cents.
    public var flatCents: Int64

    /// Makes a policy; what is not said is as R-12 has it.
    public init(
        _ kind: Kind = .monthly, rate: BasisPoints = BasisPoints(150), firstDay: Int = 15, everyDays: Int = 30,
        atMost: Int = 12, minimumCents: Int64 = 1_000, flatCents: Int64 = 0
    ) {
        (self.kind, self.rate, self.firstDay, self.everyDays) = (kind, rate, firstDay, everyDays)
        (self.atMost, self.minimumCents, self.flatCents) = (atMost, minimumCents, flatCents)
    }

    /// The fee of a day; nil when none falls on it.
    ///
    /// - Parameters:
    ///   - day: Days after the due date.
    ///   - principalCents: What of the total is open, without fees: there is no fee on a fee.
    ///   - charged: How many fees there are already.
    /// - Returns: Cents.
    public func fee(onDay day: Int, principalCents: Int64, charged: Int = 0) -> Int64? {
        guard day >= firstDay, (day - firstDay).isMultiple(of: everyDays), charged < atMost,
            principalCents >= minimumCents
        else { return nil }
        return amount(onPrincipalCents: principalCents, charged: charged)
    }

    /// What a fee comes to, rounded once.
    ///
    /// - Parameters:
    ///   - principalCents: What of the total is open, without fees.
    ///   - charged: How many fees there are already: the first counts from the due date, each other from the one before.
    /// - Returns: Cents.
    public func amount(onPrincipalCents principalCents: Int64, charged: Int) -> Int64 {
        guard kind == .daily else { return rate.of(principalCents) }
        let days = charged == 0 ? firstDay : everyDays
        // In parts of ten thousand and of a year; what is too large for a number stops here.
        let whole: UInt64 = 10_000 * 365
        let product = UInt64(max(0, principalCents)).multipliedFullWidth(by: UInt64(rate.value) * UInt64(days))
        let (quotient, remainder) = whole.dividingFullWidth(product)
        return Int64(quotient) + (remainder >= whole - remainder ? 1 : 0) + flatCents
    }
}

extension LateFeePolicy: Decodable {
    private enum CodingKeys: String, CodingKey {
        case kind
        case rate = "rate_bp"
        case firstDay = "first_day"
        case everyDays = "every_days"
        case atMost = "at_most"
        case minimumCents = "minimum_cents"
        case flatCents = "flat_cents"
    }

    /// Reads one entry of the setting `late_fee.policy`; what it does not say is as R-12 has it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let usual = LateFeePolicy()
        self.init(
            try values.decodeIfPresent(Kind.self, forKey: .kind) ?? usual.kind,
            rate: BasisPoints(try values.decodeIfPresent(Int64.self, forKey: .rate) ?? usual.rate.value),
            firstDay: try values.decodeIfPresent(Int.self, forKey: .firstDay) ?? usual.firstDay,
            everyDays: try values.decodeIfPresent(Int.self, forKey: .everyDays) ?? usual.everyDays,
            atMost: try values.decodeIfPresent(Int.self, forKey: .atMost) ?? usual.atMost,
            minimumCents: try values.decodeIfPresent(Int64.self, forKey: .minimumCents) ?? usual.minimumCents,
            flatCents: try values.decodeIfPresent(Int64.self, forKey: .flatCents) ?? usual.flatCents)
    }
}
