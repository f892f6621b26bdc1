import Exploration

/// Makes a ``WorldModel`` of the files.
struct WorldCompiler {
    private let files: WorkflowFiles
    private let world: Properties.World
    private let demands: [Properties.Demand]
    private let machines: [Machine]
    private var model = WorldModel()
    private var layout = JointLayout()
    private static let correctedFlag = " corrected"
    /// Conditions by their text; every one is read once.
    private var conditions: [String: Condition] = [:]

    /// - Returns: nil when the world has no room in the bits of a joint state.
    static func compile(_ world: Properties.World, of files: WorkflowFiles) -> WorldModel? {
        var compiler = WorldCompiler(world, files)
        return compiler.run()
    }

    private init(_ world: Properties.World, _ files: WorkflowFiles) {
        (self.files, self.world) = (files, world)
        demands = files.properties?.demands.filter { $0.world == world.name } ?? []
        machines = files.machines.filter { machine in world.machines.contains { $0 == machine.name } }
    }

    private mutating func run() -> WorldModel? {
        layOut()
        guard layout.fits else { return nil }
        for (index, machine) in machines.enumerated() { addLane(machine, at: index) }
        for (index, machine) in machines.enumerated() {
            for reaction in machine.reactions { addConsequences(reaction, of: machine, at: index) }
        }
        model.starts = world.starts.compactMap(start)
        model.demands = demands.enumerated().compactMap { compiled($1, number: $0) }
        return model
    }

    // MARK: What matters

    /// Gives bits to the machines and to all that some condition depends on.
    private mutating func layOut() {
        for machine in machines { layout.add(machine) }
        let words = Set(
            relevantConditions.flatMap(\.parts).compactMap { if case .word(let word) = $0 { word } else { nil } })
        for word in words.subtracting(["maybe", "never", "always"]).sorted() { layout.addFlag(word) }
        if demands.contains(where: { $0.kind == .never(exceptCorrections: true) }) {
            layout.addFlag(Self.correctedFlag)
        }
        for machine in machines {
            for reaction in machine.reactions where reaction.run == .later && finder(reaction)?.crosses != true {
                layout.addFlag(Self.waitingFlag(reaction, of: machine))
            }
        }
        model.attention = layout.bit("attention")
        model.corrected = layout.bit(Self.correctedFlag)
    }

    private var relevantConditions: [Condition] {
        var guards: Set<Word> = []
        for machine in machines {
            guards.formUnion(machine.states.flatMap(\.holds))
            for move in [machine.create] + machine.moves {
                guards.formUnion(move.requires + move.outcomes.flatMap(\.when))
            }
            for timer in machine.timers where timer.fires != nil || !timer.opens.isEmpty {
                guards.formUnion(timer.onlyIf)
            }
        }
        var models: [Word?] = demands.map(\.condition)
        for name in guards where assumption(name) == nil {
            models.append(files.vocabulary.guard(named: name.text)?.model)
        }
        for reaction in machines.flatMap(\.reactions) where reaction.when.contains(where: { isThere($0.machine) }) {
            models += [finder(reaction)?.model, factory(reaction)?.model]
        }
        return models.compactMap { text in text.flatMap { try? Condition(parsing: $0.text) } }
    }

    /// `order.confirm (prepaid)`.
    static func label(of reaction: Reaction, in machine: Machine) -> String {
        "\(machine.name).\(reaction.move ?? "create") (\(reaction.name))"
    }

    private static func waitingFlag(_ reaction: Reaction, of machine: Machine) -> String {
        " \(machine.name).\(reaction.name)"
    }

    private func isThere(_ machine: Word) -> Bool { world.machines.contains(machine) }

    private func finder(_ reaction: Reaction) -> Vocabulary.Finder? {
        reaction.find.flatMap { find in files.vocabulary.finders.first { $0.name == find } }
    }

    private func factory(_ reaction: Reaction) -> Vocabulary.Factory? {
        reaction.create.flatMap { create in files.vocabulary.factories.first { $0.name == create } }
    }

    // MARK: Conditions

    private func assumption(_ name: Word) -> Test? {
        world.assumptions.first { $0.name == name }.map { $0.value == "always" ? .always : .never }
    }

    private mutating func test(_ name: Word) -> Test {
        assumption(name) ?? test(model: files.vocabulary.guard(named: name.text)?.model) ?? .maybe
    }

    private mutating func test(model text: Word?) -> Test? {
        guard let text else { return nil }
        if let known = conditions[text.text] { return layout.test(known) }
        guard let condition = try? Condition(parsing: text.text) else { return .maybe }
        conditions[text.text] = condition
        return layout.test(condition)
    }

    private mutating func tests(_ names: [Word]) -> Test {
        var found: [Test] = []
        for name in names { found.append(test(name)) }
        return .all(found)
    }

    // MARK: Machines and moves

    private mutating func addLane(_ machine: Machine, at index: Int) {
        guard let place = layout.places[machine.name.text] else { return }
        let first = model.steps.count
        for move in [machine.create] + machine.moves { addStep(move, of: machine, at: index, place: place) }
        let width = place.names.count
        var closing = [UInt64](repeating: 0, count: width * width)
        for timer in machine.timers {
            let armed = numbers(timer.states, place)
            let tasks = layout.bits(timer.opens)
            for from in 0..<width where armed >> from & 1 == 1 {
                for to in 0..<width where armed >> to & 1 == 0 { closing[from * width + to] |= tasks }
            }
            addAlarm(timer, of: machine, place: place, first: first)
        }
        var holds: [Test] = []
        for name in place.names { holds.append(tests(machine.state(named: name)?.holds ?? [])) }
        let isMany = world.many.contains(machine.name)
        model.lanes.append(
            WorldModel.Lane(
                field: place.field, names: place.names,
                vacant: 1 | (isMany ? numbers(machine.final, place) : 0),
                madeByHand: model.steps[first].byHand && !world.onlyMadeByReaction.contains(machine.name),
                create: first, moves: Array(first + 1..<model.steps.count), holds: holds, closing: closing))
    }

    private func numbers(_ states: [Word], _ place: JointLayout.Place) -> UInt64 {
        states.reduce(0) { set, state in place.numbers[state.text].map { set | 1 << $0 } ?? set }
    }

    private mutating func addStep(_ move: Move, of machine: Machine, at index: Int, place: JointLayout.Place) {
        let kinds = Set(move.who.map { files.vocabulary.role(named: $0.text)?.kind ?? .person })
        var ends: [WorldModel.End] = []
        if move.outcomes.isEmpty {
            ends = move.ends.map { WorldModel.End(target: target($0, move, place), when: .always, closes: 0) }
        }
        for outcome in move.outcomes {
            ends.append(
                WorldModel.End(
                    target: target(outcome.to, move, place), when: tests(outcome.when),
                    closes: layout.bits(outcome.closes)))
        }
        model.steps.append(
            WorldModel.Step(
                label: "\(machine.name).\(move.name)", machine: index, field: place.field, before: place.before,
                from: move.kind == .create ? 1 : numbers(move.from, place), already: numbers(move.already, place),
                finals: numbers(machine.final, place), bySystem: kinds.contains(.system),
                byHand: kinds.contains { $0 != .system }, isCorrection: move.kind == .correction,
                requires: tests(move.requires), changes: changes(of: move.apply), ends: ends,
                opens: layout.bits(move.opens), closes: layout.bits(move.closes), width: place.names.count))
    }

    private func target(_ word: Word, _ move: Move, _ place: JointLayout.Place) -> WorldModel.End.Target {
        if word == "same" { return .same }
        if word == "previous", move.kind == .correction { return .previous }
        return place.numbers[word.text].map { .state($0) } ?? .same
    }

    /// Every combination of what the applies change and of what they may change.
    private func changes(of applies: [Word]) -> [WorldModel.Change] {
        var ways = [WorldModel.Change()]
        for name in applies {
            guard let apply = files.vocabulary.applies.first(where: { $0.name == name }) else { continue }
            let (sets, clears) = (layout.bits(apply.sets), layout.bits(apply.clears))
            ways = ways.map { $0.then(clears: clears, sets: sets) }
            for word in apply.maySet {
                let bit = layout.bit(word.text)
                if bit != 0 { ways += ways.map { $0.then(clears: 0, sets: bit) } }
            }
            for word in apply.mayClear {
                let bit = layout.bit(word.text)
                if bit != 0 { ways += ways.map { $0.then(clears: bit, sets: 0) } }
            }
        }
        var seen: Set<WorldModel.Change> = []
        return ways.filter { seen.insert($0).inserted }
    }

    private mutating func addAlarm(_ timer: TimerRule, of machine: Machine, place: JointLayout.Place, first: Int) {
        let opens = layout.bits(timer.opens)
        let fires = timer.fires.flatMap { name in machine.moves.firstIndex { $0.name == name } }.map { first + 1 + $0 }
        guard fires != nil || opens != 0 else { return }
        let name = "\(machine.name).\(timer.fires ?? timer.name)"
        model.alarms.append(
            WorldModel.Alarm(
                label: timer.fires == nil ? name : "\(name) (\(timer.name))", field: place.field,
                states: numbers(timer.states, place), onlyIf: tests(timer.onlyIf), fires: fires,
                parks: timer.ifRefused == .park, opens: opens))
    }

    // MARK: Reactions

    private mutating func addConsequences(_ reaction: Reaction, of machine: Machine, at index: Int) {
        guard let place = layout.places[machine.name.text],
            reaction.when.contains(where: { isThere($0.machine) })
        else { return }
        let lane = model.lanes[index]
        let (finder, factory) = (finder(reaction), factory(reaction))
        let opens = layout.bits(reaction.opens)
        let does = reaction.move.flatMap { name in machine.moves.firstIndex { $0.name == name } }
            .map { lane.create + 1 + $0 }
        guard does != nil || reaction.create != nil || opens != 0 else { return }
        let isLater = reaction.run == .later
        let states = finder.map { $0.states.isEmpty ? place.field.allValues & ~1 : numbers($0.states, place) }
        let consequence = model.consequences.count
        model.consequences.append(
            WorldModel.Consequence(
                machine: index, label: Self.label(of: reaction, in: machine),
                field: place.field, states: states ?? place.field.allValues & ~1,
                found: test(model: finder?.model ?? factory?.model) ?? .always,
                makes: reaction.create == nil ? nil : lane.create, does: does, replaces: factory?.replaces ?? false,
                sets: layout.bits(factory?.sets ?? []), opens: opens,
                ifRefused: refused(reaction.ifRefused), isLater: isLater,
                waiting: isLater ? layout.bit(Self.waitingFlag(reaction, of: machine)) : 0))
        for trigger in reaction.when {
            attach(consequence, to: trigger, of: machine, onlyOthers: finder?.others ?? false)
        }
    }

    /// Enters a reaction at every way of every move that it answers.
    private mutating func attach(
        _ consequence: Int, to trigger: Reaction.Trigger, of machine: Machine, onlyOthers: Bool
    ) {
        // With one record each there is no other one of the same machine.
        if onlyOthers, trigger.machine == machine.name { return }
        guard let source = machines.firstIndex(where: { $0.name == trigger.machine }),
            let place = layout.places[trigger.machine.text]
        else { return }
        let lane = model.lanes[source]
        let subject = trigger.subject.text
        for id in [lane.create] + lane.moves {
            for from in 0..<lane.width {
                for to in 0..<lane.width {
                    let answers =
                        switch trigger.verb {
                        case .does: model.steps[id].label == "\(trigger.machine).\(subject)"
                        case .enters: from != to && place.names[to] == subject
                        case .leaves: from != to && place.names[from] == subject
                        }
                    let index = from * lane.width + to
                    if answers, model.steps[id].reactions[index].last != consequence {
                        model.steps[id].reactions[index].append(consequence)
                    }
                }
            }
        }
    }

    private func start(_ start: Properties.World.Start) -> WorldModel.Start? {
        guard let step = model.steps.firstIndex(where: { $0.label == start.move.text }) else { return nil }
        let marks = start.marks.isEmpty ? "" : " (\(start.marks.map(\.text).joined(separator: ", ")))"
        return WorldModel.Start(step: step, marks: layout.bits(start.marks), label: start.move.text + marks)
    }

    private func refused(_ refused: Reaction.Refused?) -> WorldModel.Refused {
        switch refused {
        case .note: .note
        case .park: .park
        case .fail, nil: .fail
        }
    }

    /// - Returns: nil for a demand that cannot be read, or about a move that is not there; the checker says so.
    private func compiled(_ demand: Properties.Demand, number: Int) -> WorldModel.Demand? {
        guard let condition = try? Condition(parsing: demand.condition.text) else { return nil }
        let step = demand.move.flatMap { move in model.steps.firstIndex { $0.label == move.text } }
        let kind: WorldModel.Demand.Kind
        switch demand.kind {
        case .never(let exceptCorrections): kind = .never(exceptCorrections: exceptCorrections)
        case .alwaysCanReach: kind = .alwaysCanReach
        case .neverDoes:
            guard let step else { return nil }
            kind = .neverDoes(step: step)
        case .possible:
            guard let step else { return nil }
            kind = .possible(step: step)
        }
        return WorldModel.Demand(number: number, kind: kind, holds: layout.test(condition).surely)
    }
}
