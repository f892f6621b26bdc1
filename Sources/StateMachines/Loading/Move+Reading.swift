extension Move {
    /// Reads `create:`; its target is `initial` unless it has outcomes.
    init(creating node: SourceNode, named name: Word, initial: Word, notes: FaultNotes) {
        let keys = MappingReader(node, subject: "create", at: name.location, notes: notes)
        self.init(name: name, kind: .create, title: "", from: [], target: .state(initial), who: [])
        readParts(keys, subject: "create")
        if let rules = keys.optional("outcomes")?.outcomes(of: "create", notes: notes) { target = .outcomes(rules) }
        keys.finish()
    }

    /// Reads a transition or a correction.
    init(reading node: SourceNode, named name: Word, kind: Kind, notes: FaultNotes) {
        let subject = "\(kind.rawValue) \"\(name)\""
        let keys = MappingReader(node, subject: subject, at: name.location, notes: notes)
        let nowhere = Word("", at: name.location)
        self.init(name: name, kind: kind, title: "", from: [], target: .state(nowhere), who: [])
        readParts(keys, subject: subject)
        confirm = keys.optional("confirm")?.sentence("\"confirm\" of \(subject)", notes: notes)?.text
        from = keys.required("from")?.names("\"from\" of \(subject)", atLeast: 1, notes: notes) ?? []
        already = keys.optional("already")?.names("\"already\" of \(subject)", atLeast: 1, notes: notes) ?? []
        notBy = keys.optional("not_by")?.names("\"not_by\" of \(subject)", notes: notes) ?? []
        asks = keys.optional("asks")?.asks(of: subject, notes: notes) ?? []
        closes = keys.optional("closes")?.names("\"closes\" of \(subject)", notes: notes) ?? []
        if let target = Self.target(keys, subject: subject, kind: kind) { self.target = target }
        keys.finish()
    }

    /// What `create` and the other moves have in common.
    private mutating func readParts(_ keys: MappingReader, subject: String) {
        let notes = keys.notes
        title = keys.required("title")?.sentence("the title of \(subject)", notes: notes)?.text ?? name.text
        about = keys.optional("about")?.text("\"about\" of \(subject)", notes: notes)?.text.trimmed
        button = keys.optional("button")?.sentence("the button of \(subject)", notes: notes)?.text
        who = keys.required("who")?.names("\"who\" of \(subject)", atLeast: 1, notes: notes) ?? []
        permission = keys.optional("permission")?.permission(of: subject, notes: notes)
        requires = keys.optional("requires")?.names("\"requires\" of \(subject)", notes: notes) ?? []
        apply = keys.optional("apply")?.names("\"apply\" of \(subject)", notes: notes) ?? []
        jobs = keys.optional("jobs")?.jobs(of: subject, notes: notes) ?? []
        opens = keys.optional("opens")?.names("\"opens\" of \(subject)", notes: notes) ?? []
    }

    /// `previous` has its meaning in corrections alone; elsewhere it is the name of a state, which no state may have.
    private static func target(_ keys: MappingReader, subject: String, kind: Kind) -> Target? {
        let to = keys.optional("to")?.name("\"to\" of \(subject)", notes: keys.notes)
        let rules = keys.optional("outcomes")?.outcomes(of: subject, notes: keys.notes)
        if keys.has("to") == keys.has("outcomes") {
            let fault =
                keys.has("to") ? "has both \"to\" and \"outcomes\"; one of them" : "has neither \"to\" nor \"outcomes\""
            keys.notes.add("W000", at: keys.location, "\(subject) \(fault)")
        }
        if let rules { return .outcomes(rules) }
        guard let to else { return nil }
        if to == "same" { return .same(to) }
        return to == "previous" && kind == .correction ? .previous(to) : .state(to)
    }
}

extension SourceNode {
    /// Reads `transitions:` or `corrections:`.
    func moves(_ kind: Move.Kind, notes: FaultNotes) -> [Move] {
        let pairs = named("\(kind.rawValue)s", notes: notes)
        if pairs.isEmpty, kind == .transition {
            notes.add("W000", at: location, "a machine has one transition or more")
        }
        return pairs.map { Move(reading: $0.value, named: $0.name, kind: kind, notes: notes) }
    }

    fileprivate func outcomes(of subject: String, notes: FaultNotes) -> [OutcomeRule] {
        items("\"outcomes\" of \(subject)", atLeast: 2, notes: notes).map { item in
            let subject = "an outcome of \(subject)"
            let keys = MappingReader(item, subject: subject, at: item.location, notes: notes)
            let to = keys.required("to")?.name("\"to\" of \(subject)", notes: notes)
            let when = keys.optional("when")?.names("\"when\" of \(subject)", notes: notes)
            let jobs = keys.optional("jobs")?.jobs(of: subject, notes: notes)
            let closes = keys.optional("closes")?.names("\"closes\" of \(subject)", notes: notes)
            keys.finish()
            return OutcomeRule(
                to: to ?? Word("", at: item.location), when: when ?? [], jobs: jobs ?? [], closes: closes ?? [])
        }
    }

    /// Reads a permission: `invoices.manage`.
    func permission(of subject: String, notes: FaultNotes) -> Word? {
        guard let word = text("the permission of \(subject)", notes: notes) else { return nil }
        let parts = word.text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count != 2 || !parts.allSatisfy(\.isColumnName) {
            notes.add("W000", at: location, "\"\(word)\" is no permission; it is written as invoices.manage is")
        }
        return word
    }

    /// Reads `jobs:`, a list in which each entry is one call, `kind: { parameters }`.
    func jobs(of subject: String, notes: FaultNotes) -> [JobCall] {
        items("\"jobs\" of \(subject)", notes: notes).compactMap { item in
            guard case .mapping(let entries) = item.content, let call = entries.first, entries.count == 1 else {
                notes.add("W000", at: item.location, "a job of \(subject) is written as  kind: { parameters }")
                return nil
            }
            call.key.noteUnlessKeyName("a job of \(subject)", notes: notes)
            let values = call.value.values("job \"\(call.key)\", parameter", allowing: ["a number"], notes: notes)
            let condition = values.first { $0.name == "only_if" }?.value
            return JobCall(kind: call.key, parameters: values.filter { $0.name != "only_if" }, onlyIf: condition)
        }
    }
}
