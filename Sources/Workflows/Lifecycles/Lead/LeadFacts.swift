public import Foundation
public import StateMachines

/// Everything that the guards of a lead look at and its moves change.
public struct LeadFacts: Sendable {
    /// The company and whom one speaks to there.
    public struct Details: Sendable, Hashable {
        /// The company.
        public var companyName: String
        /// What kind of business it is.
        public var businessType: String?
        /// Its industry.
        public var industry: String?
        /// Whom one speaks to.
        public var contactName: String?
        /// What that person is.
        public var contactTitle: String?
        /// The address for mail.
        public var email: String?
        /// The number to call.
        public var phone: String?
        /// The company's site.
        public var website: String?
        /// Street and number.
        public var address: String?
        /// City.
        public var city: String?
        /// The two letters of the state.
        public var state: String?
        /// ZIP code.
        public var zipCode: String?
        /// Where the lead came from.
        public var source: String
        /// More about that.
        public var sourceDetails: String?

        /// Makes details of a company of which nothing else is known.
        public init(companyName: String, source: String = "website") {
            (self.companyName, self.source) = (companyName, source)
        }
    }

    /// What may come of it.
    public struct Outlook: Sendable, Hashable {
        /// The estimated value per year, cents.
        public var annualValueCents: Int64?
        /// The estimated units per month.
        public var monthlyUnits: Int64?
        /// The day on which it may be decided.
        public var expectedCloseDate: CalendarDay?
        /// The products that were asked about.
        public var products: [UUID]

        /// Makes an outlook.
        public init(
            annualValueCents: Int64? = nil, monthlyUnits: Int64? = nil, expectedCloseDate: CalendarDay? = nil,
            products: [UUID] = []
        ) {
            (self.annualValueCents, self.monthlyUnits) = (annualValueCents, monthlyUnits)
            (self.expectedCloseDate, self.products) = (expectedCloseDate, products)
        }
    }

    /// Its deal.
    public struct Deal: Sendable, Hashable {
        /// What it is called.
        public var name: String
        /// Where it stands.
        public var stage: String

        /// Makes a deal as a lead sees it.
        public init(name: String, stage: String) {
            (self.name, self.stage) = (name, stage)
        }

        /// Whether it is not decided yet.
        public var isOpen: Bool { stage != "closed_won" && stage != "closed_lost" }
    }

    /// A rep who could be given a new lead.
    public struct Candidate: Sendable, Hashable {
        /// The rep.
        public var rep: RepReference
        /// The states of the rep's territory.
        public var states: [String]
        /// How many open leads the rep has.
        public var openLeads: Int

        /// Makes a candidate.
        public init(rep: RepReference, states: [String], openLeads: Int) {
            (self.rep, self.states, self.openLeads) = (rep, states, openLeads)
        }
    }

    /// The lead.
    public var id: UUID
    /// The company and its contact.
    public var details: Details
    /// Who owns it; nil until it is routed.
    public var rep: RepReference?
    /// Budget, authority, need and timeline.
    public var answers = Qualification()
    /// What may come of it.
    public var outlook = Outlook()
    /// When the contact was last spoken to.
    public var lastContactAt: Date?
    /// When the last demo was held.
    public var demoHeldAt: Date?
    /// Why it was lost.
    public var lostReason: String?
    /// More about that.
    public var lostDetails: String?
    /// The partner that it became, which stays linked when a win is undone.
    public var convertedTo: UUID?
    /// When it became one.
    public var convertedAt: Date?
    /// Its deal; nil until it was qualified.
    public var deal: Deal?
    /// How many demos are in the calendar and have no outcome, those of the past included.
    public var openDemos = 0
    /// The time of the last of them.
    public var lastDemoAt: Date?
    /// Who could be given it; only while one is made.
    public var candidates: [Candidate] = []

    /// Makes the facts of a lead of which nothing more is known.
    public init(id: UUID, details: Details, rep: RepReference? = nil) {
        (self.id, self.details, self.rep) = (id, details, rep)
    }

    /// The score at a moment.
    ///
    /// Source: R-19.
    public func score(at now: Date) -> LeadScore {
        LeadScore(
            answers, annualValueCents: outlook.annualValueCents,
            engagement: .init(demoHeld: demoHeldAt != nil),
            silentWeeks: LeadScore.silentWeeks(since: lastContactAt, now: now))
    }

    /// What is still missing before it can be qualified, in words.
    ///
    /// Source: L-01.
    public var missingForQualification: [String] {
        [
            answers.budget == nil ? "budget" : nil, answers.authority == nil ? "authority" : nil,
            answers.need == nil ? "need" : nil, answers.timeline == nil ? "timeline" : nil,
            (outlook.annualValueCents ?? 0) > 0 ? nil : "annual value",
            outlook.expectedCloseDate == nil ? "expected close date" : nil,
        ].compactMap(\.self)
    }
}

extension LeadFacts: Governed {
    /// `last_contact_at`.
    public func value(ofFact name: String) -> FactValue? {
        name == "last_contact_at" ? lastContactAt.map(FactValue.instant) : nil
    }

    /// The rep's zone.
    public func zone(named name: String) -> TimeZone? { name == "rep" ? rep?.zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "company_name": .string(details.companyName), "sales_rep_id": .orNull(rep?.id),
            "last_contact_at": .optional(lastContactAt), "demo_held_at": .optional(demoHeldAt),
            "lost_reason": .orNull(lostReason), "lost_details": .orNull(lostDetails),
            "converted_to_partner_id": .orNull(convertedTo), "converted_at": .optional(convertedAt),
        ]
    }

    /// Nothing: no state of a lead has a stamp.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {}
}
