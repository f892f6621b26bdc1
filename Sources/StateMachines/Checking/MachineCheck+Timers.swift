/// W062, W072 to W075: a timer waits where it can, for something that comes.
extension MachineCheck {
    var timerFaults: [Fault] { machine.timers.flatMap { faults(of: $0) } }

    private func faults(of timer: TimerRule) -> [Fault] {
        var faults: [Fault] = []
        let anchor = timer.when.anchor
        if timer.ifMissed == .each, timer.repeats == nil {
            faults.append(
                Fault(
                    "W062", timer.name,
                    "timer \"\(timer.name)\" does not repeat, so \"if_missed: each\" has no meaning; say fire"))
        }
        for state in timer.states where machine.isFinal(state.text) {
            faults.append(Fault("W072", state, "timer \"\(timer.name)\" waits in the final state \"\(state)\""))
        }
        if timer.when.countsFromEntering {
            if timer.when.isBefore {
                faults.append(
                    Fault(
                        "W073", anchor, "timer \"\(timer.name)\" counts before entering, which is in the past by then"))
            }
        } else if let fact = machine.fact(named: anchor.text) {
            faults += neverSet(fact, for: timer)
        } else {
            let advice = Spelling.advice(for: anchor.text, among: machine.facts.map(\.name.text) + ["entering"])
            faults.append(
                Fault(
                    "W074", anchor,
                    "timer \"\(timer.name)\" counts from \"\(anchor)\", which \"facts\" does not name\(advice)"))
        }
        return faults
    }

    /// W075.
    private func neverSet(_ fact: Fact, for timer: TimerRule) -> [Fault] {
        guard !graph.isGuesswork, !fact.setBy.contains("edit") else { return [] }
        let flow = FactFlow(fact, in: machine, graph: graph)
        return timer.states.filter { graph.reachable.contains($0.text) && !flow.maybeSet.contains($0.text) }.map {
            Fault("W075", $0, "timer \"\(timer.name)\" counts from \"\(fact.name)\", which is never set by \"\($0)\"")
        }
    }
}

extension Machine {
    /// The fact of that name.
    func fact(named name: String) -> Fact? { facts.first { $0.name == name } }
}
