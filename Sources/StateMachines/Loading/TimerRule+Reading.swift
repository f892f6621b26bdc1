extension SourceNode {
    /// Reads `timers:`.
    func timers(notes: FaultNotes) -> [TimerRule] {
        named("timers", notes: notes).map { TimerRule(reading: $0.value, named: $0.name, notes: notes) }
    }
}

/// The two words that `if_late` takes.
private enum Late: String, CaseIterable {
    case never, now
}

extension TimerRule {
    fileprivate init(reading node: SourceNode, named name: Word, notes: FaultNotes) {
        let subject = "timer \"\(name)\""
        let keys = MappingReader(node, subject: subject, at: name.location, notes: notes)
        let title = keys.required("title")?.sentence("the title of \(subject)", notes: notes)
        let states = keys.required("while")?.names("\"while\" of \(subject)", atLeast: 1, notes: notes)
        let when = keys.required("when")?.moment("\"when\" of \(subject)", notes: notes)
        let missed = keys.required("if_missed")?.choice("\"if_missed\" of \(subject)", of: Missed.self, notes: notes)
        self.init(
            name: name, title: title?.text ?? name.text, states: states ?? [],
            when: when ?? RelativeMoment(distance: nil, anchor: Word("entering", at: name.location)),
            ifMissed: missed ?? .fire)
        at = keys.optional("at")?.timeOfDay("\"at\" of \(subject)", notes: notes)
        repeats = keys.optional("repeat").flatMap { Repeat(reading: $0, of: subject, notes: notes) }
        let late = keys.optional("if_late")?.choice("\"if_late\" of \(subject)", of: Late.self, notes: notes)
        firesWhenLate = late == .now
        onlyIf = keys.optional("only_if")?.names("\"only_if\" of \(subject)", notes: notes) ?? []
        fires = keys.optional("fires")?.name("\"fires\" of \(subject)", notes: notes)
        with = keys.optional("with")?.inputs(of: subject, notes: notes) ?? []
        let refused = keys.optional("if_refused")?
            .choice("\"if_refused\" of \(subject)", of: Refused.self, notes: notes)
        ifRefused = refused ?? .note
        jobs = keys.optional("jobs")?.jobs(of: subject, notes: notes) ?? []
        opens = keys.optional("opens")?.names("\"opens\" of \(subject)", notes: notes) ?? []
        if !keys.has("fires"), jobs.isEmpty, opens.isEmpty {
            notes.add("W000", at: name.location, "\(subject) does nothing; it needs \"fires\", \"jobs\" or \"opens\"")
        }
        keys.finish()
    }
}

extension Repeat {
    fileprivate init?(reading node: SourceNode, of subject: String, notes: FaultNotes) {
        let keys = MappingReader(node, subject: "\"repeat\" of \(subject)", at: node.location, notes: notes)
        let every = keys.required("every")?.span("\"every\" of \(subject)", notes: notes)
        let atMost = keys.required("at_most")?.integer("\"at_most\" of \(subject)", in: 1...100, notes: notes)
        keys.finish()
        guard let every, let atMost else { return nil }
        self.init(every: every, atMost: atMost)
    }
}

extension SourceNode {
    /// Reads `with:`, the inputs that a timer or reaction gives.
    func inputs(of subject: String, notes: FaultNotes) -> [NamedValue] {
        values("\"with\" of \(subject), input", allowing: ["a number", "a boolean"], notes: notes)
    }
}
