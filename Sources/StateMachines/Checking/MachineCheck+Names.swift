/// W010 to W014: the states and moves of one machine know each other by name.
extension MachineCheck {
    /// W010.
    var stateNameFaults: [Fault] {
        let known = Set(machine.states.map(\.name.text))
        return namedStates.filter { !known.contains($0.text) }.map { word in
            let advice = Spelling.advice(for: word.text, among: known)
            let meaning =
                word == "previous"
                ? "; \"previous\" is for corrections" : word == "same" ? "; there is none to stay in" : advice
            return Fault("W010", word, "there is no state \"\(word)\"\(meaning)")
        }
    }

    /// Every word of the file that has to be a state; an empty one stands for what could not be read.
    private var namedStates: [Word] {
        var words = [machine.initial] + machine.final + machine.restingReasons.map(\.name)
        words += machine.facts.flatMap(\.mayBeMissingIn) + machine.timers.flatMap(\.states)
        if !machine.create.outcomes.isEmpty { words += machine.create.ends }
        for move in machine.moves {
            words += move.from + move.already
            words += move.ends.filter { $0 != "same" && !($0 == "previous" && move.kind == .correction) }
        }
        return words.filter { !$0.text.isEmpty }
    }

    /// W011, W013, W014.
    var createFaults: [Fault] {
        var faults: [Fault] = []
        if machine.isFinal(machine.initial.text) {
            faults.append(
                Fault(
                    "W011", machine.initial, "the initial state \"\(machine.initial)\" is final; nothing could happen"))
        }
        for move in machine.moves {
            for state in move.already where move.from.contains(state) {
                faults.append(
                    Fault(
                        "W013", state,
                        "\(move.subject) may start in \"\(state)\" and says that it is done there already; one of them")
                )
            }
        }
        if let last = machine.create.outcomes.last, last.to != machine.initial {
            faults.append(
                Fault(
                    "W014", last.to,
                    "the last outcome of create is \"\(last.to)\", not the initial state \"\(machine.initial)\""))
        }
        return faults
    }

    /// W012.
    var repeatedNameFaults: [Fault] {
        var faults: [Fault] = []
        let transitions = Set(machine.transitions.map(\.name))
        for move in machine.corrections where transitions.contains(move.name) {
            faults.append(Fault("W012", move.name, "a transition is called \"\(move.name)\" too"))
        }
        for move in machine.moves where move.name == "create" || move.name == "edit" {
            faults.append(
                Fault("W012", move.name, "no move is called \"\(move.name)\"; that word has a meaning of its own"))
        }
        for timer in machine.timers where machine.move(named: timer.name.text) != nil || timer.name == "create" {
            faults.append(
                Fault("W012", timer.name, "a move is called \"\(timer.name)\" too; history could not tell them apart"))
        }
        for state in machine.states where ["same", "previous", "absent"].contains(state.name.text) {
            faults.append(
                Fault("W012", state.name, "no state is called \"\(state.name)\"; that word has a meaning of its own"))
        }
        for fact in machine.facts where fact.name == "entering" {
            faults.append(
                Fault("W012", fact.name, "no fact is called \"entering\"; timers count from entering by that word"))
        }
        return faults
    }
}
