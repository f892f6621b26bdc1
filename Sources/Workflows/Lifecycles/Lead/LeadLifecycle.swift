public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/lead.yaml`: a prospect up to a decision (L-01).
public struct LeadLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `lead`.
    public static let machine = "lead"

    /// Guards and applies by name.
    public var rules: Rules<LeadFacts> { Rules(guards: LeadGuards.all, applies: LeadApplies.all) }

    /// The lead of a deal, of a demo, and of what has reached it.
    public var finders: [String: Finder] {
        [
            "lead_of_deal": { "SELECT lead_id AS id FROM deals WHERE id = \($0.record) AND lead_id IS NOT NULL" },
            "lead_of_demo": {
                """
                SELECT lead_id AS id FROM sales_activities
                WHERE id = \($0.record) AND type = 'demo' AND lead_id IS NOT NULL
                """
            },
            // A call that nobody took has reached no one.
            "new_lead_reached_by_activity": {
                """
                SELECT lead_id AS id FROM sales_activities
                WHERE id = \($0.record) AND type IN ('call', 'email', 'meeting', 'demo', 'proposal')
                  AND lead_id IS NOT NULL AND outcome IS DISTINCT FROM 'no_answer'
                """
            },
        ]
    }

    /// None: a lead is made by people.
    public var factories: [String: Factory<LeadFacts>] { [:] }

    /// Reads leads, under their own locks.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        (locking ? [LeadRows.lock(records)] : []) + [LeadRows.read(records)]
    }

    /// The leads.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<LeadFacts>] {
        try results.suffix(1).flatMap(\.rows).map { row in
            let facts = try LeadFacts(row)
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads the reps who may be given the lead: the one who is named, the rep who asks, or those to choose from.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] {
        let inputs = try LeadBody.read(command.inputs, of: command.actor)
        return [Self.owner(inputs, command.actor).map(RepReference.find) ?? LeadRows.candidates]
    }

    /// The facts of a new lead.
    ///
    /// - Throws: `Refusal` with 422; `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> LeadFacts? {
        let inputs = try LeadBody.read(command.inputs, of: command.actor)
        let rows = results[0].rows
        guard Self.owner(inputs, command.actor) != nil else {
            var facts = LeadFacts(id: command.record, inputs, rep: nil)
            facts.candidates = try rows.compactMap(LeadFacts.Candidate.init)
            return facts
        }
        guard let rep = try rows.first.flatMap(RepReference.init) else {
            throw Refusal.unknownReference("sales_rep", "rep")
        }
        return LeadFacts(id: command.record, inputs, rep: rep)
    }

    private static func owner(_ inputs: Inputs, _ actor: Actor) -> UUID? {
        inputs.reference("sales_rep") ?? (actor.role == "rep" ? actor.id : nil)
    }

    /// Writes a new lead.
    public func insert(_ change: Change<LeadFacts>) -> [SQL] { [LeadRows.insert(change.facts, change.standing)] }

    /// Writes what a move of a lead makes different.
    public func update(_ change: Change<LeadFacts>, before: Loaded<LeadFacts>) -> [SQL] {
        [LeadRows.update(change.facts, change.standing, from: before.standing)]
    }
}
