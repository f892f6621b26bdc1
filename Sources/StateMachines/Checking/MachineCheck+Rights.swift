/// W022, W023, W040, W090 to W093: who may do a move, and by which door.
extension MachineCheck {
    /// The role whose members differ in what they are permitted.
    private var admin: String { "admin" }

    /// W022 and W023.
    var permissionFaults: [Fault] {
        allMoves.compactMap { move in
            let mayAdmin = move.who.first { $0 == admin }
            if let mayAdmin, move.permission == nil {
                return Fault("W022", mayAdmin, "an admin may do \(move.subject), but it names no permission")
            }
            if let permission = move.permission, mayAdmin == nil, !move.who.isEmpty {
                return Fault("W023", permission, "\(move.subject) names a permission, but no admin may do it")
            }
            return nil
        }
    }

    /// W040.
    ///
    /// A role whose messages come twice acts by a link in a mail, and `create` by a form; neither needs a button.
    var buttonFaults: [Fault] {
        machine.moves.compactMap { move in
            let person = move.who.first { word in
                vocabulary.role(named: word.text).map { $0.kind == .person && !$0.repeats } ?? false
            }
            guard let person, move.button == nil else { return nil }
            return Fault(
                "W040", move.name, "\(move.subject) has no button, and \(person) may do it; say what people press")
        }
    }

    /// Whether a role is the machine itself.
    func isSystem(_ role: Word) -> Bool { vocabulary.role(named: role.text)?.kind == .system || role == "system" }

    /// W090, W091, W092, W093.
    var systemFaults: [Fault] {
        var faults: [Fault] = []
        let done = Set(machine.timers.compactMap(\.fires) + machine.reactions.compactMap(\.move))
        for move in machine.moves where !isDamaged && !done.contains(move.name) {
            guard let system = move.who.first(where: isSystem) else { continue }
            let isAlone = move.who.allSatisfy(isSystem)
            let advice = isAlone ? "; nobody else may, so it never happens" : "; leave \"\(system)\" out of \"who\""
            faults.append(
                Fault(isAlone ? "W090" : "W091", system, "no timer and no reaction does \(move.subject)\(advice)"))
        }
        let creating = machine.reactions.first { $0.create != nil }
        let system = machine.create.who.first(where: isSystem)
        if let creating, system == nil, !machine.create.who.isEmpty {
            faults.append(
                Fault("W092", creating.name, "reaction \"\(creating.name)\" creates, but create does not allow system"))
        }
        if let system, creating == nil, !isDamaged {
            faults.append(Fault("W093", system, "create allows \"\(system)\", but no reaction creates"))
        }
        return faults
    }
}
