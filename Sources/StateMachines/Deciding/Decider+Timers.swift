public import Foundation

extension Decider {
    /// The next occurrence of each timer of a record that stands so.
    ///
    /// An occurrence that lies before the record entered its state is not armed, unless the file says `if_late: now`;
    /// one that has fired for the same value never is again. Source: docs/lifecycle-files.md.
    public func armed(_ standing: RecordStanding, facts: Facts, fired: FiredTimers) -> [TimerOccurrence] {
        machine.timers.compactMap { rule in
            guard rule.states.contains(where: { $0 == standing.state }),
                let anchor = anchor(of: rule, standing, facts)
            else { return nil }
            return next(of: rule, from: anchor, since: standing.since, facts: facts, fired: fired)
        }
    }

    /// Decides a timer that is due.
    ///
    /// - Parameters:
    ///   - occurrence: The row that is due.
    ///   - standing: Where the record stands, read under its lock.
    ///   - facts: Its facts, read under its lock.
    ///   - fired: What has fired before.
    ///   - now: The present, UTC.
    ///   - refused: Why the move that it fires cannot be made, when that came out after it was decided: something that
    ///     follows from it was refused.
    /// - Returns: What has to be written; nil when the timer is no longer armed for this occurrence, so that only the
    ///   row goes.
    /// - Throws: ``DecisionFault`` when file and code disagree.
    public func fire(
        _ occurrence: TimerOccurrence, on standing: RecordStanding, facts: Facts, fired: FiredTimers, now: Date,
        refused: Refusal? = nil
    ) throws(DecisionFault) -> Change<Facts>? {
        guard let rule = machine.timer(named: occurrence.timer),
            let armed = armed(standing, facts: facts, fired: fired).first(where: { $0.timer == occurrence.timer }),
            armed.countedFrom == occurrence.countedFrom, armed.number == occurrence.number, armed.moment <= now
        else { return nil }
        let firing = lastMissed(rule, armed, standing, facts, now)
        let context = MoveContext(actor: .system, now: now, asOf: firing.moment, calendar: calendar)
        var event = EventDraft(
            kind: .timer, seq: standing.seq + 1, move: rule.name.text, from: standing.state, to: standing.state,
            actor: .system, firing: firing, asOf: firing.moment)
        var after = standing
        after.seq += 1
        let reasons = try refusals(of: rule.onlyIf, facts, context).map(\.reason)
        let isSkipped = rule.ifMissed == .skip && now.timeIntervalSince(firing.moment) > Self.missedAfter
        guard reasons.isEmpty, !isSkipped else {
            event.noted = [.init(what: rule.name.text, reasons: isSkipped ? [Self.missed] : reasons)]
            return Change(facts: facts, standing: after, events: [event])
        }
        event.jobs = try queued(rule.jobs, facts, context)
        event.opens = rule.opens.map(\.text)
        event.opensWhile = rule.opens.isEmpty ? nil : rule.states.map(\.text)
        guard let move = rule.fires else { return Change(facts: facts, standing: after, events: [event]) }
        let request = MoveRequest(
            move: move.text, inputs: inputs(of: rule), actor: .system, now: now, asOf: firing.moment)
        let decision: Decision<Facts>
        if let refused { decision = .refused(refused) } else { decision = try decide(request, on: after, facts: facts) }
        switch decision {
        case .already:
            return Change(facts: facts, standing: after, events: [event])
        case .refused(let refusal):
            event.noted = [.init(what: move.text, reasons: refusal.reasons)]
            if rule.ifRefused == .park { event.parked = event.noted }
            return Change(facts: facts, standing: after, events: [event])
        case .done(var change):
            change.events.insert(event, at: 0)
            return change
        }
    }

    /// How late a firing may be before it counts as missed, in seconds.
    ///
    /// Source: docs/lifecycle-files.md.
    static var missedAfter: TimeInterval { 3_600 }

    private static var missed: Refusal.Reason {
        .init(code: "missed", message: "It was missed by more than an hour, and is not made up for.")
    }

    private func anchor(of rule: TimerRule, _ standing: RecordStanding, _ facts: Facts) -> FactValue? {
        rule.when.countsFromEntering ? .instant(standing.since) : facts.value(ofFact: rule.when.anchor.text)
    }

    private func occurrence(_ number: Int, of rule: TimerRule, from anchor: FactValue, facts: Facts) -> TimerOccurrence
    {
        let zone = rule.at?.zone.flatMap { facts.zone(named: $0.text) } ?? calendar.zone
        let moment = rule.moment(occurrence: number, from: anchor, zone: zone, holidays: calendar.holidays)
        return TimerOccurrence(timer: rule.name.text, countedFrom: anchor.key, number: number, moment: moment)
    }

    private func next(
        of rule: TimerRule, from anchor: FactValue, since: Date, facts: Facts, fired: FiredTimers
    ) -> TimerOccurrence? {
        let last = rule.repeats?.atMost ?? 1
        var number = fired.last(of: rule.name.text, countedFrom: anchor.key) + 1
        while number <= last {
            var candidate = occurrence(number, of: rule, from: anchor, facts: facts)
            if candidate.moment >= since { return candidate }
            if rule.firesWhenLate, number == 1 {
                candidate.moment = since
                return candidate
            }
            number += 1
        }
        return nil
    }

    /// Of a timer that fires once for all that were missed, the last of them; of others the one that is due.
    private func lastMissed(
        _ rule: TimerRule, _ due: TimerOccurrence, _ standing: RecordStanding, _ facts: Facts, _ now: Date
    ) -> TimerOccurrence {
        guard rule.ifMissed != .each, let repeats = rule.repeats, let anchor = anchor(of: rule, standing, facts) else {
            return due
        }
        var firing = due
        for number in (due.number + 1)..<max(due.number + 1, repeats.atMost + 1) {
            let candidate = occurrence(number, of: rule, from: anchor, facts: facts)
            guard candidate.moment <= now else { break }
            firing = candidate
        }
        return firing
    }

    private func inputs(of rule: TimerRule) -> [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: rule.with.map { ($0.name.text, .string($0.value.text)) })
    }
}
