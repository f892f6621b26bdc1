import Foundation
import StateMachines

/// The guards of `workflows/lead.yaml`.
enum LeadGuards {
    typealias Condition = Rules<LeadFacts>.Condition

    static let all: [String: Condition] = [
        "qualification_is_complete": Condition { facts, _ in
            // A qualified lead opens its deal; so one that has a deal was qualified before.
            let missing = facts.deal == nil ? facts.missingForQualification : []
            return missing.isEmpty ? .yes : .no(["missing": missing.joined(separator: ", ")])
        },
        "demo_is_in_future": Condition(readsInputs: true) { facts, context in
            guard let time = context.inputs.instant("demo_at") else { return .no(["demo_at": "The time"]) }
            return time > context.now ? .yes : .no(["demo_at": time.text(in: facts.rep?.zone, context)])
        },
        "demo_time_has_passed": Condition { facts, context in
            guard let planned = facts.lastDemoAt, planned > context.now else { return .yes }
            return .no(["demo_at": planned.text(in: facts.rep?.zone, context)])
        },
        "a_demo_was_held": Condition { facts, _ in facts.demoHeldAt == nil ? .no() : .yes },
        "a_demo_is_planned": Condition { facts, _ in facts.openDemos == 0 ? .no() : .yes },
        "deal_is_won": Condition { facts, _ in
            if facts.deal?.stage == "closed_won" { return .yes }
            return .no(["deal.name": facts.deal?.name ?? facts.details.companyName], unblocks: "deal.win")
        },
        "no_open_deal": Condition { facts, _ in
            guard let deal = facts.deal, deal.isOpen else { return .yes }
            return .no(["deal.name": deal.name], unblocks: "deal.lose")
        },
        "created_by_a_rep": Condition { _, context in context.actor.role == "rep" ? .yes : .no() },
    ]
}

/// The applies of `workflows/lead.yaml`: each changes facts and nothing else.
enum LeadApplies {
    typealias Apply = @Sendable (inout LeadFacts, MoveContext) -> Void

    static let all: [String: Apply] = [
        "route_lead": { facts, _ in
            if facts.rep == nil { facts.rep = route(facts.candidates, to: facts.details.state) }
        },
        "touch_last_contact": { facts, context in facts.lastContactAt = context.asOf },
        "mark_demo_held": { facts, context in facts.demoHeldAt = context.asOf },
        "set_lost_reason": { facts, context in
            facts.lostReason = context.inputs.text("lost_reason")
            facts.lostDetails = context.inputs.text("lost_details")
        },
        "clear_lost_reason": { facts, _ in (facts.lostReason, facts.lostDetails) = (nil, nil) },
        "clear_conversion": { facts, _ in facts.convertedAt = nil },
    ]

    /// The rep whose territory has the state, else any; of several the one with the fewest open leads, then by id.
    ///
    /// Source: S-34.
    static func route(_ candidates: [LeadFacts.Candidate], to state: String?) -> RepReference? {
        let local = candidates.filter { candidate in state.map(candidate.states.contains) ?? false }
        let fitting = local.isEmpty ? candidates : local
        return fitting.min { ($0.openLeads, $0.rep.id.uuidString) < ($1.openLeads, $1.rep.id.uuidString) }?.rep
    }
}

extension Date {
    /// The moment as a refusal names it, in the rep's zone, else the company's: `2026-03-05 14:00`.
    func text(in zone: TimeZone?, _ context: MoveContext) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone ?? context.calendar.zone
        let parts = calendar.dateComponents([.hour, .minute], from: self)
        func padded(_ number: Int?) -> String {
            let text = String(number ?? 0)
            return text.count < 2 ? "0" + text : text
        }
        return "\(CalendarDay(self, in: calendar.timeZone)) \(padded(parts.hour)):\(padded(parts.minute))"
    }
}
