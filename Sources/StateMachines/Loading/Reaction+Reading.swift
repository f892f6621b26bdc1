extension SourceNode {
    /// Reads `reacts_to:`.
    func reactions(notes: FaultNotes) -> [Reaction] {
        named("reacts_to", notes: notes).map { Reaction(reading: $0.value, named: $0.name, notes: notes) }
    }

    /// Reads one event or a list of them.
    fileprivate func triggers(_ subject: String, notes: FaultNotes) -> [Reaction.Trigger] {
        if case .sequence(let items) = content {
            if items.count < 2 {
                notes.add(
                    "W000", at: location, "\(subject) is a list of fewer than two events; write one without a list")
            }
            return items.compactMap { $0.trigger(subject, notes: notes) }
        }
        return trigger(subject, notes: notes).map { [$0] } ?? []
    }
}

extension Reaction {
    fileprivate init(reading node: SourceNode, named name: Word, notes: FaultNotes) {
        let subject = "reaction \"\(name)\""
        let keys = MappingReader(node, subject: subject, at: name.location, notes: notes)
        let title = keys.required("title")?.sentence("the title of \(subject)", notes: notes)
        let when = keys.required("when")?.triggers("\"when\" of \(subject)", notes: notes)
        self.init(name: name, title: title?.text ?? name.text, when: when ?? [])
        find = keys.optional("find")?.name("\"find\" of \(subject)", notes: notes)
        move = keys.optional("do")?.name("\"do\" of \(subject)", notes: notes)
        create = keys.optional("create")?.name("\"create\" of \(subject)", notes: notes)
        with = keys.optional("with")?.inputs(of: subject, notes: notes) ?? []
        run = keys.optional("run")?.choice("\"run\" of \(subject)", of: Run.self, notes: notes) ?? .together
        ifRefused = keys.optional("if_refused")?
            .choice("\"if_refused\" of \(subject)", of: Refused.self, notes: notes)
        jobs = keys.optional("jobs")?.jobs(of: subject, notes: notes) ?? []
        opens = keys.optional("opens")?.names("\"opens\" of \(subject)", notes: notes) ?? []
        noteShape(keys, subject: subject)
        keys.finish()
    }

    /// A reaction finds records and does something with them, or it creates one.
    private func noteShape(_ keys: MappingReader, subject: String) {
        let notes = keys.notes
        if keys.has("create") {
            for key in ["find", "do"] where keys.has(key) {
                notes.add("W000", at: keys.place(of: key), "\(subject) has \"create\", so it cannot have \"\(key)\"")
            }
        } else if !keys.has("find") {
            let advice = "\"find\" with \"do\", \"jobs\" or \"opens\", or \"create\""
            notes.add("W000", at: keys.location, "\(subject) says not what it reaches; it needs \(advice)")
        } else if !keys.has("do"), jobs.isEmpty, opens.isEmpty {
            notes.add("W000", at: keys.location, "\(subject) does nothing; it needs \"do\", \"jobs\" or \"opens\"")
        }
        if run == .later, move == nil || !jobs.isEmpty || !opens.isEmpty {
            notes.add("W000", at: keys.location, "\(subject) runs later, so it makes a move (\"do\") and nothing else")
        }
        var seen: Set<String> = []
        for trigger in when where !seen.insert("\(trigger.machine) \(trigger.verb) \(trigger.subject)").inserted {
            notes.add("W012", at: trigger.machine.location, "\(subject) waits twice for the same event")
        }
    }
}
