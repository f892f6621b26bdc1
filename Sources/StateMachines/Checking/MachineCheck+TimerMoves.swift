/// W076, W077, W078: the move that a timer fires can be made.
extension MachineCheck {
    var timerMoveFaults: [Fault] {
        machine.timers.flatMap { timer -> [Fault] in
            guard let fires = timer.fires else { return [] }
            guard let move = machine.move(named: fires.text) else {
                let advice = Spelling.advice(for: fires.text, among: machine.moves.map(\.name.text))
                return [Fault("W076", fires, "timer \"\(timer.name)\" fires \"\(fires)\", which is no move\(advice)")]
            }
            var faults = timer.states.filter { !move.from.contains($0) && machine.state(named: $0.text) != nil }.map {
                Fault("W077", $0, "timer \"\(timer.name)\" fires \"\(fires)\", which cannot be made in \"\($0)\"")
            }
            if !move.who.contains(where: isSystem), !move.who.isEmpty {
                faults.append(
                    Fault("W078", fires, "timer \"\(timer.name)\" fires \"\(fires)\", which does not allow system"))
            }
            return faults
        }
    }
}
