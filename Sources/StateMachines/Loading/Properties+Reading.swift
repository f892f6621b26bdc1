extension Properties {
    /// Reads `properties.yaml`.
    init(reading node: SourceNode, notes: FaultNotes) {
        let keys = MappingReader(node, subject: "the properties", at: node.location, notes: notes)
        let worlds = keys.required("worlds")?.named("\"worlds\"", notes: notes)
            .map { World(reading: $0.value, named: $0.name, notes: notes) }
        var demands: [Demand] = []
        for section in Demand.Section.allCases {
            let items = keys.optional(section.rawValue)?.items("\"\(section.rawValue)\"", notes: notes) ?? []
            demands += items.compactMap { Demand(reading: $0, in: section, notes: notes) }
        }
        keys.finish()
        self.init(worlds: worlds ?? [], demands: demands)
    }
}

extension Properties.World {
    fileprivate init(reading node: SourceNode, named name: Word, notes: FaultNotes) {
        let subject = "world \"\(name)\""
        let keys = MappingReader(node, subject: subject, at: name.location, notes: notes)
        func names(_ key: String) -> [Word] {
            keys.optional(key)?.names("\"\(key)\" of \(subject)", atLeast: 1, notes: notes) ?? []
        }
        let says = keys.required("says")?.sentence("\"says\" of \(subject)", notes: notes)
        let machines = keys.required("machines")?.names("\"machines\" of \(subject)", atLeast: 1, notes: notes)
        let starts = keys.required("starts")?.items("\"starts\" of \(subject)", atLeast: 1, notes: notes)
            .map { Start(reading: $0, of: subject, notes: notes) }
        let (many, onlyMade) = (names("many"), names("only_made_by_reaction"))
        let assumptions = keys.optional("assume")?.assumptions(of: subject, notes: notes)
        keys.finish()
        self.init(
            name: name, says: says?.text ?? "", machines: machines ?? [], starts: starts ?? [], many: many,
            onlyMadeByReaction: onlyMade, assumptions: assumptions ?? [])
    }
}

extension Properties.World.Start {
    fileprivate init(reading node: SourceNode, of subject: String, notes: FaultNotes) {
        let subject = "a start of \(subject)"
        let keys = MappingReader(node, subject: subject, at: node.location, notes: notes)
        let move = keys.required("move")?.text("the move of \(subject)", notes: notes)
        let marks = keys.optional("marks")?.names("\"marks\" of \(subject)", atLeast: 1, notes: notes)
        keys.finish()
        self.init(move: move ?? Word("", at: node.location), marks: marks ?? [])
    }
}

extension SourceNode {
    fileprivate func assumptions(of subject: String, notes: FaultNotes) -> [NamedValue] {
        named("\"assume\" of \(subject)", notes: notes).compactMap { name, value in
            guard let word = value.text("the assumption \"\(name)\" of \(subject)", notes: notes) else { return nil }
            if word != "always", word != "never" {
                notes.add("W000", at: word.location, "\(subject) assumes \"\(name)\" as \(word); always or never")
            }
            return NamedValue(name: name, value: word)
        }
    }
}

extension Properties.Demand {
    /// The lists of `properties.yaml`.
    fileprivate enum Section: String, CaseIterable {
        case never
        case neverDoes = "never_does"
        case possible
        case alwaysCanReach = "always_can_reach"
    }

    fileprivate init?(reading node: SourceNode, in section: Section, notes: FaultNotes) {
        let subject = "an entry of \"\(section.rawValue)\""
        let keys = MappingReader(node, subject: subject, at: node.location, notes: notes)
        let isAboutMove = section == .neverDoes || section == .possible
        let world = keys.required("world")?.name("the world of \(subject)", notes: notes)
        let says = keys.required("says")?.sentence("\"says\" of \(subject)", notes: notes)
        let key = isAboutMove ? "while" : "that"
        let condition = keys.required(key)?.text("\"\(key)\" of \(subject)", notes: notes)
        let move = isAboutMove ? keys.required("move")?.text("the move of \(subject)", notes: notes) : nil
        var isExcepted = false
        if section == .never, let word = keys.optional("except")?.text("\"except\" of \(subject)", notes: notes) {
            isExcepted = word == "corrections"
            if !isExcepted {
                notes.add("W000", at: word.location, "\"except\" of \(subject) is corrections, or absent")
            }
        }
        keys.finish()
        guard let world, let says, let condition, !isAboutMove || move != nil else { return nil }
        let about = move ?? Word("", at: node.location)
        switch section {
        case .never:
            self.init(kind: .never(exceptCorrections: isExcepted), world: world, says: says, condition: condition)
        case .neverDoes: self.init(kind: .neverDoes(about), world: world, says: says, condition: condition)
        case .possible: self.init(kind: .possible(about), world: world, says: says, condition: condition)
        case .alwaysCanReach: self.init(kind: .alwaysCanReach, world: world, says: says, condition: condition)
        }
    }
}
