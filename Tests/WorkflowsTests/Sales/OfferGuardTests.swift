import Foundation
import StateMachines
import Testing

@testable import Workflows

@Suite("The guards and applies of proposals and activities, each once true and once false")
struct OfferGuardTests {
    private static let now = InvoiceBed.time("2026-03-05 12:00")
    private static let rep = RepReference(id: UUID(), zone: InvoiceBed.zone)

    private static func context(_ inputs: [String: Inputs.Value] = [:]) throws -> MoveContext {
        let asks = inputs.map { name, value in
            Ask(name: Word(name, at: SourceLocation(file: "", line: 0, column: 0)), type: value.kind)
        }
        return MoveContext(
            actor: Actor(kind: .salesRep, id: rep.id, role: "rep"),
            inputs: try Inputs(inputs.mapValues(\.json), for: asks), now: now, calendar: InvoiceBed.calendar)
    }

    private func holds(
        _ name: String, _ facts: ProposalFacts, _ inputs: [String: Inputs.Value] = [:]
    ) throws -> Bool {
        try #require(ProposalGuards.all[name]).answer(facts, try Self.context(inputs)) == .yes
    }

    private func holds(
        _ name: String, _ facts: ActivityFacts, _ inputs: [String: Inputs.Value] = [:]
    ) throws -> Bool {
        try #require(ActivityGuards.all[name]).answer(facts, try Self.context(inputs)) == .yes
    }

    private static var proposal: ProposalFacts {
        let item = ProposalFacts.Item(
            product: UUID(), name: "Green Detox", unitPriceCents: 330, costCents: 300)
        return ProposalFacts(
            id: UUID(), lead: UUID(), deal: .init(id: UUID(), stage: "proposal"), rep: rep, items: [item])
    }

    @Test("a proposal is sent with products at or above the floor, while its deal is open")
    func sending() throws {
        var facts = Self.proposal
        #expect(try holds("deal_is_open", facts))
        #expect(try holds("proposal_has_items", facts))
        #expect(try holds("prices_are_above_floor", facts))
        facts.items[0].unitPriceCents = 329
        #expect(try !holds("prices_are_above_floor", facts))
        facts.minMargin = BasisPoints(900)
        #expect(try holds("prices_are_above_floor", facts))
        facts.items = []
        #expect(try !holds("proposal_has_items", facts))
        facts.deal?.stage = "closed_lost"
        #expect(try !holds("deal_is_open", facts))
        facts.deal = nil
        #expect(try !holds("deal_is_open", facts))
    }

    @Test("the last valid day counts in full")
    func validity() throws {
        var facts = Self.proposal
        let today = try #require(CalendarDay("2026-03-05"))
        #expect(try holds("validity_is_ahead", facts, ["valid_until": .day(today)]))
        #expect(try !holds("validity_is_ahead", facts, ["valid_until": .day(today.adding(days: -1))]))
        facts.validUntil = today
        #expect(try holds("proposal_is_still_valid", facts))
        facts.validUntil = today.adding(days: -1)
        #expect(try !holds("proposal_is_still_valid", facts))
    }

    @Test("an opening by a mail scanner is none")
    func opening() throws {
        var facts = Self.proposal
        #expect(try holds("opened_by_a_person", facts))
        facts.openingIsAutomatic = true
        #expect(try !holds("opened_by_a_person", facts))
    }

    @Test("the signature keeps the hash of what was signed")
    func signing() throws {
        var facts = Self.proposal
        facts.documentHash = Array(repeating: 7, count: 32)
        let day = try #require(CalendarDay("2026-04-04"))
        let context = try Self.context(["signed_name": .text("Max Cole"), "valid_until": .day(day)])
        for name in ["set_validity", "add_lead_document", "record_signature"] {
            let apply = try #require(ProposalApplies.all[name])
            apply(&facts, context)
        }
        #expect(facts.validUntil == day)
        #expect(facts.isLeadDocument)
        #expect(facts.signature == .init(name: "Max Cole", at: Self.now, documentHash: facts.documentHash))
    }

    private static func activity(_ kind: ActivityFacts.Kind = .meeting) -> ActivityFacts {
        ActivityFacts(id: UUID(), kind: kind, text: .init(subject: "Costco"), rep: rep)
    }

    @Test("what has happened is told by the rep, the time, the outcome or the kind")
    func happened() throws {
        let name = "it_has_happened"
        var facts = Self.activity(.task)
        #expect(try !holds(name, facts))
        #expect(try holds(name, Self.activity(.note)))
        facts.outcome = "positive"
        #expect(try holds(name, facts))
        facts.scheduledAt = Self.now.addingTimeInterval(1)
        #expect(try !holds(name, facts))
        facts.scheduledAt = Self.now
        #expect(try holds(name, facts))
        facts.happened = false
        #expect(try !holds(name, facts))
    }

    @Test("a call, meeting or demo ends with an outcome; a task needs none")
    func outcome() throws {
        #expect(try !holds("outcome_is_given", Self.activity()))
        #expect(try holds("outcome_is_given", Self.activity(), ["outcome": .text("neutral")]))
        #expect(try !holds("outcome_is_given", Self.activity(.call)))
        #expect(try holds("outcome_is_given", Self.activity(.task)))
    }

    @Test("a meeting is moved ahead, which raises its version and its invitation's sequence")
    func moving() throws {
        var facts = Self.activity()
        let later = Self.now.addingTimeInterval(3_600)
        #expect(try !holds("new_time_is_ahead", facts, ["scheduled_at": .instant(Self.now)]))
        #expect(try holds("new_time_is_ahead", facts, ["scheduled_at": .instant(later)]))
        let move = try #require(ActivityApplies.all["set_scheduled_time"])
        move(&facts, try Self.context(["scheduled_at": .instant(later)]))
        #expect(facts.scheduledAt == later && facts.bookedAt == Self.now)
        #expect(facts.version == 2 && facts.calendarSequence == 1)
    }

    @Test("a reminder helps until the meeting begins")
    func reminder() throws {
        var facts = Self.activity()
        #expect(try !holds("reminder_still_helps", facts))
        (facts.scheduledAt, facts.bookedAt) = (Self.now.addingTimeInterval(600), Self.now)
        #expect(try holds("reminder_still_helps", facts))
        facts.bookedAt = Self.now.addingTimeInterval(301)
        #expect(try !holds("reminder_still_helps", facts))
    }

    @Test("only a meeting to come, with a contact who has an address, sends an invitation")
    func invitation() throws {
        var facts = Self.activity()
        #expect(try !holds("meeting_with_a_contact", facts))
        (facts.guest, facts.scheduledAt) = ("jennifer@whole.example", Self.now)
        #expect(try holds("meeting_with_a_contact", facts))
        facts.completedAt = Self.now
        #expect(try !holds("meeting_with_a_contact", facts))
        facts.completedAt = nil
        facts.kind = .call
        #expect(try !holds("meeting_with_a_contact", facts))
    }

    @Test("the outcome is kept with how long it took")
    func record() throws {
        var facts = Self.activity()
        let context = try Self.context([
            "outcome": .text("positive"), "duration_minutes": .integer(45), "note": .text("wants samples"),
        ])
        let keep = try #require(ActivityApplies.all["record_outcome"])
        keep(&facts, context)
        #expect(facts.outcome == "positive" && facts.durationMinutes == 45 && facts.outcomeNote == "wants samples")
    }
}
