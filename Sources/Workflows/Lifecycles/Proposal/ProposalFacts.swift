public import Foundation
public import StateMachines

/// Everything that the guards of a proposal look at and its moves change.
public struct ProposalFacts: Sendable {
    /// One product that is offered.
    public struct Item: Sendable, Hashable {
        /// The product.
        public var product: UUID
        /// What it is called.
        public var name: String
        /// The price of a unit, cents.
        public var unitPriceCents: Int64
        /// What a unit costs the company, cents.
        public var costCents: Int64
        /// How many units a month are expected.
        public var monthlyUnits: Int64?

        /// Makes an item.
        public init(product: UUID, name: String, unitPriceCents: Int64, costCents: Int64, monthlyUnits: Int64? = nil) {
            (self.product, self.name, self.monthlyUnits) = (product, name, monthlyUnits)
            (self.unitPriceCents, self.costCents) = (unitPriceCents, costCents)
        }
    }

    /// Its deal.
    public struct Deal: Sendable, Hashable {
        /// The deal.
        public var id: UUID
        /// Where it stands.
        public var stage: String

        /// Makes a deal as a proposal sees it.
        public init(id: UUID, stage: String) {
            (self.id, self.stage) = (id, stage)
        }

        /// Whether it is not decided yet.
        public var isOpen: Bool { stage != "closed_won" && stage != "closed_lost" }
    }

    /// What is offered besides the products.
    public struct Terms: Sendable, Hashable {
        /// The tier whose prices it begins with.
        public var tier: String
        /// That tier's discount off MSRP, basis points.
        public var discountBP: Int64
        /// Units a month.
        public var monthlyUnits: Int64
        /// For how many months.
        public var contractMonths: Int64
        /// When invoices have to be paid.
        public var paymentTerms: String
        /// What else was agreed.
        public var special: String?

        /// Makes terms.
        public init(
            tier: String = "starter", discountBP: Int64 = 2_500, monthlyUnits: Int64 = 0, contractMonths: Int64 = 12,
            paymentTerms: String = "NET30", special: String? = nil
        ) {
            (self.tier, self.discountBP, self.monthlyUnits) = (tier, discountBP, monthlyUnits)
            (self.contractMonths, self.paymentTerms, self.special) = (contractMonths, paymentTerms, special)
        }
    }

    /// A signature.
    public struct Signature: Sendable, Hashable {
        /// Whose.
        public var name: String
        /// When.
        public var at: Date
        /// SHA-256 of the PDF that was signed; nil when it was not rendered yet.
        public var documentHash: [UInt8]?
        /// The network address that it was given from; nil when none is known.
        public var address: String?

        /// Makes a signature.
        public init(name: String, at: Date, documentHash: [UInt8]? = nil, address: String? = nil) {
            (self.name, self.at, self.documentHash, self.address) = (name, at, documentHash, address)
        }
    }

    /// The proposal.
    public var id: UUID
    /// The lead it is for.
    public var lead: UUID?
    /// The partner it is for.
    public var partner: UUID?
    /// Its deal; a draft without one takes the deal of its lead as soon as there is one.
    public var deal: Deal?
    /// Who owns it.
    public var rep: RepReference
    /// Its number among the proposals of the deal.
    public var version: Int64
    /// What is offered besides the products.
    public var terms: Terms
    /// What is offered.
    public var items: [Item]
    /// The last day on which it can be accepted.
    public var validUntil: CalendarDay?
    /// When it was sent.
    public var sentAt: Date?
    /// When it was opened by the customer.
    public var viewedAt: Date?
    /// When it was decided.
    public var decidedAt: Date?
    /// The signature.
    public var signature: Signature?
    /// The hash of its PDF.
    public var documentHash: [UInt8]?
    /// Whether the newest opening looks like a mail scanner's.
    ///
    /// Source: R-30.
    public var openingIsAutomatic = false
    /// Whether it stands among the documents of its lead.
    public var isLeadDocument = false
    /// The smallest margin on the cost of a product, as it is set.
    ///
    /// Source: R-03.
    public var minMargin = BasisPoints(1_000)

    /// Makes the facts of a draft.
    public init(
        id: UUID, lead: UUID? = nil, partner: UUID? = nil, deal: Deal? = nil, rep: RepReference, version: Int64 = 1,
        terms: Terms = Terms(), items: [Item] = []
    ) {
        (self.id, self.lead, self.partner, self.deal) = (id, lead, partner, deal)
        (self.rep, self.version, self.terms, self.items) = (rep, version, terms, items)
    }
}

extension ProposalFacts: Governed {
    /// `valid_until` or `sent_at`.
    public func value(ofFact name: String) -> FactValue? {
        switch name {
        case "valid_until": validUntil.map(FactValue.day)
        case "sent_at": sentAt.map(FactValue.instant)
        default: nil
        }
    }

    /// The rep's zone.
    public func zone(named name: String) -> TimeZone? { name == "rep" ? rep.zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "lead_id": .orNull(lead), "partner_id": .orNull(partner), "deal_id": .orNull(deal?.id),
            "version": .integer(version), "tier": .string(terms.tier), "valid_until": .optional(validUntil),
            "sent_at": .optional(sentAt), "viewed_at": .optional(viewedAt), "decided_at": .optional(decidedAt),
            "signed_name": .orNull(signature?.name),
        ]
    }

    /// Stamps `sent_at`, `viewed_at` or `decided_at`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        switch column {
        case "sent_at": sentAt = moment
        case "viewed_at": viewedAt = moment
        case "decided_at": decidedAt = moment
        default: break
        }
    }
}
