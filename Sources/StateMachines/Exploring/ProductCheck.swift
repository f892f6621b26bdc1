import Exploration

/// Explores every state that the machines of a world can reach together, and judges `properties.yaml`.
///
/// One record of each machine stands for all. A guard with a `model` is evaluated; without one it is *maybe*: by hand it
/// may succeed, in a reaction it may also be refused. Timers may fire whenever their states hold, `later` reactions at
/// any time. Pure. Source: `docs/lifecycle-files.md`.
public struct ProductCheck: Sendable {
    private let files: WorkflowFiles

    /// Makes a check of files that have passed ``Checker``.
    public init(_ files: WorkflowFiles) { self.files = files }

    /// What came of exploring one world.
    public struct World: Sendable {
        /// Its name.
        public var name: String
        /// How many joint states there are.
        public var states: Int
        /// How many commands, timers and reactions lead from state to state.
        public var steps: Int
        /// How many demands were judged.
        public var properties: Int
        /// Every demand that is not met, with its story.
        public var faults: [Fault]
        /// The moves that were made in some way: `order.confirm`.
        var made: Set<String>
        /// The reactions that should make a move here, for the world holds both sides: `order.confirm (prepaid)`.
        var awaited: Set<String>
        /// Those that made it in some way.
        var answered: Set<String>
    }

    /// Explores worlds and judges them.
    ///
    /// - Parameter machines: Only worlds that hold one of these machines; nil for all.
    /// - Returns: What came of each, in the order of the file; the last holds what can be seen with all at hand.
    public func run(worldsWith machines: Set<String>? = nil) -> ProductReport {
        guard let properties = files.properties else { return ProductReport(worlds: [], faults: []) }
        let chosen = properties.worlds.filter { world in
            guard let machines else { return true }
            return world.machines.contains { machines.contains($0.text) }
        }
        let worlds = chosen.map { explore($0, properties) }
        let judged = Set(chosen.flatMap(\.machines).map(\.text)).filter { machines?.contains($0) ?? true }
        let idle = idleMoves(judged, worlds) + idleReactions(judged, worlds)
        return ProductReport(worlds: worlds, faults: worlds.flatMap(\.faults) + idle)
    }

    /// The first thing that is not as it should be, for a test that only asks whether there is one.
    ///
    /// - Parameter machine: Only worlds that hold this machine.
    /// - Returns: nil when all is as it should be.
    func firstFault(worldsWith machine: String) -> Fault? {
        guard let properties = files.properties else { return nil }
        var worlds: [World] = []
        for world in properties.worlds where world.machines.contains(where: { $0 == machine }) {
            worlds.append(explore(world, properties, isHasty: true))
            if let fault = worlds.last?.faults.first { return fault }
        }
        guard !worlds.isEmpty else { return nil }
        return (idleMoves([machine], worlds) + idleReactions([machine], worlds)).first
    }

    private func explore(_ world: Properties.World, _ properties: Properties, isHasty: Bool = false) -> World {
        let demands = properties.demands.filter { $0.world == world.name }
        guard let model = WorldCompiler.compile(world, of: files) else {
            let fault = Fault("W150", world.name, "world \"\(world.name)\" is too large to be explored; divide it")
            return World(
                name: world.name.text, states: 0, steps: 0, properties: 0, faults: [fault], made: [], awaited: [],
                answered: [])
        }
        var explorer = WorldExplorer(model)
        explorer.run(isHasty: isHasty)
        let made = zip(model.steps, explorer.made).filter(\.1).map(\.0.label)
        let attached = Set(model.steps.lazy.flatMap(\.reactions).joined())
        let acting = model.consequences.indices.filter { attached.contains($0) && model.consequences[$0].acts }
        let awaited = acting.map { model.consequences[$0].label }
        let answered = acting.filter { explorer.answered[$0] }.map { model.consequences[$0].label }
        return World(
            name: world.name.text, states: explorer.stateCount, steps: explorer.stepCount, properties: demands.count,
            faults: explorer.findings.map { fault(of: $0, in: world, demands) }, made: Set(made),
            awaited: Set(awaited), answered: Set(answered))
    }

    private func fault(
        of finding: WorldExplorer.Finding, in world: Properties.World, _ demands: [Properties.Demand]
    ) -> Fault {
        switch finding {
        case .noBeginning(let label):
            return Fault("W171", world.name, "world \"\(world.name)\" cannot begin: \(label) is refused")
        case .brokenHold(let move, let state, let story):
            return Fault("W174", place(of: move), "\(move) enters \"\(state)\", where what holds is not true: \(story)")
        case .unmet(let number, let story):
            let demand = demands[number]
            let tail = story.map { ": \($0)" } ?? ""
            switch demand.kind {
            case .never: return Fault("W170", demand.says, "\(demand.says)\(tail)")
            case .neverDoes(let move): return Fault("W170", demand.says, "\(demand.says) (\(move))\(tail)")
            case .possible(let move):
                return Fault("W171", demand.says, "not so: \(demand.says); \(move) can never be made then")
            case .alwaysCanReach:
                return Fault("W172", demand.says, "not so: \(demand.says); no way leads there after\(tail)")
            }
        }
    }

    /// W173: moves that happen in no world.
    private func idleMoves(_ machines: Set<String>, _ worlds: [World]) -> [Fault] {
        let made = worlds.reduce(into: Set<String>()) { $0.formUnion($1.made) }
        return files.machines.filter { machines.contains($0.name.text) }.flatMap { machine in
            ([machine.create] + machine.moves).filter { !made.contains("\(machine.name).\($0.name)") }.map {
                Fault("W173", $0.name, "\($0.subject) of \"\(machine.name)\" can never happen in any world")
            }
        }
    }

    /// W175: reactions that make no move in any world that holds both machines, though others make it.
    private func idleReactions(_ machines: Set<String>, _ worlds: [World]) -> [Fault] {
        let awaited = worlds.reduce(into: Set<String>()) { $0.formUnion($1.awaited) }
        let answered = worlds.reduce(into: Set<String>()) { $0.formUnion($1.answered) }
        let idle = awaited.subtracting(answered)
        // Of a move that never happens W173 has told.
        let made = worlds.reduce(into: Set<String>()) { $0.formUnion($1.made) }
        return files.machines.filter { machines.contains($0.name.text) }.flatMap { machine in
            machine.reactions.filter { reaction in
                idle.contains(WorldCompiler.label(of: reaction, in: machine))
                    && made.contains("\(machine.name).\(reaction.move ?? machine.create.name)")
            }.map {
                let does = $0.move.map { "makes \"\($0)\"" } ?? "makes a record"
                // A warning: the worlds may simply tell too little.
                return Fault(
                    code: "W175", location: $0.name.location,
                    message: "reaction \"\($0.name)\" of \"\(machine.name)\" never \(does) in any world",
                    isWarning: true)
            }
        }
    }

    private func place(of label: String) -> Word {
        let parts = label.split(separator: ".").map(String.init)
        let machine = files.machine(named: parts[0])
        return parts.last.flatMap { machine?.move(named: $0)?.name } ?? machine?.create.name
            ?? Word(stringLiteral: label)
    }
}

/// What came of the product check.
public struct ProductReport: Sendable {
    /// Each world that was explored.
    public var worlds: [ProductCheck.World]
    /// Everything that is not as it should be.
    public var faults: [Fault]
}
