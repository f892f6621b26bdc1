/// W110, W111, W112, W115: what follows from moves comes to an end and takes locks in one order.
struct CascadeCheck {
    let files: WorkflowFiles

    var faults: [Fault] {
        // What a file lacks may be the very word that makes it right.
        guard files.damaged.isEmpty, files.unread.isEmpty else { return [] }
        return cascadeFaults
            + files.machines.flatMap { machine in
                machine.reactions.filter { $0.run == .together }.flatMap { lockFaults($0, of: machine) }
            }
    }

    private var cascadeFaults: [Fault] {
        let graph = ReactionGraph(files)
        let circles = graph.circles
        guard circles.isEmpty else {
            return circles.map { circle in
                let path = circle.path.map(\.description).joined(separator: " > ")
                return Fault(
                    "W110", circle.closing.reaction.name,
                    "reaction \"\(circle.closing.reaction.name)\" closes a circle: \(path)")
            }
        }
        let cascade = graph.longestCascade
        // The first one is the command itself.
        let deepest = ReactionGraph.deepest
        guard cascade.count - 1 > deepest,
            let last = graph.edges[cascade[deepest]]?.first(where: { $0.to == cascade[deepest + 1] })
        else { return [] }
        let path = cascade.map(\.description).joined(separator: " > ")
        return [
            Fault(
                "W115", last.reaction.name,
                "a cascade is \(cascade.count - 1) deep, and the engine refuses more than \(deepest): \(path)")
        ]
    }

    private func lockFaults(_ reaction: Reaction, of machine: Machine) -> [Fault] {
        var faults: [Fault] = []
        if let find = reaction.find, files.vocabulary.finders.first(where: { $0.name == find })?.crosses == true {
            faults.append(
                Fault(
                    "W112", find,
                    "finder \"\(find)\" reaches records under other locks; say \"run: later\" in \"\(reaction.name)\""))
        }
        for trigger in reaction.when {
            guard let source = files.machine(named: trigger.machine.text), let before = place(of: source),
                let after = place(of: machine), after < before
            else { continue }
            faults.append(
                Fault(
                    "W111", trigger.machine,
                    "reaction \"\(reaction.name)\" takes the lock \"\(lock(of: machine))\" after \"\(lock(of: source))\", "
                        + "against the order of \"locks\"; say \"run: later\""))
        }
        return faults
    }

    private func lock(_ machine: Machine) -> Word { machine.locksWith ?? machine.name }

    private func lock(of machine: Machine) -> String { lock(machine).text }

    private func place(of machine: Machine) -> Int? { files.vocabulary.locks.firstIndex(of: lock(machine)) }
}
