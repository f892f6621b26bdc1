/// W140, W141, W142: what the vocabulary names exists.
extension VocabularyCheck {
    /// W140: a condition that cannot be read, or that is about something nobody knows.
    var modelFaults: [Fault] {
        let words = Condition.ownWords.union(vocabulary.marks.map(\.name.text)).union(vocabulary.tasks.map(\.name.text))
        return models.flatMap { model -> [Fault] in
            let condition: Condition
            do throws(Condition.Unreadable) {
                condition = try Condition(parsing: model.text)
            } catch {
                return [Fault("W140", model, "the model cannot be read: \(error.sentence)")]
            }
            return condition.parts.compactMap { complaint(of: $0, words: words) }.map {
                Fault("W140", model, "the model cannot be read: \($0)")
            }
        }
    }

    private func complaint(of part: Condition, words: Set<String>) -> String? {
        switch part {
        case .word(let word) where !words.contains(word):
            return "\"\(word)\" is neither a mark nor a task\(Spelling.advice(for: word, among: words))"
        case .machine(let name, let states):
            guard !files.unread.contains(name) else { return nil }
            guard let machine = files.machine(named: name) else { return "there is no machine \"\(name)\"" }
            let known = machine.states.map(\.name.text) + ["absent"]
            let strange = states.first { !known.contains($0) }
            return strange.map {
                "machine \"\(name)\" has no state \"\($0)\"\(Spelling.advice(for: $0, among: known))"
            }
        default:
            return nil
        }
    }

    /// W141 for machines and their states, W142 for marks and facts.
    var referenceFaults: [Fault] {
        var faults: [Fault] = []
        for finder in vocabulary.finders {
            faults += machineFaults(finder.gives, states: finder.states, of: "finder \"\(finder.name)\"")
        }
        for factory in vocabulary.factories {
            faults += machineFaults(factory.makes, states: [], of: "factory \"\(factory.name)\"")
            faults += markFaults(factory.sets, of: "factory \"\(factory.name)\"")
        }
        let facts = files.machines.flatMap(\.facts).map(\.name)
        for apply in vocabulary.applies {
            let subject = "apply \"\(apply.name)\""
            faults += markFaults(apply.sets + apply.clears + apply.maySet + apply.mayClear, of: subject)
            guard files.damaged.isEmpty, files.unread.isEmpty else { continue }
            faults += apply.facts.filter { !facts.contains($0) }.map {
                let advice = Spelling.advice(for: $0.text, among: facts.map(\.text))
                return Fault("W142", $0, "\(subject) sets \"\($0)\", which is a fact of no machine\(advice)")
            }
        }
        return faults
    }

    private func machineFaults(_ name: Word, states: [Word], of subject: String) -> [Fault] {
        guard !files.unread.contains(name.text), !name.text.isEmpty else { return [] }
        guard let machine = files.machine(named: name.text) else {
            let advice = Spelling.advice(for: name.text, among: files.machines.map(\.name.text))
            return [Fault("W141", name, "\(subject) names the machine \"\(name)\", which does not exist\(advice)")]
        }
        return states.filter { machine.state(named: $0.text) == nil }.map {
            let advice = Spelling.advice(for: $0.text, among: machine.states.map(\.name.text))
            return Fault("W141", $0, "\(subject) looks in \"\($0)\", which is no state of \"\(machine.name)\"\(advice)")
        }
    }

    private func markFaults(_ marks: [Word], of subject: String) -> [Fault] {
        let known = vocabulary.marks.map(\.name.text)
        return marks.filter { !known.contains($0.text) }.map {
            Fault(
                "W142", $0,
                "\(subject) changes the mark \"\($0)\", which \"marks\" does not name\(Spelling.advice(for: $0.text, among: known))"
            )
        }
    }
}
