import Database
import Foundation
import StateMachines
import Workflows

/// A lead, from its entry on.
struct DemoLead: Codable, Sendable {
    /// What people at the lead have done, which counts in its score.
    struct Engagement: Codable, Sendable {
        var clicks: Int
        var pricingVisits: Int
    }

    /// A note about it.
    struct Note: Codable, Sendable {
        var at: String
        var text: String
    }

    var key: String
    var rep: String
    /// When it was entered, and by whom.
    var at: String
    var by: String
    var with: [String: JSONValue]
    /// The score as it stands in the list.
    var score: Int?
    var engagement: Engagement?
    /// What is known besides: columns of the lead, by name.
    var details: [String: JSONValue]?
    /// When somebody last spoke to it, where no move says so.
    var lastContact: String?
    /// The name of its deal.
    var deal: String?
    var dealProbability: Int?
    var notes: [Note]
    var moves: [DemoMove]

    private static let known: Set<String> = [
        "budget_detail", "authority_detail", "need_detail", "timeline_detail", "next_action", "probability_manual",
        "competitors", "latitude", "longitude",
    ]

    /// Its entry and all that follows; what only people know of it is written when everything has happened.
    func steps(_ calendar: DemoCalendar) throws -> [DemoStep] {
        let lead = "lead:\(key)"
        var body = with
        // A visitor chooses no rep; the territory does.
        if by != "visitor" { body["sales_rep"] = .string("@rep:\(rep)") }
        let create = DemoMove(at: at, move: "lead.create", of: lead, by: by, with: body)
        var steps = [DemoStep(at: at, action: .move(create))] + moves.map { DemoStep(at: $0.at, action: .move($0)) }
        steps.append(DemoStep(at: at, action: .rows(try knowledge(calendar))))
        steps += try notes.map { note in
            let (id, written) = (DemoNames.id("note:\(key):\(note.at)"), try calendar.moment(note.at))
            return DemoStep(
                at: note.at,
                action: .rows([
                    DemoRow(lead, "rep:\(rep)") { ids in
                        """
                        INSERT INTO lead_notes (id, lead_id, sales_rep_id, note, created_at)
                        VALUES (\(id), \(ids[0]), \(ids[1]), \(note.text), \(written)) ON CONFLICT DO NOTHING
                        """
                    }
                ]))
        }
        if let deal {
            steps.append(
                DemoStep(
                    at: "\(calendar.writtenReference)",
                    action: .rows([
                        DemoRow("deal/\(lead)") { [dealProbability] ids in
                            """
                            UPDATE deals SET name = \(deal), probability_manual = coalesce(\(dealProbability),
                                probability_manual)
                            WHERE id = \(ids[0])
                            """
                        }
                    ])))
        }
        return steps
    }

    private func knowledge(_ calendar: DemoCalendar) throws -> [DemoRow] {
        var rows = try (details ?? [:]).sorted { $0.key < $1.key }.map { name, value in
            guard Self.known.contains(name) else { throw DemoNames.Unknown(name: "\(name) of lead:\(key)") }
            let text = JSON(text: String(decoding: try JSONEncoder().encode([name: value]), as: UTF8.self))
            return DemoRow("lead:\(key)") { ids in
                """
                UPDATE leads SET \(unsafeUnescaped: name)
                    = (jsonb_populate_record(NULL::leads, \(text))).\(unsafeUnescaped: name)
                WHERE id = \(ids[0])
                """
            }
        }
        if let lastContact {
            let at = try calendar.moment(lastContact)
            rows.append(
                DemoRow("lead:\(key)") { ids in "UPDATE leads SET last_contact_at = \(at) WHERE id = \(ids[0])" })
        }
        return rows
    }
}

extension LeadScore {
    /// The score of a lead by its row, with what people have done; an engagement is nowhere kept yet.
    init(_ row: Row, engagement: DemoLead.Engagement?, at now: Date) throws {
        let answers = Qualification(
            budget: try row.optional("budget", as: String.self).flatMap(Qualification.Budget.init),
            authority: try row.optional("authority", as: String.self).flatMap(Qualification.Authority.init),
            need: try row.optional("need", as: String.self).flatMap(Qualification.Need.init),
            timeline: try row.optional("timeline", as: String.self).flatMap(Qualification.Timeline.init))
        self.init(
            answers, annualValueCents: try row.optional("estimated_value_cents"),
            engagement: .init(
                clicks: engagement?.clicks ?? 0, pricingVisits: engagement?.pricingVisits ?? 0,
                demoHeld: try row.optional("demo_held_at", as: Date.self) != nil),
            silentWeeks: LeadScore.silentWeeks(since: try row.optional("last_contact_at"), now: now))
    }
}
