/// W150, W151, W152: the properties speak of worlds, machines, moves and conditions that there are.
struct PropertiesCheck {
    let files: WorkflowFiles

    var faults: [Fault] {
        guard let properties = files.properties else { return [] }
        return properties.worlds.flatMap { faults(of: $0) }
            + properties.demands.flatMap { faults(of: $0, among: properties) }
    }

    private var vocabulary: Vocabulary { files.vocabulary }

    private func faults(of world: Properties.World) -> [Fault] {
        let subject = "world \"\(world.name)\""
        var faults: [Fault] = []
        for name in world.machines where files.machine(named: name.text) == nil && !files.unread.contains(name.text) {
            let advice = Spelling.advice(for: name.text, among: files.machines.map(\.name.text))
            faults.append(
                Fault("W150", name, "\(subject) names the machine \"\(name)\", which does not exist\(advice)"))
        }
        for name in world.many + world.onlyMadeByReaction where !world.machines.contains(name) {
            faults.append(Fault("W150", name, "\(subject) has no machine \"\(name)\""))
        }
        for start in world.starts {
            faults += moveFaults(start.move, in: world)
            if start.move.text.split(separator: ".").last != "create" {
                faults.append(Fault("W152", start.move, "\(subject) begins with a move that makes no record"))
            }
            let marks = vocabulary.marks.map(\.name.text)
            for mark in start.marks where !marks.contains(mark.text) {
                let advice = Spelling.advice(for: mark.text, among: marks)
                faults.append(Fault("W142", mark, "\(subject) begins with \"\(mark)\", which is no mark\(advice)"))
            }
        }
        for guess in world.assumptions where vocabulary.guard(named: guess.name.text) == nil {
            let advice = Spelling.advice(for: guess.name.text, among: vocabulary.guards.map(\.name.text))
            faults.append(Fault("W021", guess.name, "\(subject) assumes \"\(guess.name)\", which is no guard\(advice)"))
        }
        return faults
    }

    private func faults(of demand: Properties.Demand, among properties: Properties) -> [Fault] {
        guard let world = properties.world(named: demand.world.text) else {
            let advice = Spelling.advice(for: demand.world.text, among: properties.worlds.map(\.name.text))
            return [Fault("W150", demand.world, "there is no world \"\(demand.world)\"\(advice)")]
        }
        return conditionFaults(demand.condition, in: world) + (demand.move.map { moveFaults($0, in: world) } ?? [])
    }

    private func moveFaults(_ name: Word, in world: Properties.World) -> [Fault] {
        let parts = name.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            return [Fault("W152", name, "\"\(name)\" is no move; it is written as order.create is")]
        }
        guard world.machines.contains(where: { $0 == parts[0] }) else {
            let advice = Spelling.advice(for: parts[0], among: world.machines.map(\.text))
            return [Fault("W150", name, "world \"\(world.name)\" has no machine \"\(parts[0])\"\(advice)")]
        }
        guard let machine = files.machine(named: parts[0]), !files.damaged.contains(machine.name.location.file) else {
            return []
        }
        let moves = ["create"] + machine.moves.map(\.name.text)
        guard !moves.contains(parts[1]) else { return [] }
        let advice = Spelling.advice(for: parts[1], among: moves)
        return [Fault("W152", name, "machine \"\(parts[0])\" has no move \"\(parts[1])\"\(advice)")]
    }

    private func conditionFaults(_ text: Word, in world: Properties.World) -> [Fault] {
        let condition: Condition
        do throws(Condition.Unreadable) {
            condition = try Condition(parsing: text.text)
        } catch {
            return [Fault("W151", text, "the condition cannot be read: \(error.sentence)")]
        }
        return condition.parts.compactMap { complaint(of: $0, at: text, in: world) }
    }

    private func complaint(of part: Condition, at text: Word, in world: Properties.World) -> Fault? {
        switch part {
        case .word(let word):
            let words = ["attention"] + (vocabulary.marks.map(\.name) + vocabulary.tasks.map(\.name)).map(\.text)
            guard !words.contains(word) else { return nil }
            let advice = Spelling.advice(for: word, among: words)
            return Fault(
                "W151", text, "the condition cannot be read: \"\(word)\" is neither a mark nor a task\(advice)")
        case .machine(let name, let states):
            guard world.machines.contains(where: { $0 == name }) else {
                let advice = Spelling.advice(for: name, among: world.machines.map(\.text))
                return Fault("W150", text, "world \"\(world.name)\" has no machine \"\(name)\"\(advice)")
            }
            guard let machine = files.machine(named: name), !files.damaged.contains(machine.name.location.file) else {
                return nil
            }
            let known = machine.states.map(\.name.text) + ["absent"]
            guard let strange = states.first(where: { !known.contains($0) }) else { return nil }
            let advice = Spelling.advice(for: strange, among: known)
            return Fault("W151", text, "the condition cannot be read: \"\(name)\" has no state \"\(strange)\"\(advice)")
        case .not, .all, .any:
            return nil
        }
    }
}
