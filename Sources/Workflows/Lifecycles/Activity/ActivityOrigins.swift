import Database
import Foundation
import StateMachines

/// What activities are made from: the body of a request, a planned demo, or a proposal that was sent.
enum ActivityOrigins {
    static let meetingKinds: [Word] = ["phone", "in_person", "video"]

    static let body: [Ask] = [
        Ask(name: "lead", type: .reference), Ask(name: "partner", type: .reference),
        Ask(
            name: "type", type: .choice(["call", "email", "meeting", "demo", "proposal", "note", "task"]),
            isRequired: true),
        Ask(name: "subject", type: .text), Ask(name: "description", type: .text),
        Ask(name: "scheduled_at", type: .time), Ask(name: "duration_minutes", type: .integer),
        Ask(name: "location", type: .text), Ask(name: "meeting_kind", type: .choice(meetingKinds)),
        Ask(name: "outcome", type: .choice(["positive", "neutral", "negative", "no_answer"])),
        Ask(name: "happened", type: .boolean), Ask(name: "is_personal", type: .boolean),
        Ask(name: "agenda", type: .lines), Ask(name: "sales_rep", type: .reference),
    ]

    static func prepare(_ command: Command) throws -> [SQL] {
        let inputs = try Inputs(command.inputs, for: body)
        let rep = inputs.reference("sales_rep") ?? (command.actor.role == "rep" ? command.actor.id : nil)
        return ActivityRows.origin(lead: inputs.reference("lead"), partner: inputs.reference("partner"), rep: rep)
    }

    static func prepared(_ results: [StatementResult], for command: Command) throws -> ActivityFacts? {
        let inputs = try Inputs(command.inputs, for: body)
        guard let row = results[1].rows.first else { return nil }
        let lead = try row.optional("lead_id", as: UUID.self)
        let partner = try row.optional("partner_id", as: UUID.self)
        if lead != inputs.reference("lead") { throw Refusal.unknownReference("lead", "lead") }
        if partner != inputs.reference("partner") { throw Refusal.unknownReference("partner", "partner") }
        guard let rep = try RepReference(row) else { throw Refusal.unknownReference("sales_rep", "rep") }
        let isPersonal = inputs.boolean("is_personal") ?? false
        if lead == nil, partner == nil, !isPersonal {
            throw Refusal(
                status: 422, code: "input_missing", message: "Say whom it is about, or that it is personal.",
                field: "lead")
        }
        if let minutes = inputs.integer("duration_minutes"), !(0...10_080).contains(minutes) {
            throw Refusal(
                status: 422, code: "input_invalid", message: "Duration: from none to a week.",
                field: "duration_minutes")
        }
        let kind = inputs.text("type").flatMap(ActivityFacts.Kind.init) ?? .note
        let isOver = inputs.boolean("happened") ?? (inputs.text("outcome") != nil)
        if kind == .demo, !isOver { try refuseDemo(ofLeadIn: row.optional("lead_status")) }
        let text = ActivityFacts.Text(
            subject: try inputs.text("subject") ?? subject(kind, with: row.optional("company")),
            description: inputs.text("description"), location: inputs.text("location"),
            meetingKind: inputs.text("meeting_kind"), agenda: inputs.texts("agenda"))
        var facts = ActivityFacts(id: command.record, kind: kind, text: text, rep: rep)
        (facts.lead, facts.partner, facts.isPersonal) = (lead, partner, isPersonal)
        (facts.scheduledAt, facts.outcome) = (inputs.instant("scheduled_at"), inputs.text("outcome"))
        (facts.durationMinutes, facts.happened) = (inputs.integer("duration_minutes"), inputs.boolean("happened"))
        facts.guest = try row.optional("guest")
        return facts
    }

    /// A demo in the calendar and its lead never disagree: the lead plans it.
    private static func refuseDemo(ofLeadIn status: String?) throws {
        let apart = ["new", "contacted", "qualified", "demo_completed", "closed_won", "closed_lost"]
        guard let status, apart.contains(status) else { return }
        throw Refusal(
            status: 409, code: "lead_plans_demo",
            message: "Schedule the demo on its lead; that puts it into the calendar. Or say that it has happened.",
            field: "type")
    }

    private static func subject(_ kind: ActivityFacts.Kind, with company: String?) -> String {
        let what = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
        return company.map { "\(what) with \($0)" } ?? what
    }

    /// A demo in the rep's calendar at `demo_at`; once per lead and time.
    static var demoOfLead: Factory<ActivityFacts> {
        Factory(
            read: { source in
                ActivityRows.origin(lead: source.record, partner: nil, rep: nil) + [
                    """
                    SELECT scheduled_at FROM sales_activities
                    WHERE lead_id = \(source.record) AND type = 'demo' AND status = 'scheduled'
                    """
                ]
            },
            make: { results, source in
                guard let row = results[1].rows.first, let time = source.inputs.moment("demo_at") else { return [] }
                let planned = try results[2].rows.compactMap { try $0.optional("scheduled_at", as: Date.self) }
                guard !planned.contains(time) else { return [] }
                guard let rep = try RepReference(row) else {
                    throw Refusal(status: 409, code: "lead_has_no_rep", message: "Give the lead to a rep first.")
                }
                let text = ActivityFacts.Text(
                    subject: subject(.demo, with: try row.optional("company")),
                    location: source.inputs.text("location"), meetingKind: source.inputs.text("kind"))
                var facts = ActivityFacts(id: UUID.v7(), kind: .demo, text: text, rep: rep)
                (facts.lead, facts.scheduledAt, facts.bookedAt) = (source.record, time, source.asOf)
                (facts.guest, facts.happened) = (try row.optional("guest"), false)
                return [NewRecord(id: facts.id, facts: facts)]
            })
    }

    /// The entry in the timeline that a proposal was sent; once per proposal.
    static var ofProposal: Factory<ActivityFacts> {
        Factory(
            read: { source in
                [
                    """
                    SELECT p.lead_id, p.partner_id, p.version, r.id AS rep_id, r.time_zone AS rep_zone,
                        EXISTS (SELECT FROM sales_activities a WHERE a.proposal_id = p.id) AS is_there
                    FROM proposals p JOIN sales_reps r ON r.id = p.sales_rep_id
                    WHERE p.id = \(source.record)
                    """
                ]
            },
            make: { results, source in
                guard let row = results[0].rows.first, try !row.value("is_there", as: Bool.self) else { return [] }
                let version = try row.value("version", as: Int.self)
                var facts = ActivityFacts(
                    id: UUID.v7(), kind: .proposal, text: .init(subject: "Proposal version \(version) sent"),
                    rep: try RepReference(of: row))
                (facts.proposal, facts.happened) = (source.record, true)
                (facts.lead, facts.partner) = (try row.optional("lead_id"), try row.optional("partner_id"))
                return [NewRecord(id: facts.id, facts: facts)]
            })
    }
}

extension [String: JSONValue] {
    /// The text of that name.
    fileprivate func text(_ name: String) -> String? {
        if case .string(let text) = self[name] { text } else { nil }
    }

    /// The moment of that name, RFC 3339.
    fileprivate func moment(_ name: String) -> Date? {
        text(name).flatMap { try? Date($0, strategy: .iso8601) }
    }
}
