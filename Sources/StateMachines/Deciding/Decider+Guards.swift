import Foundation

extension Decider {
    /// Asks guards; answers the refusals in the order of `names`, each with the status of its guard.
    func refusals(
        of names: [Word], _ facts: Facts, _ context: MoveContext
    ) throws(DecisionFault) -> [(status: Int, reason: Refusal.Reason)] {
        var refused: [(status: Int, reason: Refusal.Reason)] = []
        for name in names {
            guard let condition = rules.guards[name.text], let word = vocabulary.guard(named: name.text) else {
                throw .missingCode(name.text)
            }
            if case .no(let values, let unblocks) = condition.answer(facts, context) {
                refused.append((Int(word.status.text) ?? 409, word.reason(values, unblocks: unblocks)))
            }
        }
        return refused
    }

    /// The jobs whose `only_if` holds, without it.
    func queued(_ calls: [JobCall], _ facts: Facts, _ context: MoveContext) throws(DecisionFault) -> [JobCall] {
        var queued: [JobCall] = []
        for call in calls where try refusals(of: call.onlyIf.map { [$0] } ?? [], facts, context).isEmpty {
            queued.append(JobCall(kind: call.kind, parameters: call.parameters))
        }
        return queued
    }

    /// Why the actor may not make the move, if it may not.
    ///
    /// Source: docs/lifecycle-files.md.
    func denial(of move: Move, to actor: Actor, facts: Facts) -> Refusal? {
        guard move.who.contains(where: { $0 == actor.role }) else {
            let titles = move.who.compactMap { vocabulary.role(named: $0.text)?.title ?? $0.text }
            return Refusal(status: 403, code: "role", message: "Who may: \(titles.joined(separator: "; ")).")
        }
        if actor.role == "admin", let permission = move.permission, !actor.permissions.contains(permission.text) {
            return Refusal(
                status: 403, code: "permission", message: "This takes the permission \"\(permission)\".")
        }
        for separation in move.notBy where rules.separations[separation.text]?(facts, actor) ?? true {
            let who = vocabulary.separations.first { $0.name == separation }?.says ?? separation.text
            return Refusal(
                status: 403, code: "not_by_\(separation)", message: "\(who) may not do this; ask somebody else.")
        }
        return nil
    }

    func unknownMove(_ name: String, state: String) -> Refusal {
        let known = machine.moves.map(\.name.text).joined(separator: ", ")
        return Refusal(
            status: 422, code: "unknown_move",
            message: "An \(machine.title.lowercased()) has no move \"\(name.prefix(64))\". Its moves are: \(known).",
            field: "move", state: state)
    }

    func changedMeanwhile(expected: Int, _ standing: RecordStanding) -> Refusal {
        Refusal(
            status: 409, code: "changed_meanwhile",
            message: "It was changed meanwhile: you saw change \(expected), it is at \(standing.seq). Look again.",
            field: "expected_seq", state: standing.state)
    }

    func notFromHere(_ move: Move, _ state: String, for actor: Actor) -> Refusal {
        func title(_ name: String) -> String { machine.state(named: name)?.title ?? name }
        let from = move.from.map(\.text)
        let reason = Refusal.Reason(
            code: "not_from_here",
            message:
                "\"\(move.title)\" starts from \(from.map(title).joined(separator: ", ")); this is \(title(state)).",
            from: from)
        let possible = machine.moves.filter { other in
            other.from.contains { $0 == state } && other.who.contains { $0 == actor.role }
        }.map(\.name.text)
        return Refusal(status: 409, reasons: [reason], state: state, possible: possible)
    }
}

extension Refusal {
    /// The same refusal of a record that is in `state`.
    func `in`(_ state: String) -> Refusal {
        var refusal = self
        refusal.state = state
        return refusal
    }
}

extension Vocabulary.Guard {
    /// The refusal with its values filled in.
    func reason(_ values: [String: String], unblocks: String?) -> Refusal.Reason {
        var message = refusal
        for (name, value) in values { message = message.replacing("{\(name)}", with: value) }
        return Refusal.Reason(code: code, message: message, unblocks: unblocks)
    }
}

extension Move.Target {
    /// The word that a target without outcomes is written with.
    var word: String {
        switch self {
        case .state(let word), .same(let word), .previous(let word): word.text
        case .outcomes(let rules): rules.last?.to.text ?? ""
        }
    }
}

extension EventDraft.Kind {
    init(_ kind: Move.Kind) {
        switch kind {
        case .create: self = .create
        case .transition: self = .move
        case .correction: self = .correction
        }
    }
}
