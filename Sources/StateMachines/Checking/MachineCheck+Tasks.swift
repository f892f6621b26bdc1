/// W120, W121: a task that a move opens is closed by one, too.
extension MachineCheck {
    var taskFaults: [Fault] {
        guard !isDamaged else { return [] }
        let byMoves = allMoves.flatMap(\.opens) + machine.reactions.flatMap(\.opens)
        // A task of a timer closes by itself when the record leaves the timer's states.
        let byTimers = machine.timers.flatMap(\.opens)
        let closed = allMoves.flatMap { $0.closes + $0.outcomes.flatMap(\.closes) }
        return byMoves.filter { !closed.contains($0) }.map {
            Fault("W120", $0, "task \"\($0)\" is opened here, and no move of \"\(machine.name)\" closes it")
        }
            + closed.filter { !byMoves.contains($0) && !byTimers.contains($0) }.map {
                Fault("W121", $0, "task \"\($0)\" is closed here, and nothing of \"\(machine.name)\" opens it")
            }
    }
}
