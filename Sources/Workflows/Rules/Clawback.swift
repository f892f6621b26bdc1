/// Takes commission back for money that was returned.
///
/// Source: R-17.
public enum Clawback {
    /// A commission of an order, and what was taken back of it before.
    public struct Earned: Sendable, Hashable {
        /// Its part of the order's base, cents.
        public var baseCents: Int64
        /// Its amount, cents.
        public var amountCents: Int64
        /// The bases of the rows that take it back, added up; zero or negative.
        public var takenBaseCents: Int64
        /// The amounts of those rows, added up; zero or negative.
        public var takenCents: Int64

        /// Makes it.
        public init(baseCents: Int64, amountCents: Int64, takenBaseCents: Int64 = 0, takenCents: Int64 = 0) {
            (self.baseCents, self.amountCents) = (baseCents, amountCents)
            (self.takenBaseCents, self.takenCents) = (takenBaseCents, takenCents)
        }
    }

    /// A row that takes commission back; both zero or negative, cents.
    public struct Row: Sendable, Hashable {
        /// What it takes off the credited sales.
        public var baseCents: Int64
        /// What it takes off the commission.
        public var amountCents: Int64

        /// Makes a row.
        public init(baseCents: Int64, amountCents: Int64) {
            (self.baseCents, self.amountCents) = (baseCents, amountCents)
        }
    }

    /// The rows that a credit makes, one for each commission of the order that counts.
    ///
    /// The rows of a commission never sum below zero, and the one that takes the last of its base takes what is left.
    ///
    /// - Parameters:
    ///   - creditCents: What was returned, cents.
    ///   - earned: The order's commissions that are not reversed.
    /// - Returns: A row for each, in the same order; a row of zeros where nothing is left to take.
    public static func rows(for creditCents: Int64, of earned: [Earned]) -> [Row] {
        let credits = Accrual.parts(of: max(0, creditCents), by: earned.map(\.baseCents))
        return zip(earned, credits).map { earned, credit in
            let base = min(credit, earned.baseCents + earned.takenBaseCents)
            let left = earned.amountCents + earned.takenCents
            let isLast = base == earned.baseCents + earned.takenBaseCents
            let share = isLast ? left : min(left, portion(base, of: earned))
            return Row(baseCents: -base, amountCents: -share)
        }
    }

    /// `round(amount × part / base)`, half away from zero; none of them is negative.
    private static func portion(_ part: Int64, of earned: Earned) -> Int64 {
        guard earned.baseCents > 0 else { return 0 }
        let base = UInt64(earned.baseCents)
        let product = UInt64(earned.amountCents).multipliedFullWidth(by: UInt64(part))
        let (quotient, remainder) = base.dividingFullWidth(product)
        return Int64(quotient) + (remainder >= base - remainder ? 1 : 0)
    }

    /// Money that went back to a customer, or was promised to.
    public enum Return: Sendable, Hashable {
        /// A credit note; `unappliedCents` is what did not take anything off the invoice and is owed to the customer.
        case creditNote(amountCents: Int64, unappliedCents: Int64)
        /// A refund.
        case refund(amountCents: Int64)
    }

    /// What each of an order's returns counts for: a refund that pays out a credit note counts for nothing more.
    ///
    /// - Parameter returns: All credit notes and refunds of the order, oldest first.
    /// - Returns: Cents for each.
    public static func countedCents(of returns: [Return]) -> [Int64] {
        var owed: Int64 = 0
        return returns.map { one in
            switch one {
            case .creditNote(let amount, let unapplied):
                owed += unapplied
                return amount
            case .refund(let amount):
                let paidOut = min(owed, amount)
                owed -= paidOut
                return amount - paidOut
            }
        }
    }
}
