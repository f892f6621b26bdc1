import StateMachines

/// What a definition allows one event to be.
struct TracePath {
    let machine: Machine
    /// The state before the present one.
    let previous: String?

    /// A sentence for each thing that the definition does not allow.
    func faults(of event: TracedEvent) -> [String] {
        guard machine.state(named: event.to) != nil else { return ["its definition has no state \(event.to)"] }
        switch event.kind {
        case .create: return faults(of: event, as: machine.create)
        case .move, .correction: return faultsOfMove(event)
        case .timer, .timerCancelled: return faultsOfTimer(event)
        case .repair: return faultsOfRepair(event)
        case .migration: return faultsOfMigration(event)
        case nil: return ["its kind is unknown"]
        }
    }

    private func faultsOfMove(_ event: TracedEvent) -> [String] {
        let kind: Move.Kind = event.kind == .correction ? .correction : .transition
        guard let move = machine.move(named: event.move), move.kind == kind else {
            return ["its definition has no \(kind.rawValue) \(event.move)"]
        }
        var faults = faults(of: event, as: move)
        let from = event.from ?? "nothing"
        if !move.from.contains(where: { $0 == from }) { faults.append("\(move.name) does not start from \(from)") }
        if kind == .correction, event.reason?.isEmpty ?? true { faults.append("a correction has a reason") }
        return faults
    }

    private func faults(of event: TracedEvent, as move: Move) -> [String] {
        var faults: [String] = []
        if event.move != move.name.text { faults.append("a \(move.name) is not called \(event.move)") }
        if !move.who.contains(where: { $0 == event.role }) {
            faults.append("the role \(event.role) may not \(move.name)")
        }
        let reached = move.target.words.contains { word in
            switch word.text {
            case "same": event.to == event.from
            case "previous": event.to == previous ?? machine.initial.text
            default: event.to == word.text
            }
        }
        if !reached { faults.append("\(move.name) does not lead to \(event.to)") }
        return faults
    }

    private func faultsOfTimer(_ event: TracedEvent) -> [String] {
        guard let timer = machine.timer(named: event.move) else { return ["its definition has no timer \(event.move)"] }
        var faults: [String] = []
        if event.timer != event.move { faults.append("the timer \(event.timer ?? "?") is not \(event.move)") }
        if event.from != event.to { faults.append("a timer's event moves nothing") }
        if !timer.states.contains(where: { $0 == event.to }) {
            faults.append("the timer \(timer.name) does not wait in \(event.to)")
        }
        let last = timer.repeats?.atMost ?? 1
        if event.countedFrom == nil { faults.append("it does not say what the timer counted from") }
        if !(1...max(1, last)).contains(event.occurrence ?? 0) {
            faults.append("the timer \(timer.name) fires at most \(last) times")
        }
        if event.kind == .timer {
            if event.role != "system" { faults.append("the role \(event.role) fires no timers") }
        } else {
            if event.role != "admin" { faults.append("the role \(event.role) calls off no timers") }
            if event.reason?.isEmpty ?? true { faults.append("calling off a timer has a reason") }
        }
        return faults
    }

    private func faultsOfRepair(_ event: TracedEvent) -> [String] {
        var faults: [String] = []
        if event.role == "system" { faults.append("a repair is made by a person") }
        if event.reason?.isEmpty ?? true { faults.append("a repair has a reason") }
        if event.second?.isEmpty ?? true { faults.append("a repair names a second person") }
        return faults
    }

    private func faultsOfMigration(_ event: TracedEvent) -> [String] {
        let isDeclared = machine.renames.states.contains { $0.name == event.from ?? "" && $0.value == event.to }
        var faults: [String] = []
        if !isDeclared { faults.append("its definition does not rename \(event.from ?? "nothing") to \(event.to)") }
        if event.role != "system" { faults.append("the role \(event.role) migrates nothing") }
        return faults
    }
}

extension Move.Target {
    /// Every word that it may lead to.
    fileprivate var words: [Word] {
        switch self {
        case .state(let word), .same(let word), .previous(let word): [word]
        case .outcomes(let rules): rules.map(\.to)
        }
    }
}

extension TracedEvent {
    /// What is wrong with the event that is said to have caused it.
    func faultsOfCause(by machine: Machine?) -> [String] {
        guard let causedBy else { return [] }
        guard let cause else { return ["the event \(causedBy) that caused it does not exist"] }
        var faults: [String] = []
        if cause.at > at || (cause.machine, cause.record) == (self.machine, record) && cause.seq >= seq {
            faults.append("it is caused by the event \(causedBy), which came later")
        }
        if let machine, !isFollowing(cause, machine) {
            faults.append("nothing says that it follows from \(cause.machine).\(cause.move)")
        }
        return faults
    }

    private func isFollowing(_ cause: Cause, _ machine: Machine) -> Bool {
        if cause.kind == .timer, (cause.machine, cause.record) == (self.machine, record) {
            return machine.timer(named: cause.move)?.fires.map { $0 == move } ?? false
        }
        let reactions = machine.reactions.filter {
            kind == .create ? $0.create != nil : $0.move.map { $0 == move } ?? false
        }
        // What runs later may run by a version that calls its cause otherwise.
        guard cause.command == command else { return reactions.contains { $0.run == .later } }
        return cause.kind.map { kind in
            reactions.contains { $0.follows(kind, cause.move, from: cause.from, to: cause.to, of: cause.machine) }
        } ?? false
    }
}
