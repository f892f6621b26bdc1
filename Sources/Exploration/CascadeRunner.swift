/// Makes one move with everything that follows from it, in every way in which it may go.
struct CascadeRunner {
    /// One way in which things have gone so far.
    struct Branch {
        var state: UInt64
        /// The last move in ``CascadeRunner/trail``; -1 before the first.
        var trail: Int32
    }

    /// A move that was made on the way.
    struct Trace {
        var step: Int32
        /// The joint state before it.
        var state: UInt64
        /// The move before; -1 for the first.
        var previous: Int32
        /// The reaction that made it; -1 when none did.
        var consequence: Int32
    }

    /// Whether a move may be refused.
    enum Refusal {
        case no
        case maybe
        case surely
    }

    /// As in the engine.
    static let deepest = 8

    let model: WorldModel
    /// The moves of all branches of the present command.
    private(set) var trail: [Trace] = []
    /// Holds that were false for certain: the move, the state that was entered, the joint state before the command.
    private(set) var brokenHolds: [(step: Int, number: UInt64)] = []

    init(_ model: WorldModel) { self.model = model }

    /// Forgets the command before.
    mutating func begin() {
        trail.removeAll(keepingCapacity: true)
        brokenHolds.removeAll(keepingCapacity: true)
    }

    /// Makes a move and what follows from it.
    ///
    /// Ways that abort the whole command are left out.
    ///
    /// - Returns: Whether it may be refused; then nothing happened in that way.
    mutating func perform(
        _ id: Int, on branch: Branch, by consequence: Int32 = -1, depth: Int = 0, into ends: inout [Branch]
    ) -> Refusal {
        let step = model.steps[id]
        let from = step.field.value(in: branch.state)
        guard step.from >> from & 1 == 1 else {
            guard step.already >> from & 1 == 1 else { return .surely }
            ends.append(branch)
            return .no
        }
        guard step.requires.possibly.holds(in: branch.state) else { return .surely }
        let refusal: Refusal = step.requires.surely.holds(in: branch.state) ? .no : .maybe
        guard depth <= Self.deepest else { return refusal }
        trail.append(
            Trace(step: Int32(id), state: branch.state, previous: branch.trail, consequence: consequence))
        let mark = Int32(trail.count - 1)
        for change in step.changes {
            let changed = branch.state & ~change.clears | change.sets
            for end in step.ends where end.when.possibly.holds(in: changed) {
                finish(step, id, end, Branch(state: changed, trail: mark), from: from, depth: depth, into: &ends)
                if end.when.surely.holds(in: changed) { break }
            }
        }
        return refusal
    }

    private mutating func finish(
        _ step: WorldModel.Step, _ id: Int, _ end: WorldModel.End, _ branch: Branch, from: UInt64, depth: Int,
        into ends: inout [Branch]
    ) {
        let to: UInt64
        switch end.target {
        case .same: to = from
        case .state(let number): to = number
        case .previous: to = step.before?.value(in: branch.state) ?? from
        }
        let lane = model.lanes[step.machine]
        var state = step.field.setting(to, in: branch.state)
        let way = Int(from) * lane.width + Int(to)
        if from != to {
            state &= ~lane.closing[way]
            if let before = step.before, step.finals >> to & 1 == 1, step.finals >> from & 1 == 0 {
                state = before.setting(from, in: state)
            }
            let hold = lane.holds[Int(to)]
            guard hold.possibly.holds(in: state) else {
                brokenHolds.append((id, to))
                return
            }
        }
        state = state & ~(step.closes | end.closes) | step.opens
        if step.isCorrection, from != to || step.finals >> from & 1 == 1 { state |= model.corrected }
        let consequences = step.reactions[way]
        let branch = Branch(state: state, trail: branch.trail)
        guard !consequences.isEmpty else {
            ends.append(branch)
            return
        }
        var now = [branch]
        for consequence in consequences {
            var next: [Branch] = []
            for way in now { follow(consequence, on: way, depth: depth, into: &next) }
            now = next
        }
        ends += now
    }

    /// A reaction at its time: at once, or a note that it is due.
    private mutating func follow(_ id: Int, on branch: Branch, depth: Int, into ends: inout [Branch]) {
        let consequence = model.consequences[id]
        if consequence.isLater {
            ends.append(Branch(state: branch.state | consequence.waiting, trail: branch.trail))
        } else {
            react(id, on: branch, depth: depth + 1, into: &ends)
        }
    }

    /// A reaction with what becomes of a refusal.
    mutating func react(_ id: Int, on branch: Branch, depth: Int, into ends: inout [Branch]) {
        let consequence = model.consequences[id]
        if let create = consequence.makes {
            make(create, consequence, id, on: branch, depth: depth, into: &ends)
            return
        }
        let number = consequence.field.value(in: branch.state)
        guard consequence.states >> number & 1 == 1, consequence.found.possibly.holds(in: branch.state) else {
            ends.append(branch)
            return
        }
        if !consequence.found.surely.holds(in: branch.state) { ends.append(branch) }
        let opened = Branch(state: branch.state | consequence.opens, trail: branch.trail)
        guard let does = consequence.does else {
            ends.append(opened)
            return
        }
        let refusal: Refusal
        if model.steps[does].bySystem {
            refusal = perform(does, on: opened, by: Int32(id), depth: depth, into: &ends)
        } else {
            refusal = .surely
        }
        guard refusal != .no else { return }
        switch consequence.ifRefused {
        case .note: ends.append(opened)
        case .park: ends.append(Branch(state: opened.state | model.attention, trail: opened.trail))
        case .fail: break
        }
    }

    /// A factory; a refused creation aborts the command.
    private mutating func make(
        _ create: Int, _ consequence: WorldModel.Consequence, _ id: Int, on branch: Branch, depth: Int,
        into ends: inout [Branch]
    ) {
        // Marks of a factory are set whether the record that is followed is made or another one.
        let marked = Branch(state: branch.state | consequence.sets | consequence.opens, trail: branch.trail)
        let number = consequence.field.value(in: branch.state)
        let vacant = model.lanes[consequence.machine].vacant >> number & 1 == 1
        guard consequence.found.possibly.holds(in: branch.state), vacant || consequence.replaces else {
            ends.append(marked)
            return
        }
        if !consequence.found.surely.holds(in: branch.state) { ends.append(marked) }
        guard model.steps[create].bySystem else { return }
        let free = Branch(state: consequence.field.setting(0, in: marked.state), trail: marked.trail)
        _ = perform(create, on: free, by: Int32(id), depth: depth, into: &ends)
    }
}
