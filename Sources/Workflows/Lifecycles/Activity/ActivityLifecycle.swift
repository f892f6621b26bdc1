public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/activity.yaml`: what a rep does (L-12).
public struct ActivityLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `activity`.
    public static let machine = "activity"

    /// Guards and applies by name.
    public var rules: Rules<ActivityFacts> { Rules(guards: ActivityGuards.all, applies: ActivityApplies.all) }

    /// The demos of a lead.
    public var finders: [String: Finder] {
        [
            "open_demos_of_lead": {
                """
                SELECT id FROM sales_activities WHERE lead_id = \($0.record) AND type = 'demo'
                ORDER BY scheduled_at, id
                """
            }
        ]
    }

    /// A planned demo, and the sending of a proposal.
    public var factories: [String: Factory<ActivityFacts>] {
        ["demo_for_lead": ActivityOrigins.demoOfLead, "activity_for_proposal": ActivityOrigins.ofProposal]
    }

    /// Reads activities, under the locks of their leads and their own.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        (locking ? ActivityRows.locks(records) : []) + [ActivityRows.read(records)]
    }

    /// The activities.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<ActivityFacts>] {
        try results.suffix(1).flatMap(\.rows).map { row in
            let facts = try ActivityFacts(row)
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Locks the lead that it is about, and reads the contact and the rep.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] { try ActivityOrigins.prepare(command) }

    /// The facts of a new activity.
    ///
    /// - Throws: `Refusal` when it cannot be made of what was given; `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> ActivityFacts? {
        try ActivityOrigins.prepared(results, for: command)
    }

    /// Writes a new activity.
    public func insert(_ change: Change<ActivityFacts>) -> [SQL] {
        [ActivityRows.insert(change.facts, change.standing)]
    }

    /// Writes what a move of an activity makes different.
    public func update(_ change: Change<ActivityFacts>, before: Loaded<ActivityFacts>) -> [SQL] {
        [ActivityRows.update(change.facts, change.standing, from: before.standing)]
    }
}
