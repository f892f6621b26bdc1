public import Foundation

/// The four answers that qualify a lead: budget, authority, need and timeline.
public struct Qualification: Sendable, Hashable {
    /// Whether there is money for it.
    public enum Budget: String, Sendable, CaseIterable {
        /// It is set aside.
        case confirmed
        /// Somebody has named a figure.
        case estimated
        /// Asked, without an answer.
        case unknown
    }

    /// Who the contact is in the decision.
    public enum Authority: String, Sendable, CaseIterable {
        /// Decides.
        case decisionMaker = "decision_maker"
        /// Is listened to.
        case influencer
        /// Leads to those who decide.
        case gatekeeper
    }

    /// How much it is needed.
    public enum Need: String, Sendable, CaseIterable {
        /// Now.
        case urgent
        /// It would help.
        case medium
        /// They look around.
        case exploring
    }

    /// When they want to begin.
    public enum Timeline: String, Sendable, CaseIterable {
        /// At once.
        case immediate
        /// Within 30 days.
        case thirtyDays = "30_days"
        /// Within 90 days.
        case ninetyDays = "90_days"
        /// Later.
        case longTerm = "long_term"
    }

    /// The budget; nil: not assessed.
    public var budget: Budget?
    /// The contact's authority; nil: not assessed.
    public var authority: Authority?
    /// The need; nil: not assessed.
    public var need: Need?
    /// The timeline; nil: not assessed.
    public var timeline: Timeline?

    /// Makes the answers.
    public init(
        budget: Budget? = nil, authority: Authority? = nil, need: Need? = nil, timeline: Timeline? = nil
    ) {
        (self.budget, self.authority, self.need, self.timeline) = (budget, authority, need, timeline)
    }

    /// Makes the answers of the words that tables and forms use.
    init(budget: String?, authority: String?, need: String?, timeline: String?) {
        self.init(
            budget: budget.flatMap(Budget.init), authority: authority.flatMap(Authority.init),
            need: need.flatMap(Need.init), timeline: timeline.flatMap(Timeline.init))
    }
}

/// How promising a lead is, from 0 to 100, with the factors that add up to it.
///
/// Counted in tenths, for half of a maximum may be half a point. Source: R-19.
public struct LeadScore: Sendable, Hashable {
    /// What a contact has done, as far as people and no machines did it.
    public struct Engagement: Sendable, Hashable {
        /// Clicks of people.
        public var clicks: Int
        /// Visits of the page with prices.
        public var pricingVisits: Int
        /// Whether a demo was held.
        public var demoHeld: Bool

        /// Makes an engagement.
        public init(clicks: Int = 0, pricingVisits: Int = 0, demoHeld: Bool = false) {
            (self.clicks, self.pricingVisits, self.demoHeld) = (clicks, pricingVisits, demoHeld)
        }
    }

    /// How a list shows a lead.
    public enum Band: String, Sendable {
        /// From 85: a Hot Lead.
        case fire
        /// 80 to 84: a Hot Lead.
        case hot
        /// 60 to 79.
        case warm
        /// Below 60.
        case cold
    }

    /// The sum, from 0 to 100.
    public let points: Int
    /// The factors by name, in tenths of a point.
    public let tenths: [String: Int]

    /// Scores a lead.
    ///
    /// - Parameters:
    ///   - answers: What is known of budget, authority, need and timeline.
    ///   - annualValueCents: The estimated annual value; nil: not assessed.
    ///   - engagement: What the contact has done.
    ///   - silentWeeks: Full weeks without contact.
    public init(
        _ answers: Qualification, annualValueCents: Int64?, engagement: Engagement = Engagement(), silentWeeks: Int = 0
    ) {
        let size = Self.companySize(annualValueCents)
        let budget = Self.budget(answers.budget)
        let authority = Self.authority(answers.authority)
        let need = Self.need(answers.need)
        let timeline = Self.timeline(answers.timeline)
        let engaged =
            min(engagement.clicks * 20, 60) + min(engagement.pricingVisits * 30, 60) + (engagement.demoHeld ? 30 : 0)
        // The first week costs nothing.
        let decay = -min(max(0, silentWeeks - 1) * 20, 200)
        let base = Int(BasisPoints(1_000).of(Int64(size + budget + authority + need)))
        self.points = min(100, max(0, base + (timeline + engaged + decay) / 10))
        self.tenths = [
            "company_size": size, "budget": budget, "authority": authority, "need": need, "timeline": timeline,
            "engagement": engaged, "decay": decay,
        ]
    }

    /// How a list shows it.
    public var band: Band {
        switch points {
        case 85...: .fire
        case 80...: .hot
        case 60...: .warm
        default: .cold
        }
    }

    /// The full weeks from the last contact to the present.
    public static func silentWeeks(since contact: Date?, now: Date) -> Int {
        guard let contact else { return 0 }
        return max(0, Int(now.timeIntervalSince(contact) / (7 * 86_400)))
    }

    /// The factors as JSON in points, `{"budget":30,"need":12.5}`.
    public var factorsJSON: String {
        let pairs = tenths.sorted { $0.key < $1.key }.map { name, tenths in
            let sign = tenths < 0 ? "-" : ""
            let part = abs(tenths) % 10
            return "\"\(name)\":\(sign)\(abs(tenths) / 10)\(part == 0 ? "" : ".\(part)")"
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func companySize(_ cents: Int64?) -> Int {
        guard let cents else { return 100 }
        return switch cents {
        case 25_000_000...: 200
        case 10_000_000...: 160
        case 5_000_000...: 120
        case 1_000_000...: 80
        default: 40
        }
    }

    private static func budget(_ answer: Qualification.Budget?) -> Int {
        switch answer {
        case .confirmed: 300
        case .estimated: 180
        case .unknown: 60
        case nil: 150
        }
    }

    private static func authority(_ answer: Qualification.Authority?) -> Int {
        switch answer {
        case .decisionMaker: 250
        case .influencer: 150
        case .gatekeeper: 50
        case nil: 125
        }
    }

    private static func need(_ answer: Qualification.Need?) -> Int {
        switch answer {
        case .urgent: 250
        case .medium: 150
        case .exploring: 50
        case nil: 125
        }
    }

    private static func timeline(_ answer: Qualification.Timeline?) -> Int {
        switch answer {
        case .immediate: 40
        case .thirtyDays, nil: 0
        case .ninetyDays: -40
        case .longTerm: -80
        }
    }
}
