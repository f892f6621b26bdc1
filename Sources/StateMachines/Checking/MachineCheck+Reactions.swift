/// W106, W107, W109, W113, W114: what a reaction does can be done here.
extension MachineCheck {
    var reactionFaults: [Fault] {
        machine.reactions.flatMap { moveFaults($0) + finderFaults($0) }
    }

    private func moveFaults(_ reaction: Reaction) -> [Fault] {
        guard let does = reaction.move else { return [] }
        guard let move = machine.move(named: does.text) else {
            let advice = Spelling.advice(for: does.text, among: machine.moves.map(\.name.text))
            return [
                Fault(
                    "W106", does,
                    "reaction \"\(reaction.name)\" does \"\(does)\", which is no move of \"\(machine.name)\"\(advice)")
            ]
        }
        var faults: [Fault] = []
        if !move.who.contains(where: isSystem), !move.who.isEmpty {
            faults.append(
                Fault("W107", does, "reaction \"\(reaction.name)\" does \"\(does)\", which does not allow system"))
        }
        if reaction.ifRefused == nil {
            faults.append(
                Fault(
                    "W109", reaction.name,
                    "reaction \"\(reaction.name)\" does not say what becomes of a refusal; \"if_refused\" is note, park or fail"
                ))
        }
        return faults
    }

    private func finderFaults(_ reaction: Reaction) -> [Fault] {
        let finder = vocabulary.finders.first { $0.name == reaction.find?.text ?? "" }
        let factory = vocabulary.factories.first { $0.name == reaction.create?.text ?? "" }
        var faults: [Fault] = []
        if let find = reaction.find, let finder, finder.gives != machine.name {
            faults.append(
                Fault(
                    "W113", find, "finder \"\(find)\" gives records of \"\(finder.gives)\", not of \"\(machine.name)\"")
            )
        }
        if let create = reaction.create, let factory, factory.makes != machine.name {
            faults.append(
                Fault(
                    "W114", create,
                    "factory \"\(create)\" makes records of \"\(factory.makes)\", not of \"\(machine.name)\""))
        }
        return faults
    }
}
