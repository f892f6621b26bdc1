/// W130: old names lead to names that are there.
extension MachineCheck {
    var renameFaults: [Fault] {
        let was = machine.renames
        return unknown(was.states, "state", among: machine.states.map(\.name.text))
            + unknown(was.transitions, "move", among: ["create"] + machine.moves.map(\.name.text))
            + unknown(was.timers, "timer", among: machine.timers.map(\.name.text))
    }

    private func unknown(_ pairs: [NamedValue], _ kind: String, among names: [String]) -> [Fault] {
        pairs.filter { !names.contains($0.value.text) }.map {
            let advice = Spelling.advice(for: $0.value.text, among: names)
            return Fault(
                "W130", $0.value,
                "\"was\" leads from \"\($0.name)\" to the \(kind) \"\($0.value)\", which does not exist\(advice)")
        }
    }
}
