import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("Selling, on a real database")
struct SalesStoryTests {
    @Test("a lead from the website becomes contacted, gets its demo, a proposal and a deal that leads it")
    func fromWebsiteToProposal() async throws {
        try await SalesBed.with { bed in
            let body = SalesBed.details.merging(["company_name": "Whole Foods Market"]) { $1 }
            let lead = try await bed.make("lead", body, by: SalesBed.visitor, at: "2026-03-02 10:00")
            #expect(try await bed.jobs("lead", lead) == ["notify", "recompute_lead_score"])
            let call: [String: JSONValue] = ["lead": .string(lead.uuidString), "type": "call", "happened": true]
            _ = try await bed.make("activity", call, at: "2026-03-03 10:00")
            #expect(try await bed.states(lead) == ["lead": "contacted", "activity": "completed"])
            #expect(try await bed.next("gone_quiet", of: lead) == SalesBed.time("2026-03-17 09:00"))
            #expect(try await bed.next("untouched", of: lead) == nil)
            for (move, inputs) in [
                ("lead.qualify", [:]),
                ("lead.schedule_demo", ["demo_at": SalesBed.input("2026-03-05 14:00"), "kind": "in_person"]),
                ("lead.complete_demo", [:]),
            ] as [(String, [String: JSONValue])] {
                let outcome = try await bed.perform(move, on: lead, inputs, at: "2026-03-03 10:00")
                #expect(outcome.codes == ["qualification_is_complete"])
            }
            try await bed.answer(lead)
            let past = try await bed.perform(
                "lead.schedule_demo", on: lead, ["demo_at": SalesBed.input("2026-03-01 14:00"), "kind": "in_person"],
                at: "2026-03-03 10:00")
            #expect(past.codes == ["demo_is_in_future"])
            let planned = try await bed.perform(
                "lead.schedule_demo", on: lead, ["demo_at": SalesBed.input("2026-03-05 14:00"), "kind": "in_person"],
                at: "2026-03-04 10:00")
            #expect(planned.receipt != nil)
            #expect(
                try await bed.states(lead)
                    == ["lead": "demo_scheduled", "deal": "needs_analysis", "activity": "scheduled"])
            #expect(try await bed.next("gone_quiet", of: lead) == SalesBed.time("2026-03-18 09:00"))
            let demo = try await bed.activity(of: lead)
            #expect(try await bed.jobs("activity", demo) == ["send_calendar_invite"])
            #expect(try await bed.next("reminder", of: demo) == SalesBed.time("2026-03-05 13:00"))
            let item = JSONValue.object(["product": .string(bed.product.uuidString), "unit_price_cents": 329])
            let cheap = try await bed.make(
                "proposal", ["lead": .string(lead.uuidString), "items": .array([item])], at: "2026-03-04 10:00")
            let refused = try await bed.perform(
                "proposal.send", on: cheap, ["valid_until": "2026-04-04"], at: "2026-03-04 10:00")
            #expect(refused.codes == ["below_margin_floor"])
            _ = try await bed.perform(
                "activity.complete", on: demo, ["outcome": "positive"], at: "2026-03-05 15:30")
            #expect(try await bed.states(lead)["lead"] == "demo_completed")
            #expect(try await bed.next("gone_quiet", of: lead) == SalesBed.time("2026-03-19 09:00"))
            let proposal = try await bed.proposal(lead, at: "2026-03-05 15:30")
            let sent = try await bed.perform(
                "proposal.send", on: proposal, ["valid_until": "2026-04-04"], at: "2026-03-05 15:30")
            #expect(sent.receipt != nil)
            #expect(
                try await bed.states(lead)
                    == [
                        "lead": "proposal_sent", "deal": "proposal", "proposal": "sent", "activity": "completed",
                    ])
            #expect(try await bed.jobs("proposal", proposal) == ["generate_pdf", "send_email"])
            _ = try await bed.perform("proposal.view", on: proposal, by: SalesBed.contact, at: "2026-03-08 12:00")
            let byHand = try await bed.perform("lead.win", on: lead, at: "2026-03-08 12:00")
            #expect(byHand.codes == ["deal_decides"])
            var contact = SalesBed.contact
            contact.address = "203.0.113.7"
            _ = try await bed.perform(
                "proposal.accept", on: proposal, ["signed_name": "Jennifer Smith"], by: contact,
                at: "2026-03-08 12:00")
            let signed = try await bed.pool.query("SELECT signed_address FROM proposals WHERE id = \(proposal)")
            #expect(try signed.first?.value("signed_address") == "203.0.113.7")
            let states = try await bed.states(lead)
            #expect([states["proposal"], states["deal"], states["lead"]] == ["accepted", "closed_won", "closed_won"])
            let again = try await bed.perform("deal.win", on: try await bed.deal(of: lead), at: "2026-03-08 12:00")
            #expect(again.receipt?.result == .already)
        }
    }

    @Test("a lead goes back, is lost and reopened, and its deal with it")
    func backLostReopened() async throws {
        try await SalesBed.with { bed in
            let lead = try await bed.lead()
            func move(_ name: String, _ inputs: [String: JSONValue] = [:], at now: String) async throws -> [String] {
                let isDeal = name.hasPrefix("deal")
                let record = isDeal ? try await bed.deal(of: lead) : lead
                return try await bed.perform(name, on: record, inputs, at: now).codes
            }
            let noon = "2026-03-02 12:00"
            #expect(try await move("lead.contact", ["channel": "trade_show"], at: "2026-03-02 10:00").isEmpty)
            #expect(try await move("lead.qualify", at: noon).isEmpty)
            #expect(try await bed.states(lead) == ["lead": "qualified", "deal": "qualification"])
            #expect(try await move("lead.lose", ["lost_reason": "price"], at: noon) == ["deal_decides"])
            #expect(try await move("lead.complete_demo", ["note": "showed samples"], at: noon).isEmpty)
            #expect(try await bed.states(lead) == ["lead": "demo_completed", "deal": "needs_analysis"])
            let demo: [String: JSONValue] = [
                "reason": "more people", "demo_at": SalesBed.input("2026-03-04 09:00"), "kind": "video",
            ]
            #expect(try await move("lead.repeat_demo", demo, at: noon).isEmpty)
            #expect(try await move("deal.negotiate", at: noon).isEmpty)
            #expect(try await move("deal.reanalyse", ["reason": "to see it first"], at: noon).isEmpty)
            #expect(
                try await bed.states(lead)
                    == ["lead": "demo_scheduled", "deal": "needs_analysis", "activity": "scheduled"])
            #expect(try await move("lead.cancel_demo", ["reason": "not needed"], at: noon).isEmpty)
            #expect(try await bed.states(lead)["lead"] == "demo_completed")
            #expect(try await bed.states(lead)["activity"] == "cancelled")
            #expect(try await move("lead.back_to_qualified", ["reason": "budget gone"], at: noon).isEmpty)
            #expect(try await move("lead.back_to_contacted", ["reason": "start over"], at: noon).isEmpty)
            #expect(try await bed.states(lead)["deal"] == "qualification")
            #expect(try await move("deal.propose", at: noon) == ["proposal_was_sent"])
            #expect(try await move("deal.analyse", at: noon).isEmpty)
            #expect(try await move("deal.negotiate", at: noon).isEmpty)
            #expect(try await bed.states(lead)["lead"] == "negotiation")
            #expect(try await move("deal.reanalyse", ["reason": "new buyer"], at: noon).isEmpty)
            #expect(try await bed.states(lead)["lead"] == "demo_completed")
            #expect(try await move("deal.lose", ["lost_reason": "competitor"], at: "2026-03-16 12:00").isEmpty)
            #expect(try await bed.states(lead)["lead"] == "closed_lost")
            #expect(try await move("deal.reopen", ["reason": "called"], at: "2026-03-16 12:00") == ["lead_is_closed"])
            #expect(try await move("lead.reopen", ["reason": "called"], at: "2026-03-17 12:00").isEmpty)
            #expect(try await bed.next("gone_quiet", of: lead) == SalesBed.time("2026-03-31 09:00"))
            #expect(try await move("lead.qualify", at: "2026-03-18 12:00").isEmpty)
            #expect(try await bed.states(lead)["deal"] == "qualification")
            let why = ["won_reason_or_accepted_proposal"]
            #expect(try await move("deal.win", at: "2026-03-18 12:00") == why)
            #expect(try await move("deal.win", ["won_reason": "handshake"], at: "2026-03-18 12:00").isEmpty)
            #expect(try await bed.states(lead)["lead"] == "closed_won")
            let undone = try await bed.perform(
                "deal.undo_win", on: try await bed.deal(of: lead), ["reason": "wrong lead"], by: bed.admin,
                at: "2026-03-18 12:00")
            #expect(undone.receipt != nil)
            #expect(try await bed.states(lead)["lead"] == "negotiation")
        }
    }

    @Test("a newer proposal ends the older, one expires after its last day, and the end of the deal ends the rest")
    func proposalVersions() async throws {
        try await SalesBed.with { bed in
            let lead = try await bed.lead()
            let now = "2026-03-02 10:00"
            let early = try await bed.proposal(lead, at: now)
            let until: [String: JSONValue] = ["valid_until": "2026-03-20"]
            #expect(try await bed.perform("proposal.send", on: early, until, at: now).codes == ["deal_is_open"])
            _ = try await bed.perform("lead.qualify", on: lead, at: now)
            let first = try await bed.proposal(lead, at: now)
            let late = try await bed.perform("proposal.send", on: first, ["valid_until": "2026-03-01"], at: now)
            #expect(late.codes == ["validity_is_ahead"])
            #expect(try await bed.perform("proposal.send", on: first, until, at: now).receipt != nil)
            _ = try await bed.perform("deal.negotiate", on: try await bed.deal(of: lead), at: now)
            // The draft from before the deal takes it, and the next version.
            #expect(try await bed.perform("proposal.send", on: early, until, at: now).receipt != nil)
            #expect(try await bed.status(first) == "expired")
            #expect(try await bed.states(lead)["deal"] == "proposal")
            let accepted = try await bed.perform(
                "proposal.accept", on: first, ["signed_name": "Max Cole"], by: SalesBed.contact, at: now)
            #expect(accepted.codes == ["not_from_here"])
            try await bed.fireDue(at: "2026-03-20 23:59")
            #expect(try await bed.status(early) == "sent")
            try await bed.fireDue(at: "2026-03-21 00:00")
            #expect(try await bed.status(early) == "expired")
            let fourth = try await bed.proposal(lead, at: "2026-03-21 00:00")
            _ = try await bed.perform(
                "proposal.send", on: fourth, ["valid_until": "2026-04-20"], at: "2026-03-21 00:00")
            _ = try await bed.perform(
                "deal.lose", on: try await bed.deal(of: lead), ["lost_reason": "price"], at: "2026-03-21 00:00")
            #expect(try await bed.status(fourth) == "expired")
            let rows = try await bed.pool.query(
                "SELECT count(*) AS documents FROM lead_documents WHERE lead_id = \(lead)")
            #expect(try rows.first?.value("documents") == 3)
        }
    }

    @Test("a reminder moves with its meeting, and a time that passed is flagged as missed")
    func meetings() async throws {
        try await SalesBed.with { bed in
            let lead = try await bed.lead()
            func meeting(_ time: String, at now: String) async throws -> UUID {
                let body: [String: JSONValue] = [
                    "lead": .string(lead.uuidString), "type": "meeting", "scheduled_at": SalesBed.input(time),
                ]
                return try await bed.make("activity", body, at: now)
            }
            let moved = try await meeting("2026-03-02 12:00", at: "2026-03-02 10:00")
            #expect(try await bed.next("reminder", of: moved) == SalesBed.time("2026-03-02 11:00"))
            _ = try await bed.perform(
                "activity.reschedule", on: moved, ["scheduled_at": SalesBed.input("2026-03-03 12:00")],
                at: "2026-03-02 10:00")
            #expect(try await bed.next("reminder", of: moved) == SalesBed.time("2026-03-03 11:00"))
            let rows = try await bed.pool.query(
                "SELECT version, ics_sequence FROM sales_activities WHERE id = \(moved)")
            #expect(try rows.first?.value("version") == 2)
            #expect(try rows.first?.value("ics_sequence") == 1)
            let short = try await meeting("2026-03-02 13:30", at: "2026-03-02 13:00")
            let shorter = try await meeting("2026-03-02 13:04", at: "2026-03-02 13:01")
            try await bed.fireDue(at: "2026-03-02 13:01")
            #expect(try await bed.jobs("activity", short).contains("remind_meeting"))
            #expect(try await !bed.jobs("activity", shorter).contains("remind_meeting"))
            let silent = try await bed.perform("activity.complete", on: short, at: "2026-03-02 13:02")
            #expect(silent.codes == ["outcome_is_given"])
            _ = try await bed.perform("activity.complete", on: short, ["outcome": "neutral"], at: "2026-03-02 13:02")
            #expect(try await bed.states(lead)["lead"] == "contacted")
            try await bed.fireDue(at: "2026-03-03 11:40")
            #expect(try await bed.jobs("activity", moved).contains("remind_meeting"))
            #expect(try await bed.status(shorter, of: "sales_activities") == "missed")
            let demo: [String: JSONValue] = ["demo_at": SalesBed.input("2026-03-05 10:00"), "kind": "video"]
            _ = try await bed.perform("lead.schedule_demo", on: lead, demo, at: "2026-03-04 14:00")
            _ = try await bed.perform(
                "activity.cancel", on: try await bed.activity(of: lead), ["reason": "sick"], at: "2026-03-04 14:00")
            #expect(try await bed.states(lead)["lead"] == "qualified")
            _ = try await bed.perform("lead.schedule_demo", on: lead, demo, at: "2026-03-04 14:00")
            let early = try await bed.perform("lead.complete_demo", on: lead, at: "2026-03-04 14:00")
            #expect(early.codes == ["demo_time_has_passed"])
            _ = try await bed.perform("lead.complete_demo", on: lead, at: "2026-03-05 10:45")
            #expect(try await bed.states(lead)["lead"] == "demo_completed")
            #expect(try await bed.states(lead)["activity"] == "completed")
        }
    }

    @Test("the score is worked out anew from what is known by then")
    func score() async throws {
        try await SalesBed.with { bed in
            let lead = try await bed.make("lead", ["company_name": "Costco"], at: "2026-03-02 10:00")
            let before = try await bed.pool.query("SELECT lead_score FROM leads WHERE id = \(lead)")
            #expect(try before.first?.value("lead_score") == 50)
            try await bed.answer(lead)
            let score = try await bed.pool.transaction { session in
                try LeadScore.recompute(lead, at: SalesBed.time("2026-03-02 10:00"), in: session)
            }
            #expect(score?.points == 92)
            let after = try await bed.pool.query("SELECT lead_score FROM leads WHERE id = \(lead)")
            #expect(try after.first?.value("lead_score") == 92)
        }
    }
}

extension SalesBed {
    /// Fills in what qualifies a lead, as its page does.
    func answer(_ lead: UUID) async throws {
        _ = try await pool.query(
            """
            UPDATE leads SET budget = 'confirmed', authority = 'decision_maker', need = 'urgent', timeline = '30_days',
                estimated_value_cents = 8500000, expected_close_date = '2026-04-30'
            WHERE id = \(lead)
            """)
    }

    /// A draft with one product.
    func proposal(_ lead: UUID, at now: String) async throws -> UUID {
        let item = JSONValue.object(["product": .string(product.uuidString), "monthly_units": 500])
        return try await make("proposal", ["lead": .string(lead.uuidString), "items": .array([item])], at: now)
    }

    /// Where a record stands.
    func status(_ record: UUID, of table: String = "proposals") async throws -> String? {
        try await pool.query("SELECT status FROM \(unsafeUnescaped: table) WHERE id = \(record)").first?.value("status")
    }
}
