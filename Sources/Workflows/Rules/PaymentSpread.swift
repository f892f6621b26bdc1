public import Foundation
public import StateMachines

/// Divides money among the invoices that it may pay.
///
/// Source: R-14.
public enum PaymentSpread {
    /// An invoice on which something is open.
    public struct Open: Sendable, Hashable {
        /// The invoice.
        public var invoice: UUID
        /// Its due date.
        public var dueDate: CalendarDay
        /// What of the total is open, cents.
        public var principalCents: Int64
        /// What of its late fees is open, cents.
        public var feeCents: Int64

        /// Makes it.
        public init(invoice: UUID, dueDate: CalendarDay, principalCents: Int64, feeCents: Int64 = 0) {
            (self.invoice, self.dueDate) = (invoice, dueDate)
            (self.principalCents, self.feeCents) = (principalCents, feeCents)
        }
    }

    /// What goes to an invoice.
    public struct Part: Sendable, Hashable {
        /// The invoice.
        public var invoice: UUID
        /// On its principal, cents.
        public var principalCents: Int64
        /// On its late fees, cents.
        public var feeCents: Int64

        /// Makes it.
        public init(invoice: UUID, principalCents: Int64, feeCents: Int64 = 0) {
            (self.invoice, self.principalCents, self.feeCents) = (invoice, principalCents, feeCents)
        }
    }

    /// Divides a payment: to the invoice that it names, else to the oldest due first; on each its principal before its
    /// fees.
    ///
    /// - Parameters:
    ///   - amountCents: What came.
    ///   - open: The partner's open invoices.
    ///   - named: The invoice that the payment names.
    /// - Returns: The parts, and what is left: the partner's credit.
    public static func of(
        _ amountCents: Int64, over open: [Open], named: UUID? = nil
    ) -> (parts: [Part], creditCents: Int64) {
        var rest = max(0, amountCents)
        var parts: [Part] = []
        let wanted = open.filter { named == nil || $0.invoice == named }
        // Of two that are due on one day the one that was made first; ids rise with time.
        for one in wanted.sorted(by: { ($0.dueDate, $0.invoice.uuidString) < ($1.dueDate, $1.invoice.uuidString) })
        where rest > 0 {
            let principal = min(rest, max(0, one.principalCents))
            let fee = min(rest - principal, max(0, one.feeCents))
            guard principal + fee > 0 else { continue }
            parts.append(Part(invoice: one.invoice, principalCents: principal, feeCents: fee))
            rest -= principal + fee
        }
        return (parts, rest)
    }
}
