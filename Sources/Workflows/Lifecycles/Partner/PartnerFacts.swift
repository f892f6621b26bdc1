public import Foundation
public import StateMachines

/// Everything that the guards of a partner look at and its moves change.
public struct PartnerFacts: Sendable {
    /// What a partner buys like; decides its discount.
    ///
    /// Source: R-03.
    public enum Tier: String, Sendable, CaseIterable {
        /// A single shop.
        case starter
        /// A few shops.
        case growth
        /// A chain.
        case enterprise

        /// The discount off MSRP, basis points.
        public var discountBp: Int {
            switch self {
            case .starter: 2_500
            case .growth: 3_500
            case .enterprise: 4_000
            }
        }
    }

    /// The first owner of a partner's account.
    public struct Owner: Sendable, Hashable {
        /// First name.
        public var firstName: String
        /// Last name.
        public var lastName: String
    }

    /// How a partner is reached, as it said itself.
    public struct Details: Sendable, Hashable {
        /// The name of the business.
        public var businessName: String
        /// What kind of business it is.
        public var businessType: String
        /// Whom to ask for.
        public var contactName: String
        /// The contact's address.
        public var email: String
        /// The contact's number.
        public var phone: String
        /// Street and number.
        public var address: String
        /// City.
        public var city: String
        /// State, two letters.
        public var state: String
        /// Zip code.
        public var zipCode: String
        /// Its page.
        public var website: String?
    }

    /// The partner.
    public var id: UUID
    /// How it is reached.
    public var details: Details
    /// Its time zone.
    public var zone: TimeZone
    /// Its tier.
    public var tier: Tier = .starter
    /// Its discount, basis points; its tier's unless another was agreed.
    public var discountBp = Tier.starter.discountBp
    /// When it has to pay.
    public var terms: PaymentTerms = .net30
    /// How much it may owe, cents.
    public var creditLimitCents: Int64 = 1_000_000
    /// Its rep.
    public var salesRepID: UUID?
    /// Who approved it.
    public var approvedBy: UUID?
    /// When it was approved.
    public var approvedAt: Date?
    /// Why it is closed.
    public var closedReason: String?
    /// Orders that are neither delivered nor cancelled.
    public var openOrders = 0
    /// Invoices that are not settled.
    public var openInvoices = 0
    /// What is due on them, cents.
    public var amountDueCents: Int64 = 0
    /// Whether its users are to be switched off.
    public var hasPortalAccessEnded = false
    /// Its first owner; only while it is made.
    public var owner: Owner?
    /// The lead that it comes from; only while it is made.
    public var lead: UUID?
}

extension PartnerFacts: Governed {
    /// A partner has no dates to count from but its states'.
    public func value(ofFact name: String) -> FactValue? { nil }

    /// The partner's zone.
    public func zone(named name: String) -> TimeZone? { name == "partner" ? zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "business_name": .string(details.businessName), "tier": .string(tier.rawValue),
            "discount_bp": .integer(Int64(discountBp)), "payment_terms": .string(terms.rawValue),
            "credit_limit_cents": .integer(creditLimitCents), "sales_rep_id": .orNull(salesRepID),
            "approved_by": .orNull(approvedBy), "approved_at": .optional(approvedAt),
            "closed_reason": .orNull(closedReason),
        ]
    }

    /// Nothing: the states of a partner stamp no column.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {}
}
