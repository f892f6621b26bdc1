/// W030 to W037: every state can be reached, and every record can come to its end.
extension MachineCheck {
    /// W030, W033, W034, W035; silent where a name is wrong, for then no way is certain.
    var graphFaults: [Fault] {
        guard !graph.isGuesswork else { return [] }
        let final = Set(machine.final.map(\.text))
        let canEnd = graph.canReach(final)
        let hasEnd = !graph.reachable.isDisjoint(with: final)
        var faults: [Fault] = []
        if !hasEnd {
            faults.append(
                Fault(
                    "W035", machine.final.first ?? machine.initial,
                    "no final state can be reached from \"\(machine.initial)\" at all"))
        }
        for state in machine.states.map(\.name) {
            let isFinal = final.contains(state.text)
            if !graph.reachable.contains(state.text), hasEnd || !isFinal {
                faults.append(Fault("W030", state, "no way leads to state \"\(state)\""))
            }
            if !isFinal, !graph.canLeave(state.text) {
                faults.append(Fault("W033", state, "state \"\(state)\" has no way out and is not final"))
            } else if !isFinal, hasEnd, !canEnd.contains(state.text) {
                faults.append(Fault("W034", state, "no final state can be reached from \"\(state)\""))
            }
        }
        return faults
    }

    /// W031, W032, W037.
    var finalStateFaults: [Fault] {
        var faults: [Fault] = []
        for move in machine.transitions {
            for state in move.from where machine.isFinal(state.text) {
                // A move that stays may start in a final state; one whose outcomes stay, too.
                if move.ends.contains(where: { $0 != "same" && $0 != state }) {
                    faults.append(
                        Fault(
                            "W031", state, "\(move.subject) leaves the final state \"\(state)\"; only a correction may")
                    )
                } else if move.ends.allSatisfy({ $0 == state }) {
                    faults.append(
                        Fault(
                            "W037", state,
                            "\(move.subject) ends in \"\(state)\" and starts there too; say \"already\" instead"))
                }
            }
        }
        for move in machine.corrections {
            for state in move.from where !machine.isFinal(state.text) && machine.state(named: state.text) != nil {
                faults.append(
                    Fault("W032", state, "\(move.subject) starts in \"\(state)\", which is open; make it a transition"))
            }
        }
        return faults
    }
}
