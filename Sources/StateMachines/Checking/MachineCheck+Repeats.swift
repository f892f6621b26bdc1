/// W041, W042: what comes twice is answered "already done" the second time.
extension MachineCheck {
    var repeatFaults: [Fault] {
        machine.moves.flatMap { move -> [Fault] in
            guard let state = unansweredEnd(of: move) else { return [] }
            return repeatingRoles(of: move, state: state) + repeatingReactions(of: move, state: state)
        }
    }

    /// The state in which a second request would be refused.
    ///
    /// Nil for a move with outcomes: the record may be anywhere by then, so only its guards can tell a repeat from a
    /// second payment.
    private func unansweredEnd(of move: Move) -> Word? {
        guard case .state(let state) = move.target, !move.from.contains(state), !move.already.contains(state) else {
            return nil
        }
        return state
    }

    /// W041.
    private func repeatingRoles(of move: Move, state: Word) -> [Fault] {
        move.who.filter { vocabulary.role(named: $0.text)?.repeats == true }.map { role in
            Fault(
                "W041", role,
                "messages of \"\(role)\" come twice, and \(move.subject) may be done by then; put \"\(state)\" into \"already\""
            )
        }
    }

    /// W042.
    private func repeatingReactions(of move: Move, state: Word) -> [Fault] {
        machine.reactions.filter { $0.move == move.name }.compactMap { reaction in
            guard let find = reaction.find,
                let finder = vocabulary.finders.first(where: { $0.name == find }),
                finder.states.isEmpty || finder.states.contains(state)
            else { return nil }
            return Fault(
                "W042", reaction.name,
                "reaction \"\(reaction.name)\" may find \(move.subject) done; put \"\(state)\" into its \"already\"")
        }
    }
}
