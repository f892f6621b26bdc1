/// W020, W021, W025: every word that the machine uses stands in the vocabulary.
extension MachineCheck {
    /// W020 and W021.
    var wordFaults: [Fault] {
        let uses = WordUses(machine)
        return WordKind.allCases.flatMap { kind in
            let known = kind.words(of: vocabulary)
            // Nothing of this kind could be read: then the fault is in the vocabulary, which has been told.
            if known.isEmpty, isVocabularyDamaged { return [Fault]() }
            return uses[kind].filter { !known.contains($0.text) && !$0.text.isEmpty }.map { word in
                let advice = Spelling.advice(for: word.text, among: known)
                let code = [.role, .permission, .separation].contains(kind) ? "W020" : "W021"
                return Fault(code, word, "\(kind.rawValue) \"\(word)\" is not in the vocabulary\(advice)")
            }
        }
    }

    /// W025.
    var jobFaults: [Fault] {
        machine.jobCalls.flatMap { call -> [Fault] in
            guard let job = vocabulary.job(named: call.kind.text) else { return [] }
            let (given, taken) = (call.parameters.map(\.name), job.parameters)
            let taking = taken.isEmpty ? "none" : taken.map(\.text).joined(separator: ", ")
            return given.filter { !taken.contains($0) }.map {
                Fault("W025", $0, "job \"\(job.name)\" has no parameter \"\($0)\"; it takes: \(taking)")
            }
                + taken.filter { !given.contains($0) }.map {
                    Fault("W025", call.kind, "job \"\(job.name)\" lacks its parameter \"\($0)\"")
                }
        }
    }
}
