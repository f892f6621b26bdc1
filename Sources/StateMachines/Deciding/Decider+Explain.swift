public import Foundation

/// What an actor can do with a record at this moment, and what stands in the way.
public struct ExplainedMove: Sendable {
    /// The move.
    public var move: Move
    /// Whether the record is in a state from which it starts.
    public var isReachable: Bool
    /// Whether the actor's role, permissions or duties keep it from the move; the first reason says so.
    public var isDenied = false
    /// Everything that stands in the way, in the order in which people should read it; empty: it can be done.
    public var blockedBy: [Refusal.Reason]

    /// Whether nothing stands in the way that is known before the inputs are given.
    public var isEnabled: Bool { blockedBy.isEmpty }

    /// What may be said to the actor: who may not make the move is told who may, and nothing else about the record.
    ///
    /// For pages and the API; operators and the scenarios see ``blockedBy``.
    public var told: [Refusal.Reason] {
        guard let first = blockedBy.first, isDenied else { return blockedBy }
        return [first]
    }
}

extension Decider {
    /// Explains each move that anybody but the system may make.
    ///
    /// Source: docs/lifecycle-files.md.
    ///
    /// Guards that read inputs are left out: nothing can be said of them before the inputs are given.
    ///
    /// - Throws: ``DecisionFault`` when file and code disagree.
    public func explain(
        _ standing: RecordStanding, facts: Facts, actor: Actor, now: Date
    ) throws(DecisionFault) -> [ExplainedMove] {
        let context = MoveContext(actor: actor, now: now, calendar: calendar)
        var explained: [ExplainedMove] = []
        for move in machine.moves where move.who.contains(where: { $0 != "system" }) {
            let isReachable = move.from.contains { $0 == standing.state }
            let denial = denial(of: move, to: actor, facts: facts)
            var reasons = denial?.reasons ?? []
            if isReachable {
                let answerable = move.requires.filter { rules.guards[$0.text]?.readsInputs != true }
                reasons += try refusals(of: answerable, facts, context).map(\.reason)
            } else if denial == nil {
                reasons = notFromHere(move, standing.state, for: actor).reasons
            }
            explained.append(
                ExplainedMove(
                    move: move, isReachable: isReachable, isDenied: denial != nil, blockedBy: reasons))
        }
        return explained
    }
}
