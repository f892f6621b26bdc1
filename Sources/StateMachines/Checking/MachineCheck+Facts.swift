/// W063, W064, W070, W071: `set_by` tells the truth, and each fact is there for a timer.
extension MachineCheck {
    var factFaults: [Fault] {
        machine.facts.flatMap { fact in
            let counting = machine.timers.contains { $0.when.anchor == fact.name }
            let unused =
                counting || isDamaged ? [] : [Fault("W071", fact.name, "no timer counts from fact \"\(fact.name)\"")]
            return setterFaults(fact) + unused
        }
    }

    private func setterFaults(_ fact: Fact) -> [Fault] {
        var faults: [Fault] = []
        for setter in fact.setBy where setter != "create" && setter != "edit" {
            guard let move = machine.move(named: setter.text) else {
                let advice = Spelling.advice(for: setter.text, among: machine.moves.map(\.name.text))
                faults.append(
                    Fault("W070", setter, "fact \"\(fact.name)\" is set by \"\(setter)\", which is no move\(advice)"))
                continue
            }
            if !sets(move, fact), !isDamaged, !isVocabularyDamaged {
                faults.append(
                    Fault(
                        "W063", setter,
                        "fact \"\(fact.name)\" is set by \"\(setter)\", but nothing in that move sets it"))
            }
        }
        for move in allMoves where sets(move, fact) && !fact.setBy.contains(move.name) && !fact.setBy.isEmpty {
            faults.append(
                Fault(
                    "W064", move.name, "\(move.subject) sets fact \"\(fact.name)\", whose \"set_by\" does not name it"))
        }
        return faults
    }

    /// Whether an apply of the move, or the stamp of a state that it leads to, sets the fact.
    private func sets(_ move: Move, _ fact: Fact) -> Bool {
        let applied = move.apply.contains { name in
            vocabulary.applies.contains { $0.name == name && $0.facts.contains(fact.name) }
        }
        return applied || move.ends.contains { machine.state(named: $0.text)?.stamps == fact.name }
    }
}
