extension Machine {
    /// Reads a machine file; keys that are missing or unreadable are noted and get the emptiest value.
    ///
    /// - Returns: nil when not even the machine's name can be read.
    init?(reading node: SourceNode, source: String, notes: FaultNotes) {
        let keys = MappingReader(node, subject: "the machine", at: node.location, notes: notes)
        let name = keys.required("machine")?.name("the machine's name", notes: notes)
        let subject = name.map { "machine \"\($0)\"" } ?? "the machine"
        let nowhere = Word("", at: node.location)

        let version = keys.required("version")?.integer("version", in: 1...Int(Int32.max), notes: notes)
        let title = keys.required("title")?.sentence("the title of \(subject)", notes: notes)
        let about = keys.optional("about")?.text("\"about\"", notes: notes)
        let entity = keys.required("entity")?.name("entity", notes: notes)
        let field = keys.required("field")?.name("field", notes: notes)
        let locksWith = keys.optional("locks_with")?.name("locks_with", notes: notes)
        let initial = keys.required("initial")?.name("initial", notes: notes)
        let final = keys.required("final")?.names("final", atLeast: 1, notes: notes)
        let states = keys.required("states")?.states(notes: notes)
        let resting = keys.optional("may_rest_in")?.sentences("may_rest_in", notes: notes)
        let facts = keys.optional("facts")?.facts(notes: notes)
        let first = initial ?? nowhere
        let create = keys.required("create").map {
            Move(creating: $0, named: Word("create", at: keys.place(of: "create")), initial: first, notes: notes)
        }
        let transitions = keys.required("transitions")?.moves(.transition, notes: notes)
        let corrections = keys.optional("corrections")?.moves(.correction, notes: notes)
        let timers = keys.optional("timers")?.timers(notes: notes)
        let reactions = keys.optional("reacts_to")?.reactions(notes: notes)
        let renames = keys.optional("was")?.renames(notes: notes)
        keys.finish()

        guard let name else { return nil }
        self.init(
            name: name, version: version ?? 1, title: title?.text ?? "", about: about?.text.trimmed,
            entity: entity ?? nowhere, field: field ?? nowhere, locksWith: locksWith, initial: first,
            final: final ?? [], states: states ?? [], restingReasons: resting ?? [], facts: facts ?? [],
            create: create ?? Move(name: "create", kind: .create, title: "", from: [], target: .state(first), who: []),
            transitions: transitions ?? [], corrections: corrections ?? [], timers: timers ?? [],
            reactions: reactions ?? [], renames: renames ?? Renames(), source: source)
    }
}

extension SourceNode {
    fileprivate func states(notes: FaultNotes) -> [State] {
        let pairs = named("states", notes: notes)
        if pairs.count < 2 { notes.add("W000", at: location, "a machine has two states or more") }
        return pairs.map { name, value in
            let subject = "state \"\(name)\""
            if case .scalar = value.content {
                return State(name: name, title: value.sentence(subject, notes: notes)?.text ?? name.text)
            }
            let keys = MappingReader(value, subject: subject, at: name.location, notes: notes)
            let title = keys.required("title")?.sentence("the title of \(subject)", notes: notes)
            let about = keys.optional("about")?.text("\"about\" of \(subject)", notes: notes)
            let tone = keys.optional("tone")?.choice("the tone of \(subject)", of: State.Tone.self, notes: notes)
            let stamps = keys.optional("stamps")?.name("\"stamps\" of \(subject)", notes: notes)
            let holds = keys.optional("holds")?.names("\"holds\" of \(subject)", notes: notes)
            keys.finish()
            return State(
                name: name, title: title?.text ?? name.text, about: about?.text.trimmed, tone: tone ?? .neutral,
                stamps: stamps, holds: holds ?? [])
        }
    }

    fileprivate func facts(notes: FaultNotes) -> [Fact] {
        named("facts", notes: notes).map { name, value in
            let subject = "fact \"\(name)\""
            let keys = MappingReader(value, subject: subject, at: name.location, notes: notes)
            let kind = keys.required("type")?.choice("the type of \(subject)", of: Fact.Kind.self, notes: notes)
            let setBy = keys.required("set_by")?.names("\"set_by\" of \(subject)", atLeast: 1, notes: notes)
            let missing = keys.optional("may_be_missing_in")?
                .names("\"may_be_missing_in\" of \(subject)", atLeast: 1, notes: notes)
            keys.finish()
            return Fact(name: name, kind: kind ?? .time, setBy: setBy ?? [], mayBeMissingIn: missing ?? [])
        }
    }

    fileprivate func renames(notes: FaultNotes) -> Renames {
        let keys = MappingReader(self, subject: "\"was\"", at: location, notes: notes)
        func pairs(_ key: String) -> [NamedValue] {
            keys.optional(key)?.named("was.\(key)", notes: notes).compactMap { old, new in
                new.name("was.\(key)", notes: notes).map { NamedValue(name: old, value: $0) }
            } ?? []
        }
        let (states, transitions, timers) = (pairs("states"), pairs("transitions"), pairs("timers"))
        keys.finish()
        return Renames(states: states, transitions: transitions, timers: timers)
    }
}

extension String {
    /// Without the line break that a folded text ends with.
    var trimmed: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
