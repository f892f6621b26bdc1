/// Compares two versions of one machine's file.
struct MachineComparison {
    let old: Machine
    let new: Machine
    /// Of every machine of the newer folder, for reactions name moves and states of others.
    let renaming: [String: Renaming]
    /// The states in which finders look, by their names.
    let finders: [String: [String]]
    let own: Renaming

    init(_ old: Machine, _ new: Machine, renaming: [String: Renaming], finders: [String: [String]]) {
        (self.old, self.new, self.renaming, self.finders) = (old, new, renaming, finders)
        own = renaming[new.name.text] ?? Renaming()
    }

    var changes: [DefinitionChange] {
        let found = whole + states + moves + timers + reactions + facts
        guard old.version >= new.version, found.contains(where: { $0.part != "title" }) else { return found }
        let says = "the version is \(new.version) and was \(old.version): raise it with each change of meaning"
        return [DefinitionChange(.machine, new.name.text, .changed, part: "version", says: says)] + found
    }

    /// Things of both files by their names: those of the newer file in its order, then those that are gone.
    func pairs<Item>(
        _ older: [Item], _ newer: [Item], _ name: (Item) -> Word, renamed: (String) -> String = { $0 }
    ) -> [(old: Item?, new: Item?)] {
        let earlier = older.map { (renamed(name($0).text), $0) }
        let names = Set(newer.map { name($0).text })
        return newer.map { item in (earlier.first { $0.0 == name(item).text }?.1, item) }
            + earlier.filter { !names.contains($0.0) }.map { ($0.1, nil) }
    }

    /// States of the older file in the words of the newer one.
    func renamed(_ states: [Word]) -> [String] { states.map { own.state($0.text) } }

    /// States of the newer file as the older one names them, less those that are new.
    func former(_ states: [Word]) -> [String] {
        states.map { own.olderState($0.text) }.filter { old.state(named: $0) != nil }
    }

    /// The older names of the states that only one of the two lists holds.
    func differing(_ earlier: [Word], _ later: [Word]) -> [String] {
        let (before, after) = (earlier.map(\.text), former(later))
        return before.filter { !after.contains($0) } + after.filter { !before.contains($0) }
    }

    /// The states in which a record of the older file has not ended.
    var open: [String] { old.states.map(\.name.text).filter { !old.isFinal($0) } }

    // MARK: The machine, its states and its facts

    private var whole: [DefinitionChange] {
        let all = old.states.map(\.name.text)
        var parts = PartComparison(.machine, new.name.text, states: [])
        parts.words([old.title, old.about], [new.title, new.about])
        parts.one("entity", old.entity.text, new.entity.text, states: all)
        parts.one("field", old.field.text, new.field.text, states: all)
        parts.one("locks_with", old.locksWith?.text, new.locksWith?.text, states: open)
        parts.one("initial", own.state(old.initial.text), new.initial.text)
        parts.many(
            "final", renamed(old.final), new.final.map(\.text), more: "also ends in", less: "no longer ends in",
            states: differing(old.final, new.final))
        parts.many(
            "may_rest_in", renamed(old.restingReasons.map(\.name)), new.restingReasons.map(\.name.text),
            more: "may also rest in", less: "may no longer rest in")
        return parts.changes
    }

    private var states: [DefinitionChange] {
        pairs(old.states, new.states, \.name, renamed: own.state).flatMap { pair -> [DefinitionChange] in
            switch pair {
            case (nil, let state?):
                let says = "the state \"\(state.name)\" is new"
                return [DefinitionChange(.state, state.name.text, .added, says: says)]
            case (let state?, nil):
                let says = """
                    the state "\(state.name)" is gone: where a record is in it, the newer files do not start, unless "was" \
                    says what became of it
                    """
                let name = state.name.text
                return [DefinitionChange(.state, name, .removed, says: says, states: [name])]
            case (let older?, let newer?):
                return renamed(.state, older.name, newer.name, [older.name.text])
                    + changes(of: older, newer)
            case (nil, nil): return []
            }
        }
    }

    private func changes(of older: State, _ newer: State) -> [DefinitionChange] {
        var parts = PartComparison(.state, newer.name.text, states: [older.name.text])
        parts.words([older.title, older.about, older.tone.rawValue], [newer.title, newer.about, newer.tone.rawValue])
        parts.one("stamps", older.stamps?.text, newer.stamps?.text)
        parts.many(
            "holds", older.holds.map(\.text), newer.holds.map(\.text), more: "also demands", less: "no longer demands")
        return parts.changes
    }

    private var facts: [DefinitionChange] {
        pairs(old.facts, new.facts, \.name).flatMap { pair -> [DefinitionChange] in
            guard let older = pair.old, let newer = pair.new else {
                return whole(.fact, pair.old?.name, pair.new?.name, open)
            }
            var parts = PartComparison(.fact, newer.name.text, states: open)
            parts.one("type", older.kind.rawValue, newer.kind.rawValue)
            parts.many(
                "set_by", older.setBy.map { own.move($0.text) }, newer.setBy.map(\.text), more: "may also be set by",
                less: "may no longer be set by")
            parts.many(
                "may_be_missing_in", renamed(older.mayBeMissingIn), newer.mayBeMissingIn.map(\.text),
                more: "may also be missing in", less: "may no longer be missing in",
                states: differing(older.mayBeMissingIn, newer.mayBeMissingIn))
            return parts.changes
        }
    }

    /// What is new or gone as a whole.
    func whole(
        _ subject: DefinitionChange.Subject, _ older: Word?, _ newer: Word?, _ states: [String]
    ) -> [DefinitionChange] {
        guard let name = (newer ?? older)?.text else { return [] }
        let says = "the \(subject.rawValue) \"\(name)\" is \(newer == nil ? "gone" : "new")"
        return [DefinitionChange(subject, name, newer == nil ? .removed : .added, says: says, states: states)]
    }

    /// That something has another name.
    func renamed(
        _ subject: DefinitionChange.Subject, _ older: Word, _ newer: Word, _ states: [String]
    ) -> [DefinitionChange] {
        guard older != newer else { return [] }
        let says = "the \(subject.rawValue) \"\(older)\" is now called \"\(newer)\""
        return [DefinitionChange(subject, newer.text, .renamed, says: says, states: states)]
    }
}
