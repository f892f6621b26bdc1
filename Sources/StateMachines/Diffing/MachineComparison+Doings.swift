extension MachineComparison {
    var moves: [DefinitionChange] {
        pairs([old.create] + old.moves, [new.create] + new.moves, \.name, renamed: own.move).flatMap {
            pair -> [DefinitionChange] in
            guard let older = pair.old, let newer = pair.new else {
                let states = pair.old?.from.map(\.text) ?? former(pair.new?.from ?? [])
                return whole(.move, pair.old?.name, pair.new?.name, states)
            }
            return renamed(.move, older.name, newer.name, older.from.map(\.text)) + changes(of: older, newer)
        }
    }

    private func changes(of older: Move, _ newer: Move) -> [DefinitionChange] {
        var parts = PartComparison(.move, newer.name.text, states: older.from.map(\.text))
        parts.words(
            [older.title, older.about, older.button, older.confirm],
            [newer.title, newer.about, newer.button, newer.confirm])
        parts.one("kind", older.kind.rawValue, newer.kind.rawValue)
        parts.many(
            "from", renamed(older.from), newer.from.map(\.text), more: "also starts in", less: "no longer starts in",
            states: differing(older.from, newer.from))
        parts.one("to", phrase(older.target, renamed: own.state), phrase(newer.target) { $0 })
        parts.many(
            "already", renamed(older.already), newer.already.map(\.text), more: "counts as done also in",
            less: "no longer counts as done in", states: differing(older.already, newer.already))
        parts.many(
            "who", older.who.map(\.text), newer.who.map(\.text), more: "may also be made by",
            less: "may no longer be made by")
        parts.one("permission", older.permission?.text, newer.permission?.text)
        parts.many(
            "not_by", older.notBy.map(\.text), newer.notBy.map(\.text), more: "is now barred to",
            less: "is no longer barred to")
        parts.many(
            "asks", older.inputs.map(\.phrase), newer.inputs.map(\.phrase), more: "also asks for",
            less: "no longer asks for")
        parts.many(
            "requires", older.requires.map(\.text), newer.requires.map(\.text), more: "also requires",
            less: "no longer requires", isOrdered: true)
        parts.many(
            "apply", older.apply.map(\.text), newer.apply.map(\.text), more: "also applies",
            less: "no longer applies", isOrdered: true)
        parts.jobs(older.jobs, newer.jobs)
        parts.tasks(opens: older.opens, newer.opens)
        parts.many(
            "closes", older.closes.map(\.text), newer.closes.map(\.text), more: "also closes",
            less: "no longer closes")
        return parts.changes
    }

    /// `paid when nothing_left_to_pay, else same`.
    private func phrase(_ target: Move.Target, renamed: (String) -> String) -> String {
        switch target {
        case .state(let state): return renamed(state.text)
        case .same(let word), .previous(let word): return word.text
        case .outcomes(let rules):
            return rules.map { rule in
                let when = rule.when.isEmpty ? "" : " when \(rule.when.map(\.text).joined(separator: " and "))"
                let jobs = rule.jobs.map { " queues \($0.phrase)" }.joined()
                let closes = rule.closes.map { " closes \($0)" }.joined()
                return renamed(rule.to.text) + when + jobs + closes
            }.joined(separator: ", else ")
        }
    }

    // MARK: Timers

    var timers: [DefinitionChange] {
        pairs(old.timers, new.timers, \.name, renamed: own.timer).flatMap { pair -> [DefinitionChange] in
            guard let older = pair.old, let newer = pair.new else {
                let states = pair.old?.states.map(\.text) ?? former(pair.new?.states ?? [])
                return whole(.timer, pair.old?.name, pair.new?.name, states)
            }
            return renamed(.timer, older.name, newer.name, older.states.map(\.text)) + changes(of: older, newer)
        }
    }

    private func changes(of older: TimerRule, _ newer: TimerRule) -> [DefinitionChange] {
        var parts = PartComparison(.timer, newer.name.text, states: older.states.map(\.text))
        parts.words([older.title], [newer.title])
        parts.many(
            "while", renamed(older.states), newer.states.map(\.text), more: "also runs in", less: "no longer runs in",
            states: differing(older.states, newer.states))
        parts.one("when", older.when.phrase, newer.when.phrase)
        parts.one("at", older.at?.phrase, newer.at?.phrase)
        parts.one("repeat", phrase(older.repeats), phrase(newer.repeats))
        parts.one("if_missed", older.ifMissed.rawValue, newer.ifMissed.rawValue)
        parts.one("if_late", older.firesWhenLate ? "now" : nil, newer.firesWhenLate ? "now" : nil)
        parts.many(
            "only_if", older.onlyIf.map(\.text), newer.onlyIf.map(\.text), more: "also needs", less: "no longer needs")
        parts.one("fires", older.fires.map { own.move($0.text) }, newer.fires?.text)
        parts.one("with", phrase(older.with), phrase(newer.with))
        parts.one("if_refused", older.ifRefused.rawValue, newer.ifRefused.rawValue)
        parts.jobs(older.jobs, newer.jobs)
        parts.tasks(opens: older.opens, newer.opens)
        return parts.changes
    }

    private func phrase(_ repeats: Repeat?) -> String? {
        repeats.map { "every \($0.every.phrase), at most \($0.atMost)" }
    }

    private func phrase(_ inputs: [NamedValue]) -> String? {
        inputs.isEmpty ? nil : inputs.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
    }

    // MARK: Reactions

    var reactions: [DefinitionChange] {
        pairs(old.reactions, new.reactions, \.name).flatMap { pair -> [DefinitionChange] in
            guard let older = pair.old, let newer = pair.new else {
                return whole(.reaction, pair.old?.name, pair.new?.name, reach(pair.old, pair.new))
            }
            return changes(of: older, newer)
        }
    }

    private func changes(of older: Reaction, _ newer: Reaction) -> [DefinitionChange] {
        var parts = PartComparison(.reaction, newer.name.text, states: reach(older, newer))
        parts.words([older.title], [newer.title])
        parts.many(
            "when", older.when.map(phrase), newer.when.map { "\($0.machine) \($0.verb) \($0.subject)" },
            more: "also answers", less: "no longer answers")
        parts.one("find", older.find?.text, newer.find?.text)
        parts.one("do", older.move.map { own.move($0.text) }, newer.move?.text)
        parts.one("create", older.create?.text, newer.create?.text)
        parts.one("with", phrase(older.with), phrase(newer.with))
        parts.one("run", older.run.rawValue, newer.run.rawValue)
        parts.one("if_refused", older.ifRefused?.rawValue, newer.ifRefused?.rawValue)
        parts.jobs(older.jobs, newer.jobs)
        parts.tasks(opens: older.opens, newer.opens)
        return parts.changes
    }

    private func phrase(_ trigger: Reaction.Trigger) -> String {
        let renaming = renaming[trigger.machine.text] ?? Renaming()
        let subject = trigger.subject.text
        return
            "\(trigger.machine) \(trigger.verb) \(trigger.verb == .does ? renaming.move(subject) : renaming.state(subject))"
    }

    /// The states in which records are reached by either, as the older file names them.
    ///
    /// A record that is made is none that lives.
    private func reach(_ older: Reaction?, _ newer: Reaction?) -> [String] {
        let before = older.map { reached(by: $0, in: self.old).map(\.text) } ?? []
        let after = newer.map { former(reached(by: $0, in: self.new)) } ?? []
        return before + after.filter { !before.contains($0) }
    }

    private func reached(by reaction: Reaction, in machine: Machine) -> [Word] {
        guard let find = reaction.find else { return [] }
        let found = finders[find.text] ?? []
        let starts = reaction.move.flatMap { machine.move(named: $0.text)?.from } ?? machine.states.map(\.name)
        return found.isEmpty ? starts : starts.filter { found.contains($0.text) }
    }
}
