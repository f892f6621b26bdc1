/// W080, W081, W082: nothing is forgotten; an open state is watched by a timer, or says why it need not be.
extension MachineCheck {
    var restingFaults: [Fault] {
        var faults = machine.restingReasons.filter { machine.isFinal($0.name.text) }.map {
            Fault("W080", $0.name, "\"\($0.name)\" is final, so it may rest without a reason")
        }
        // A timer or fact that could not be read might be the one that watches.
        guard !isDamaged else { return faults }
        for state in machine.states.map(\.name) where !machine.isFinal(state.text) {
            let watch = machine.timers.first { $0.states.contains(state) && isSure($0, in: state) }
            let reason = machine.restingReasons.first { $0.name == state }
            if watch == nil, reason == nil {
                faults.append(
                    Fault(
                        "W081", state,
                        "no timer surely does something in \"\(state)\"; add one, or give the reason in \"may_rest_in\""
                    ))
            } else if let watch, let reason {
                let sentence =
                    "\"\(state)\" may rest, and timer \"\(watch.name)\" watches it all the same; leave the reason out"
                faults.append(Fault("W082", reason.name, sentence, isWarning: true))
            }
        }
        return faults
    }

    /// Whether a timer surely does something in a state.
    ///
    /// It does not when its fact may be missing there, when `only_if` may drop it, when an outage may, and when all it
    /// does hangs on a guard: a move with guards may be refused, a job with `only_if` not queued.
    private func isSure(_ timer: TimerRule, in state: Word) -> Bool {
        guard timer.onlyIf.isEmpty, timer.ifMissed != .skip, isThere(timer.when.anchor, in: state) else { return false }
        let move = timer.fires.flatMap { machine.move(named: $0.text) }
        let movesSurely = move.map { $0.requires.isEmpty && $0.from.contains(state) } ?? false
        return movesSurely || !timer.opens.isEmpty || timer.jobs.contains { $0.onlyIf == nil }
    }

    /// Whether what a timer counts from is never missing in a state.
    private func isThere(_ anchor: Word, in state: Word) -> Bool {
        guard anchor != "entering" else { return true }
        guard let fact = machine.fact(named: anchor.text), !fact.mayBeMissingIn.contains(state) else { return false }
        return graph.isGuesswork || !FactFlow(fact, in: machine, graph: graph).maybeMissing.contains(state.text)
    }
}
