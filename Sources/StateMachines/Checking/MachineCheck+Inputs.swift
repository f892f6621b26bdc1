/// W079, W094, W095, W096, W105, W108: a move that happens by itself gets the inputs it asks for.
extension MachineCheck {
    var inputFaults: [Fault] { askFaults + timerInputFaults + reactionInputFaults }

    /// W096.
    private var askFaults: [Fault] {
        machine.corrections.flatMap { move in
            move.asks.filter { $0.name == "reason" }.map {
                Fault(
                    "W096", $0.name, "\(move.subject) asks for a reason anyway, as every correction does; leave it out")
            }
        }
    }

    private var timerInputFaults: [Fault] {
        machine.timers.flatMap { timer -> [Fault] in
            guard let fires = timer.fires else {
                return timer.with.map {
                    Fault("W094", $0.name, "timer \"\(timer.name)\" makes no move that could take \"\($0.name)\"")
                }
            }
            guard let move = machine.move(named: fires.text) else { return [] }
            let missing = missing(move.inputs, given: timer.with).map {
                Fault("W079", fires, "timer \"\(timer.name)\" fires \"\(fires)\" without its input \"\($0.name)\"")
            }
            return missing + unwanted(timer.with, by: move) + timer.with.flatMap { wrongChoice($0, of: move) }
        }
    }

    private var reactionInputFaults: [Fault] {
        machine.reactions.flatMap { reaction -> [Fault] in
            let foreign = reaction.with.flatMap { strangerRead($0, by: reaction) }
            guard let does = reaction.move else {
                return foreign
                    + reaction.with.map {
                        Fault(
                            "W094", $0.name,
                            "reaction \"\(reaction.name)\" makes no move that could take \"\($0.name)\"")
                    }
            }
            guard let move = machine.move(named: does.text) else { return foreign }
            // The reason of a correction is carried over from the cause.
            let inputs = move.inputs.filter { !(move.kind == .correction && $0.name == "reason") }
            let missing = missing(inputs, given: reaction.with).map {
                Fault("W108", does, "reaction \"\(reaction.name)\" does \"\(does)\" without its input \"\($0.name)\"")
            }
            let plain = reaction.with.filter { $0.sourceField == nil }
            return foreign + missing + unwanted(reaction.with, by: move) + plain.flatMap { wrongChoice($0, of: move) }
        }
    }

    private func missing(_ inputs: [Ask], given: [NamedValue]) -> [Ask] {
        inputs.filter { ask in ask.isRequired && !given.contains { $0.name == ask.name } }
    }

    /// W094.
    private func unwanted(_ given: [NamedValue], by move: Move) -> [Fault] {
        let asked = move.inputs.map(\.name)
        return given.filter { !asked.contains($0.name) }.map {
            let advice = Spelling.advice(for: $0.name.text, among: asked.map(\.text))
            return Fault("W094", $0.name, "\(move.subject) does not ask for \"\($0.name)\"\(advice)")
        }
    }

    /// W095.
    private func wrongChoice(_ given: NamedValue, of move: Move) -> [Fault] {
        guard let ask = move.inputs.first(where: { $0.name == given.name }), case .choice(let values) = ask.type,
            !values.contains(given.value)
        else { return [] }
        let advice = Spelling.advice(for: given.value.text, among: values.map(\.text))
        return [
            Fault(
                "W095", given.value,
                "\"\(given.value)\" is no choice of input \"\(ask.name)\" of \(move.subject)\(advice)")
        ]
    }

    /// W105.
    private func strangerRead(_ given: NamedValue, by reaction: Reaction) -> [Fault] {
        guard let source = given.sourceField, !reaction.when.allSatisfy({ $0.machine == source.machine }) else {
            return []
        }
        return [
            Fault(
                "W105", given.value,
                "reaction \"\(reaction.name)\" reads \"\(given.value)\", but not every event it waits for is one of \"\(source.machine)\""
            )
        ]
    }
}

extension NamedValue {
    /// The machine and the field of `machine.field`; nil when the value is plain text.
    var sourceField: (machine: String, field: String)? {
        let parts = value.text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(\.isColumnName) else { return nil }
        return (String(parts[0]), String(parts[1]))
    }
}
