public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/proposal.yaml`: one version of an offer (L-14).
public struct ProposalLifecycle: Lifecycle {
    /// How many days a draft is meant to be valid, until its sending says.
    static let validDays = 30

    /// Makes it.
    public init() {}

    /// `proposal`.
    public static let machine = "proposal"

    /// Guards and applies by name.
    public var rules: Rules<ProposalFacts> { Rules(guards: ProposalGuards.all, applies: ProposalApplies.all) }

    /// The proposals that another one, or the end of the deal, ends.
    public var finders: [String: Finder] {
        [
            // Whichever is open was sent before the one that has just been sent.
            "older_open_proposals": {
                """
                SELECT o.id FROM proposals o JOIN proposals s ON s.deal_id = o.deal_id
                WHERE s.id = \($0.record) AND o.id <> s.id
                ORDER BY o.version
                """
            },
            "open_proposals_of_deal": { "SELECT id FROM proposals WHERE deal_id = \($0.record) ORDER BY version" },
        ]
    }

    /// None: a proposal is drafted by people.
    public var factories: [String: Factory<ProposalFacts>] { [:] }

    /// Reads proposals with their items, under the locks of their leads or deals and their own.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        (locking ? ProposalRows.locks(records) : []) + [ProposalRows.read(records), ProposalRows.items(records)]
    }

    /// The proposals.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<ProposalFacts>] {
        let rows = results.suffix(2).map(\.rows)
        var items: [UUID: [ProposalFacts.Item]] = [:]
        for row in rows[1] { items[try row.value("proposal_id"), default: []].append(try ProposalFacts.Item(row)) }
        return try rows[0].map { row in
            var facts = try ProposalFacts(row)
            facts.items = items[facts.id] ?? []
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads, under its lock, the lead or deal that it is for, and the products.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] { try ProposalBody(command.inputs).reading }

    /// The facts of a new draft.
    ///
    /// - Throws: `Refusal` when it cannot be made of what was given; `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> ProposalFacts? {
        try ProposalBody(command.inputs).facts(results, id: command.record)
    }

    /// Writes a new draft with its items.
    public func insert(_ change: Change<ProposalFacts>) -> [SQL] {
        let facts = change.facts
        let today = CalendarDay(change.standing.since, in: facts.rep.zone)
        return ProposalRows.insert(
            facts, change.standing, validUntil: facts.validUntil ?? today.adding(days: Self.validDays))
    }

    /// Writes what a move of a proposal makes different.
    public func update(_ change: Change<ProposalFacts>, before: Loaded<ProposalFacts>) -> [SQL] {
        let isNewDocument = change.facts.isLeadDocument && !before.facts.isLeadDocument
        return [ProposalRows.update(change.facts, change.standing, from: before.standing)]
            + (isNewDocument ? [ProposalRows.document(change.facts)] : [])
            + (change.facts.sentAt != before.facts.sentAt ? [ProposalRows.freezeBreaks(change.facts)] : [])
    }
}
