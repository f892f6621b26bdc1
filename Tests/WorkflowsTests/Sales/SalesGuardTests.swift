import Foundation
import StateMachines
import Testing

@testable import Workflows

@Suite("The guards and applies of selling, each once true and once false")
struct SalesGuardTests {
    private static let now = InvoiceBed.time("2026-03-05 12:00")
    private static let rep = RepReference(id: UUID(), zone: InvoiceBed.zone)

    private static func context(
        _ inputs: [String: Inputs.Value] = [:], role: String = "rep"
    ) throws -> MoveContext {
        let asks = inputs.map { name, value in
            Ask(name: Word(name, at: SourceLocation(file: "", line: 0, column: 0)), type: value.kind)
        }
        return MoveContext(
            actor: Actor(kind: .salesRep, id: rep.id, role: role),
            inputs: try Inputs(inputs.mapValues(\.json), for: asks), now: now, calendar: InvoiceBed.calendar)
    }

    private func holds<Facts>(
        _ name: String, of guards: [String: Rules<Facts>.Condition], _ facts: Facts,
        _ inputs: [String: Inputs.Value] = [:], role: String = "rep"
    ) throws -> Bool {
        let condition = try #require(guards[name])
        return condition.answer(facts, try Self.context(inputs, role: role)) == .yes
    }

    private func refusal<Facts>(
        _ name: String, of guards: [String: Rules<Facts>.Condition], _ facts: Facts
    ) throws -> [String: String] {
        guard case .no(let values, _) = try #require(guards[name]).answer(facts, try Self.context()) else { return [:] }
        return values
    }

    // MARK: Lead

    private static var lead: LeadFacts {
        var facts = LeadFacts(id: UUID(), details: .init(companyName: "Costco"), rep: rep)
        facts.answers = Qualification(
            budget: .confirmed, authority: .influencer, need: .medium, timeline: .immediate)
        facts.outlook = .init(annualValueCents: 100, expectedCloseDate: CalendarDay("2026-04-30"))
        return facts
    }

    @Test("a lead qualifies with all six answers, or because it was qualified before")
    func qualification() throws {
        let name = "qualification_is_complete"
        #expect(try holds(name, of: LeadGuards.all, Self.lead))
        var facts = Self.lead
        facts.answers.need = nil
        facts.outlook.annualValueCents = 0
        #expect(try !holds(name, of: LeadGuards.all, facts))
        #expect(try refusal(name, of: LeadGuards.all, facts) == ["missing": "need, annual value"])
        facts.deal = .init(name: "Costco - Partnership", stage: "closed_lost")
        #expect(try holds(name, of: LeadGuards.all, facts))
    }

    @Test("a demo is planned ahead, and done when its time has passed")
    func demos() throws {
        var facts = Self.lead
        let later = Self.now.addingTimeInterval(1)
        #expect(try holds("demo_is_in_future", of: LeadGuards.all, facts, ["demo_at": .instant(later)]))
        #expect(try !holds("demo_is_in_future", of: LeadGuards.all, facts, ["demo_at": .instant(Self.now)]))
        #expect(try holds("demo_time_has_passed", of: LeadGuards.all, facts))
        #expect(try !holds("a_demo_is_planned", of: LeadGuards.all, facts))
        #expect(try !holds("a_demo_was_held", of: LeadGuards.all, facts))
        (facts.openDemos, facts.lastDemoAt, facts.demoHeldAt) = (1, InvoiceBed.time("2026-03-06 09:05"), Self.now)
        #expect(try !holds("demo_time_has_passed", of: LeadGuards.all, facts))
        #expect(
            try refusal("demo_time_has_passed", of: LeadGuards.all, facts) == ["demo_at": "2026-03-06 09:05"])
        #expect(try holds("a_demo_is_planned", of: LeadGuards.all, facts))
        #expect(try holds("a_demo_was_held", of: LeadGuards.all, facts))
    }

    @Test("the deal of a lead decides whether it is won or lost")
    func dealDecides() throws {
        var facts = Self.lead
        #expect(try holds("no_open_deal", of: LeadGuards.all, facts))
        #expect(try !holds("deal_is_won", of: LeadGuards.all, facts))
        facts.deal = .init(name: "Costco - Partnership", stage: "proposal")
        #expect(try !holds("no_open_deal", of: LeadGuards.all, facts))
        #expect(try refusal("deal_is_won", of: LeadGuards.all, facts) == ["deal.name": "Costco - Partnership"])
        facts.deal?.stage = "closed_won"
        #expect(try holds("deal_is_won", of: LeadGuards.all, facts))
        #expect(try holds("created_by_a_rep", of: LeadGuards.all, facts))
        #expect(try !holds("created_by_a_rep", of: LeadGuards.all, facts, role: "visitor"))
    }

    @Test("a lead goes to the rep of its territory with the fewest open leads, else to any rep")
    func routing() throws {
        func candidate(_ states: [String], _ open: Int) -> LeadFacts.Candidate {
            .init(rep: .init(id: UUID(), zone: .gmt), states: states, openLeads: open)
        }
        let west = candidate(["CA", "NV"], 4)
        let other = candidate(["CA"], 2)
        let east = candidate(["NY"], 0)
        var facts = LeadFacts(id: UUID(), details: .init(companyName: "Costco"))
        facts.candidates = [west, other, east]
        let route = try #require(LeadApplies.all["route_lead"])
        let context = try Self.context()
        func owner(in state: String?) -> RepReference? {
            var routed = facts
            routed.details.state = state
            route(&routed, context)
            return routed.rep
        }
        #expect(owner(in: "CA") == other.rep)
        #expect(owner(in: "NV") == west.rep)
        #expect(owner(in: nil) == east.rep)
        facts.candidates = []
        #expect(owner(in: "CA") == nil)
        facts.rep = west.rep
        facts.candidates = [other]
        #expect(owner(in: "CA") == west.rep)
    }

    @Test("contact, demo, loss and conversion are kept and cleared")
    func leadApplies() throws {
        var facts = Self.lead
        let context = try Self.context(["lost_reason": .text("price"), "lost_details": .text("too dear")])
        for name in ["touch_last_contact", "mark_demo_held", "set_lost_reason"] {
            let apply = try #require(LeadApplies.all[name])
            apply(&facts, context)
        }
        #expect(facts.lastContactAt == Self.now && facts.demoHeldAt == Self.now)
        #expect(facts.lostReason == "price" && facts.lostDetails == "too dear")
        (facts.convertedTo, facts.convertedAt) = (UUID(), Self.now)
        for name in ["clear_lost_reason", "clear_conversion"] {
            let apply = try #require(LeadApplies.all[name])
            apply(&facts, context)
        }
        #expect(facts.lostReason == nil && facts.lostDetails == nil && facts.convertedAt == nil)
        #expect(facts.convertedTo != nil)
    }

    // MARK: Deal

    private static var deal: DealFacts {
        DealFacts(
            id: UUID(), name: "Costco - Partnership", valueCents: 100,
            expectedCloseDate: CalendarDay(daysSince1970: 20_000), rep: rep,
            lead: .init(id: UUID(), companyName: "Costco", status: "qualified"))
    }

    @Test("a deal belongs to a lead, an upsell to a partner")
    func belongs() throws {
        var facts = Self.deal
        #expect(try holds("deal_has_lead_or_partner", of: DealGuards.all, facts))
        facts.kind = .upsell
        #expect(try !holds("deal_has_lead_or_partner", of: DealGuards.all, facts))
        facts.partner = .init(id: UUID(), businessName: "Bluebird Cafe", status: "active")
        #expect(try holds("deal_has_lead_or_partner", of: DealGuards.all, facts))
    }

    @Test("winning asks for a reason, a value and all that a partner needs")
    func winning() throws {
        var facts = Self.deal
        let reason = "won_reason_or_accepted_proposal"
        #expect(try !holds(reason, of: DealGuards.all, facts, ["won_reason": .text(" ")]))
        #expect(try holds(reason, of: DealGuards.all, facts, ["won_reason": .text("handshake")]))
        facts.hasAcceptedProposal = true
        #expect(try holds(reason, of: DealGuards.all, facts))
        #expect(try holds("deal_value_is_set", of: DealGuards.all, facts))
        facts.valueCents = 0
        #expect(try !holds("deal_value_is_set", of: DealGuards.all, facts))
        #expect(try holds("business_details_are_complete", of: DealGuards.all, facts))
        facts.lead?.missing = ["phone", "city"]
        #expect(try refusal("business_details_are_complete", of: DealGuards.all, facts) == ["missing": "phone, city"])
        #expect(try !holds("proposal_was_sent", of: DealGuards.all, facts))
        facts.hasSentProposal = true
        #expect(try holds("proposal_was_sent", of: DealGuards.all, facts))
    }

    @Test("a win is undone while the partner waits and nothing was paid; a lost deal is reopened with its lead")
    func undoing() throws {
        var facts = Self.deal
        let inactive = "partner_of_deal_is_not_active"
        #expect(try holds(inactive, of: DealGuards.all, facts))
        facts.madePartner = .init(id: UUID(), businessName: "Costco", status: "pending")
        #expect(try holds(inactive, of: DealGuards.all, facts))
        facts.madePartner?.status = "suspended"
        #expect(try refusal(inactive, of: DealGuards.all, facts) == ["partner.business_name": "Costco"])
        #expect(try holds("no_commission_paid_on_deal", of: DealGuards.all, facts))
        facts.commissionPaidAt = Self.now
        #expect(
            try refusal("no_commission_paid_on_deal", of: DealGuards.all, facts) == ["paid_on": "2026-03-05"])
        #expect(try holds("lead_is_open_or_absent", of: DealGuards.all, facts))
        facts.lead?.status = "closed_lost"
        #expect(try !holds("lead_is_open_or_absent", of: DealGuards.all, facts))
    }

    @Test("why a deal was won or lost is kept, and cleared when it is opened again")
    func dealApplies() throws {
        var facts = Self.deal
        let context = try Self.context(["won_reason": .text("handshake"), "lost_reason": .text("price")])
        for name in ["set_won_reason", "set_lost_reason"] {
            let apply = try #require(DealApplies.all[name])
            apply(&facts, context)
        }
        facts.stamp("actual_close_date", at: Self.now, calendar: InvoiceBed.calendar)
        #expect(facts.wonReason == "handshake" && facts.lostReason == "price")
        #expect(facts.actualCloseDate == CalendarDay("2026-03-05"))
        let clear = try #require(DealApplies.all["clear_close"])
        clear(&facts, context)
        #expect(facts.wonReason == nil && facts.lostReason == nil && facts.actualCloseDate == nil)
    }
}

extension Inputs.Value {
    var kind: Ask.Kind {
        switch self {
        case .text: .text
        case .integer: .integer
        case .boolean: .boolean
        case .day: .date
        case .instant: .time
        case .file: .file
        case .reference: .reference
        case .lines: .lines
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let value): .string(value)
        case .integer(let value): .integer(value)
        case .boolean(let value): .boolean(value)
        case .day(let value): .string(value.description)
        case .instant(let value): .string(value.formatted(.iso8601))
        case .file(let value), .reference(let value): .string(value.uuidString)
        case .lines(let value): .array(value)
        }
    }
}
