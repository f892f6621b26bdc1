/// Visits every joint state that a world can reach, breadth first, so that the first way to a state is a shortest one.
package struct WorldExplorer {
    /// How a joint state was reached first.
    private struct Origin {
        var parent: Int32
        var label: Int32
    }

    /// A demand and whether there is anything more to say about it.
    private struct Watch {
        /// Its number in the file.
        var demand: Int
        var holds: Formula
        var isDone = false
    }

    private let model: WorldModel
    private var runner: CascadeRunner
    private var labels: [String] = []

    private var states: [UInt64] = []
    private var origins: [Origin] = []
    private var numbers: [UInt64: Int32] = [:]
    private var edges: [(from: Int32, to: Int32)] = []
    private var nevers: [(watch: Watch, exceptCorrections: Bool)] = []
    /// By move: what must not, and what must be possible.
    private var forbidden: [[Watch]]
    private var wanted: [[Watch]]
    private let keepsEdges: Bool

    /// What was found.
    package private(set) var findings: [Finding] = []
    /// How many commands, timers and reactions were tried.
    package private(set) var stepCount = 0
    /// Moves that were made in some way, by their numbers.
    package private(set) var made: [Bool]
    /// Reactions that made a move in some way, by their numbers.
    package private(set) var answered: [Bool]
    private var knownHolds: Set<[UInt64]> = []

    /// How many joint states there are.
    package var stateCount: Int { states.count }

    /// Something that is not as it should be.
    package enum Finding {
        /// The demand with this number is not met; with the story that shows it.
        case unmet(demand: Int, story: String?)
        /// A move would enter a state whose `holds` is false.
        case brokenHold(move: String, state: String, story: String)
        /// A world cannot begin so.
        case noBeginning(String)
    }

    /// Makes an explorer that has seen nothing yet.
    package init(_ model: WorldModel) {
        self.model = model
        runner = CascadeRunner(model)
        forbidden = Array(repeating: [], count: model.steps.count)
        wanted = forbidden
        made = Array(repeating: false, count: model.steps.count)
        answered = Array(repeating: false, count: model.consequences.count)
        keepsEdges = model.demands.contains { $0.kind == .alwaysCanReach }
        for demand in model.demands {
            let watch = Watch(demand: demand.number, holds: demand.holds)
            switch demand.kind {
            case .never(let exceptCorrections): nevers.append((watch, exceptCorrections))
            case .neverDoes(let step): forbidden[step].append(watch)
            case .possible(let step): wanted[step].append(watch)
            case .alwaysCanReach: break
            }
        }
    }

    /// Visits everything and judges it.
    ///
    /// - Parameter isHasty: Whether one finding is enough.
    package mutating func run(isHasty: Bool = false) {
        for start in model.starts {
            let before = states.count
            labels.append(start.label)
            var ends: [CascadeRunner.Branch] = []
            runner.begin()
            _ = runner.perform(start.step, on: CascadeRunner.Branch(state: start.marks, trail: -1), into: &ends)
            commit(ends, from: -1, label: Int32(labels.count - 1))
            if states.count == before, ends.isEmpty { findings.append(.noBeginning(start.label)) }
        }
        let commands = labelCommands()
        var next = 0
        while next < states.count {
            if isHasty, !findings.isEmpty { return }
            visit(next, commands)
            next += 1
        }
        judgeAfterwards()
    }

    // MARK: One state

    /// Something that may happen at any time.
    private enum Command {
        case move(Int, label: Int32)
        case create(lane: Int, label: Int32)
        case alarm(Int, label: Int32)
        case later(Int, label: Int32)
    }

    private mutating func labelCommands() -> [Command] {
        var commands: [Command] = []
        func label(_ text: String) -> Int32 {
            labels.append(text)
            return Int32(labels.count - 1)
        }
        for (index, lane) in model.lanes.enumerated() {
            if lane.madeByHand {
                commands.append(.create(lane: index, label: label(model.steps[lane.create].label)))
            }
            for id in lane.moves where model.steps[id].byHand {
                commands.append(.move(id, label: label(model.steps[id].label)))
            }
        }
        for (index, alarm) in model.alarms.enumerated() { commands.append(.alarm(index, label: label(alarm.label))) }
        for (index, consequence) in model.consequences.enumerated() where consequence.isLater {
            commands.append(.later(index, label: label(consequence.label)))
        }
        return commands
    }

    private mutating func visit(_ index: Int, _ commands: [Command]) {
        let state = states[index]
        let branch = CascadeRunner.Branch(state: state, trail: -1)
        for command in commands {
            var ends: [CascadeRunner.Branch] = []
            runner.begin()
            let name: Int32
            switch command {
            case .move(let id, let label):
                let step = model.steps[id]
                guard step.from >> step.field.value(in: state) & 1 == 1 else { continue }
                name = label
                _ = runner.perform(id, on: branch, into: &ends)
            case .create(let lane, let label):
                let lane = model.lanes[lane]
                guard lane.vacant >> lane.field.value(in: state) & 1 == 1 else { continue }
                name = label
                let free = CascadeRunner.Branch(state: lane.field.setting(0, in: state), trail: -1)
                _ = runner.perform(lane.create, on: free, into: &ends)
            case .alarm(let id, let label):
                guard model.alarms[id].states >> model.alarms[id].field.value(in: state) & 1 == 1 else { continue }
                name = label
                ring(model.alarms[id], on: branch, into: &ends)
            case .later(let id, let label):
                let consequence = model.consequences[id]
                guard consequence.waiting == 0 || state & consequence.waiting != 0 else { continue }
                name = label
                let due = CascadeRunner.Branch(state: state & ~consequence.waiting, trail: -1)
                runner.react(id, on: due, depth: 0, into: &ends)
            }
            commit(ends, from: Int32(index), label: name)
        }
    }

    private mutating func ring(
        _ alarm: WorldModel.Alarm, on branch: CascadeRunner.Branch, into ends: inout [CascadeRunner.Branch]
    ) {
        guard alarm.onlyIf.possibly.holds(in: branch.state) else { return }
        let opened = CascadeRunner.Branch(state: branch.state | alarm.opens, trail: -1)
        guard let fires = alarm.fires else {
            ends.append(opened)
            return
        }
        let refusal = model.steps[fires].bySystem ? runner.perform(fires, on: opened, into: &ends) : .surely
        guard refusal != .no else { return }
        let parked = alarm.parks ? opened.state | model.attention : opened.state
        ends.append(CascadeRunner.Branch(state: parked, trail: -1))
    }

    // MARK: What came of it

    private mutating func commit(_ ends: [CascadeRunner.Branch], from: Int32, label: Int32) {
        for hold in runner.brokenHolds where knownHolds.insert([UInt64(hold.step), hold.number]).inserted {
            let step = model.steps[hold.step]
            let name = model.lanes[step.machine].names[Int(hold.number)]
            findings.append(.brokenHold(move: step.label, state: name, story: story(to: from, then: label)))
        }
        for end in ends {
            stepCount += 1
            judge(end.trail, from: from, label: label)
            if let number = numbers[end.state] {
                if keepsEdges, from >= 0, number != from { edges.append((from, number)) }
                continue
            }
            let number = Int32(states.count)
            numbers[end.state] = number
            states.append(end.state)
            origins.append(Origin(parent: from, label: label))
            if keepsEdges, from >= 0 { edges.append((from, number)) }
            judge(state: end.state, number)
        }
    }

    private mutating func judge(state: UInt64, _ number: Int32) {
        let isCorrected = model.corrected != 0 && state & model.corrected != 0
        for index in nevers.indices where !nevers[index].watch.isDone {
            if nevers[index].exceptCorrections, isCorrected { continue }
            guard nevers[index].watch.holds.holds(in: state) else { continue }
            nevers[index].watch.isDone = true
            findings.append(.unmet(demand: nevers[index].watch.demand, story: story(to: number)))
        }
    }

    /// Judges every move on the way of a branch that was committed.
    private mutating func judge(_ trail: Int32, from: Int32, label: Int32) {
        var mark = trail
        while mark >= 0 {
            let trace = runner.trail[Int(mark)]
            let step = Int(trace.step)
            made[step] = true
            if trace.consequence >= 0 { answered[Int(trace.consequence)] = true }
            for index in forbidden[step].indices where !forbidden[step][index].isDone {
                guard forbidden[step][index].holds.holds(in: trace.state) else { continue }
                forbidden[step][index].isDone = true
                findings.append(
                    .unmet(demand: forbidden[step][index].demand, story: story(to: from, then: label)))
            }
            for index in wanted[step].indices where !wanted[step][index].isDone {
                wanted[step][index].isDone = wanted[step][index].holds.holds(in: trace.state)
            }
            mark = trace.previous
        }
    }

    private mutating func judgeAfterwards() {
        for watch in wanted.joined() where !watch.isDone {
            findings.append(.unmet(demand: watch.demand, story: nil))
        }
        guard keepsEdges else { return }
        for demand in model.demands where demand.kind == .alwaysCanReach {
            guard let stuck = firstStuck(demand.holds) else { continue }
            findings.append(.unmet(demand: demand.number, story: story(to: stuck)))
        }
    }

    /// The first state, in the order of visiting, from which no way leads to the goal.
    private func firstStuck(_ goal: Formula) -> Int32? {
        var starts = [Int32](repeating: 0, count: states.count + 1)
        for edge in edges { starts[Int(edge.to) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var fill = starts
        var sources = [Int32](repeating: 0, count: edges.count)
        for edge in edges {
            sources[Int(fill[Int(edge.to)])] = edge.from
            fill[Int(edge.to)] += 1
        }
        var canReach = states.map { goal.holds(in: $0) }
        var open = canReach.indices.filter { canReach[$0] }
        while let state = open.popLast() {
            for index in Int(starts[state])..<Int(starts[state + 1]) where !canReach[Int(sources[index])] {
                canReach[Int(sources[index])] = true
                open.append(Int(sources[index]))
            }
        }
        return canReach.firstIndex(of: false).map { Int32($0) }
    }

    private func story(to number: Int32, then label: Int32? = nil) -> String {
        var words = label.map { [labels[Int($0)]] } ?? []
        var index = number
        while index >= 0 {
            words.append(labels[Int(origins[Int(index)].label)])
            index = origins[Int(index)].parent
        }
        return words.reversed().joined(separator: " > ")
    }
}
