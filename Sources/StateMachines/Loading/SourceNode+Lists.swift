extension SourceNode {
    /// The items of a list.
    package func items(_ subject: String, atLeast least: Int = 0, notes: FaultNotes) -> [SourceNode] {
        guard case .sequence(let items) = content else {
            notes.add("W000", at: location, "\(subject) is \(kind) where a list is wanted")
            return []
        }
        if items.count < least {
            let wanted = least == 1 ? "is empty" : "has fewer than \(least) entries"
            notes.add("W000", at: location, "\(subject) \(wanted)")
        }
        return items
    }

    /// A list of names, each at most once.
    package func names(_ subject: String, atLeast least: Int = 0, notes: FaultNotes) -> [Word] {
        items(subject, atLeast: least, notes: notes).compactMap { $0.name(subject, notes: notes) }
            .notingRepeats(subject, notes: notes)
    }

    /// The pairs of a mapping whose keys are names that the file gives.
    func named(_ subject: String, notes: FaultNotes) -> [(name: Word, value: SourceNode)] {
        guard case .mapping(let entries) = content else {
            notes.add("W000", at: location, "\(subject) is \(kind) where a mapping of names is wanted")
            return []
        }
        for entry in entries { entry.key.noteUnlessKeyName(subject, notes: notes) }
        return entries.map { ($0.key, $0.value) }
    }

    /// A mapping of names to sentences.
    func sentences(_ subject: String, longest: Int = longestSentence, notes: FaultNotes) -> [NamedValue] {
        named(subject, notes: notes).compactMap { name, value in
            value.sentence("\(subject) \"\(name)\"", notes: notes, longest: longest)
                .map { NamedValue(name: name, value: $0) }
        }
    }

    /// Values that are handed over to a job or a move: texts, whole numbers, and booleans where they are allowed.
    func values(_ subject: String, allowing: Set<String>, notes: FaultNotes) -> [NamedValue] {
        named(subject, notes: notes).compactMap { name, value in
            guard let word = value.text("\(subject) \"\(name)\"", notes: notes, allowing: allowing) else { return nil }
            if case .scalar(let text, isPlain: true) = value.content, let reading = BareWord.reading(of: text) {
                value.noteUnlessUnmistakable(text, reading: reading, allowing: allowing, notes: notes)
            }
            return NamedValue(name: name, value: word)
        }
    }

    /// Of the numbers and booleans only those that YAML 1.1 and 1.2 read alike.
    private func noteUnlessUnmistakable(_ text: String, reading: String, allowing: Set<String>, notes: FaultNotes) {
        guard allowing.contains(reading), !text.isNumber, !text.dropFirst().isCount || text.first != "-",
            text != "true", text != "false"
        else { return }
        notes.add("W002", at: location, "YAML 1.1 reads the bare word \(text) as \(reading); put it in quotes")
    }
}

extension [Word] {
    /// Leaves out, and notes, what is there already.
    func notingRepeats(_ subject: String, notes: FaultNotes) -> [Word] {
        var seen: Set<Word> = []
        return filter { word in
            guard seen.insert(word).inserted else {
                notes.add("W012", at: word.location, "\(subject) names \"\(word)\" twice")
                return false
            }
            return true
        }
    }
}
