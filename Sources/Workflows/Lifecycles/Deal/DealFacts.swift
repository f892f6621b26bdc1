public import Foundation
public import StateMachines

/// Everything that the guards of a deal look at and its moves change.
public struct DealFacts: Sendable {
    /// What kind of sale it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// A lead that becomes a partner.
        case newBusiness = "new_business"
        /// A partner who will buy more.
        case upsell
        /// A partner who stays.
        case renewal
    }

    /// Its lead.
    public struct Lead: Sendable, Hashable {
        /// The lead.
        public var id: UUID
        /// The company.
        public var companyName: String
        /// Where it stands.
        public var status: String
        /// What a partner needs and is not known of it, in words.
        public var missing: [String]

        /// Makes a lead as its deal sees it.
        public init(id: UUID, companyName: String, status: String, missing: [String] = []) {
            (self.id, self.companyName, self.status, self.missing) = (id, companyName, status, missing)
        }

        /// Whether it is not decided yet.
        public var isOpen: Bool { status != "closed_won" && status != "closed_lost" }
    }

    /// A partner.
    public struct Partner: Sendable, Hashable {
        /// The partner.
        public var id: UUID
        /// What it is called.
        public var businessName: String
        /// Where it stands.
        public var status: String

        /// Makes a partner as a deal sees it.
        public init(id: UUID, businessName: String, status: String) {
            (self.id, self.businessName, self.status) = (id, businessName, status)
        }
    }

    /// The deal.
    public var id: UUID
    /// What it is called.
    public var name: String
    /// What kind of sale it is.
    public var kind: Kind
    /// The value per year, cents; for an upsell the increase.
    public var valueCents: Int64
    /// The day on which it may be decided.
    public var expectedCloseDate: CalendarDay
    /// The company's day on which it was decided.
    public var actualCloseDate: CalendarDay?
    /// Who owns it.
    public var rep: RepReference
    /// Its lead, of new business.
    public var lead: Lead?
    /// Its partner, of an upsell or a renewal.
    public var partner: Partner?
    /// The partner that winning it has made.
    public var madePartner: Partner?
    /// The products that it is about.
    public var products: [UUID] = []
    /// Why it was won.
    public var wonReason: String?
    /// Why it was lost.
    public var lostReason: String?
    /// More about that.
    public var lostDetails: String?
    /// Whether a proposal is sent, viewed or accepted.
    public var hasSentProposal = false
    /// Whether a proposal is accepted.
    public var hasAcceptedProposal = false
    /// Whether its lead has had a demo.
    public var hasHeldDemo = false
    /// When a commission on it was paid.
    public var commissionPaidAt: Date?

    /// Makes the facts of a deal that has just begun.
    public init(
        id: UUID, name: String, kind: Kind = .newBusiness, valueCents: Int64, expectedCloseDate: CalendarDay,
        rep: RepReference, lead: Lead? = nil, partner: Partner? = nil, products: [UUID] = []
    ) {
        (self.id, self.name, self.kind, self.valueCents) = (id, name, kind, valueCents)
        (self.expectedCloseDate, self.rep, self.products) = (expectedCloseDate, rep, products)
        (self.lead, self.partner) = (lead, partner)
    }
}

extension DealFacts: Governed {
    /// `expected_close_date`.
    public func value(ofFact name: String) -> FactValue? {
        name == "expected_close_date" ? .day(expectedCloseDate) : nil
    }

    /// The rep's zone.
    public func zone(named name: String) -> TimeZone? { name == "rep" ? rep.zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "name": .string(name), "kind": .string(kind.rawValue), "value_cents": .integer(valueCents),
            "expected_close_date": .string(expectedCloseDate.description),
            "actual_close_date": .optional(actualCloseDate), "lead_id": .orNull(lead?.id),
            "partner_id": .orNull(partner?.id), "won_reason": .orNull(wonReason),
            "lost_reason": .orNull(lostReason), "lost_details": .orNull(lostDetails),
        ]
    }

    /// Stamps `actual_close_date`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        if column == "actual_close_date" { actualCloseDate = calendar.day(of: moment) }
    }
}
