/// W100, W101, W102, W104: what a reaction waits for exists and can happen.
extension MachineCheck {
    var eventFaults: [Fault] { machine.reactions.flatMap { $0.when.flatMap(faults(of:)) } }

    private func faults(of event: Reaction.Trigger) -> [Fault] {
        guard !files.unread.contains(event.machine.text) else { return [] }
        guard let source = files.machine(named: event.machine.text) else {
            let advice = Spelling.advice(for: event.machine.text, among: files.machines.map(\.name.text))
            return [Fault("W100", event.machine, "there is no machine \"\(event.machine)\"\(advice)")]
        }
        if event.verb == .does {
            let names = ["create"] + source.moves.map(\.name.text)
            guard names.contains(event.subject.text) else {
                let advice = Spelling.advice(for: event.subject.text, among: names)
                return [
                    Fault("W101", event.subject, "machine \"\(source.name)\" has no move \"\(event.subject)\"\(advice)")
                ]
            }
        } else if source.state(named: event.subject.text) == nil {
            let advice = Spelling.advice(for: event.subject.text, among: source.states.map(\.name.text))
            return [
                Fault("W102", event.subject, "machine \"\(source.name)\" has no state \"\(event.subject)\"\(advice)")
            ]
        }
        let graph = StateGraph(source, isDamaged: files.damaged.contains(source.name.location.file))
        guard !graph.isGuesswork, !canHappen(event, in: source, graph: graph) else { return [] }
        return [
            Fault(
                "W104", event.subject, "\"\(event.machine) \(event.verb.rawValue) \(event.subject)\" can never happen")
        ]
    }

    private func canHappen(_ event: Reaction.Trigger, in source: Machine, graph: StateGraph) -> Bool {
        let subject = event.subject.text
        switch event.verb {
        case .enters: return graph.canEnter(subject)
        case .leaves: return graph.reachable.contains(subject) && graph.canLeave(subject)
        case .does:
            guard let move = source.move(named: subject) else { return true }
            return move.from.contains { graph.reachable.contains($0.text) }
        }
    }
}
