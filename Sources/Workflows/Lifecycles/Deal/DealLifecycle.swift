public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/deal.yaml`: a sale with a value (L-02).
public struct DealLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `deal`.
    public static let machine = "deal"

    /// Guards and applies by name.
    public var rules: Rules<DealFacts> { Rules(guards: DealGuards.all, applies: DealApplies.all) }

    /// The deal of a lead and of a proposal.
    public var finders: [String: Finder] {
        [
            "open_deal_of_lead": { "SELECT id FROM deals WHERE lead_id = \($0.record)" },
            "lost_deal_of_lead": { "SELECT id FROM deals WHERE lead_id = \($0.record)" },
            "deal_of_proposal": {
                "SELECT deal_id AS id FROM proposals WHERE id = \($0.record) AND deal_id IS NOT NULL"
            },
        ]
    }

    /// The deal of a lead that is qualified.
    public var factories: [String: Factory<DealFacts>] { ["deal_for_lead": DealOrigins.ofLead] }

    /// Reads deals, under the locks of their leads and their own.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        (locking ? DealRows.locks(records) : []) + [DealRows.read(records)]
    }

    /// The deals.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<DealFacts>] {
        try results.suffix(1).flatMap(\.rows).map { row in
            let facts = try DealFacts(row)
            let standing = RecordStanding(
                id: facts.id, state: try row.value("stage"), seq: try row.value("stage_seq"),
                since: try row.value("stage_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads the lead or the partner that it is about, and the rep.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] { try DealOrigins.prepare(command) }

    /// The facts of a new deal.
    ///
    /// - Throws: `Refusal` when it cannot be made of what was given; `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> DealFacts? {
        try DealOrigins.prepared(results, for: command)
    }

    /// Writes a new deal.
    public func insert(_ change: Change<DealFacts>) -> [SQL] { [DealRows.insert(change.facts, change.standing)] }

    /// Writes what a move of a deal makes different.
    public func update(_ change: Change<DealFacts>, before: Loaded<DealFacts>) -> [SQL] {
        [DealRows.update(change.facts, change.standing, from: before.standing)]
    }
}
