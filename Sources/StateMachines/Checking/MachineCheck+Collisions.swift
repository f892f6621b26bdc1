/// W060, W061: at one moment one thing happens.
extension MachineCheck {
    var collisionFaults: [Fault] { timerCollisions + reactionCollisions }

    /// W060.
    private var timerCollisions: [Fault] {
        let firing = machine.timers.filter { $0.fires != nil }
        return firing.enumerated().compactMap { index, timer in
            let other = firing[..<index].first { earlier in
                earlier.fires != timer.fires && !Set(earlier.states).isDisjoint(with: timer.states)
                    && earlier.sharesMoment(with: timer)
            }
            return other.map {
                Fault(
                    "W060", timer.name,
                    "timers \"\($0.name)\" and \"\(timer.name)\" fire different moves at the same moment")
            }
        }
    }

    /// W061.
    private var reactionCollisions: [Fault] {
        machine.reactions.enumerated().compactMap { index, reaction in
            let states = states(reachedBy: reaction)
            let other = machine.reactions[..<index].first { earlier in
                earlier.when.contains { event in reaction.when.contains { event.isSame(as: $0) } }
                    && !states.isDisjoint(with: self.states(reachedBy: earlier))
            }
            return other.map {
                Fault(
                    "W061", reaction.name,
                    "reactions \"\($0.name)\" and \"\(reaction.name)\" answer the same event on the same record from the same state"
                )
            }
        }
    }

    /// The states in which a reaction makes its move: where the finder looks and the move may start.
    private func states(reachedBy reaction: Reaction) -> Set<Word> {
        guard let name = reaction.move, let move = machine.move(named: name.text) else { return [] }
        let finder = vocabulary.finders.first { $0.name == reaction.find?.text ?? "" }
        guard let states = finder?.states, !states.isEmpty else { return Set(move.from) }
        return Set(move.from).intersection(states)
    }
}

extension Reaction.Trigger {
    fileprivate func isSame(as other: Reaction.Trigger) -> Bool {
        machine == other.machine && verb == other.verb && subject == other.subject
    }
}

extension TimerRule {
    fileprivate func sharesMoment(with other: TimerRule) -> Bool {
        guard when.anchor == other.when.anchor, timeOfDay == other.timeOfDay else { return false }
        return !occurrences.isDisjoint(with: other.occurrences)
    }

    /// The time of day with its zone spelled out.
    private var timeOfDay: String {
        at.map { "\($0.hour):\($0.minute) \($0.zone?.text ?? "company")" } ?? ""
    }

    /// All its moments, each as a distance from the anchor; repetitions in another kind of unit are left out.
    private var occurrences: Set<Distance> {
        let first = Distance(when)
        guard let repeats else { return [first] }
        let step = Distance(repeats.every, sign: 1)
        guard step.unit == first.unit || first.count == 0 else { return [first] }
        return Set(
            (0..<repeats.atMost).map { Distance(unit: step.unit, count: first.count + $0 * step.count) } + [first])
    }
}

/// A distance from an anchor in the smallest unit of its kind, so that a week equals seven days.
private struct Distance: Hashable {
    enum Unit { case none, minute, day, businessDay }

    var unit: Unit
    var count: Int

    init(unit: Unit, count: Int) { (self.unit, self.count) = (count == 0 ? .none : unit, count) }

    init(_ span: Span, sign: Int) {
        switch span.unit {
        case .minute: self.init(unit: .minute, count: sign * span.count)
        case .hour: self.init(unit: .minute, count: sign * span.count * 60)
        case .day: self.init(unit: .day, count: sign * span.count)
        case .week: self.init(unit: .day, count: sign * span.count * 7)
        case .businessDay: self.init(unit: .businessDay, count: sign * span.count)
        }
    }

    init(_ moment: RelativeMoment) {
        if let distance = moment.distance {
            self.init(distance, sign: moment.isBefore ? -1 : 1)
        } else {
            self.init(unit: .none, count: 0)
        }
    }
}
