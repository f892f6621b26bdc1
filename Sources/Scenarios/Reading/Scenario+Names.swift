public import StateMachines

extension Scenario {
    /// Every record, machine and role that the steps name and nobody knows, with its place.
    ///
    /// - Parameter files: The lifecycles that the scenario is to be played on.
    /// - Returns: The faults, by place; none when the scenario can be played.
    public func unknownNames(in files: WorkflowFiles) -> [Fault] {
        var check = NameCheck(
            machines: Set(files.machines.map(\.name.text)), roles: files.vocabulary.roles.map(\.name.text))
        for step in steps { check.look(at: step) }
        return check.faults.sorted()
    }
}

/// Follows the names through the steps: each is known from the step that gives it.
private struct NameCheck {
    let machines: Set<String>
    let roles: [String]
    var names: Set<String> = []
    var faults: [Fault] = []

    mutating func look(at step: ScenarioStep) {
        switch step.action {
        case .perform(let performance):
            let target = performance.target
            if target.member == "create" {
                demandMachine(Word(target.record.name, at: target.record.location))
            } else {
                demand(target.record)
            }
            demandRole(performance.actor)
            if let alias = performance.alias { names.insert(alias) }
        case .name(let name, let machine):
            demandMachine(machine)
            names.insert(name)
        case .set(let pairs), .expect(let pairs), .expectNext(let pairs):
            for pair in pairs { demand(ScenarioReader.parsed(pair.key).record) }
        case .expectJobs(let patterns), .noJobs(let patterns):
            for pattern in patterns { pattern.record.map { demand($0) } }
        case .expectTasks(let tasks), .noTask(let tasks):
            for task in tasks { demand(ScenarioReader.parsed(task).record) }
        case .expectBlocked(let blocked):
            demand(blocked.target.record)
            demandRole(blocked.actor)
        case .again, .advance, .down:
            break
        }
    }

    private mutating func demand(_ reference: ScenarioReference) {
        if let owner = reference.owner {
            demandMachine(Word(reference.name, at: reference.location))
            demandKnown(owner, at: reference.location)
        } else {
            demandKnown(reference.name, at: reference.location)
        }
    }

    private mutating func demandKnown(_ name: String, at location: SourceLocation) {
        guard !names.contains(name), !machines.contains(name) else { return }
        let advice = Spelling.advice(for: name, among: names.union(machines))
        note(location, "no record is called \"\(name)\" here, and no machine\(advice)")
    }

    private mutating func demandMachine(_ machine: Word) {
        guard !machines.contains(machine.text) else { return }
        note(
            machine.location, "there is no machine \"\(machine)\"\(Spelling.advice(for: machine.text, among: machines))"
        )
    }

    private mutating func demandRole(_ actor: ScenarioActor) {
        guard !roles.contains(actor.role.text) else { return }
        note(
            actor.role.location,
            "there is no role \"\(actor.role)\"\(Spelling.advice(for: actor.role.text, among: roles))")
    }

    private mutating func note(_ location: SourceLocation, _ message: String) {
        faults.append(Fault(code: "W000", location: location, message: message))
    }
}
