extension SourceNode {
    /// Reads `asks:`.
    func asks(of subject: String, notes: FaultNotes) -> [Ask] {
        named("\"asks\" of \(subject)", notes: notes).map { name, value in
            let subject = "input \"\(name)\" of \(subject)"
            let keys = MappingReader(value, subject: subject, at: name.location, notes: notes)
            let type = keys.required("type")?.text("the type of \(subject)", notes: notes)
            let kind = type.flatMap { Ask.Kind(word: $0, keys: keys, subject: subject) }
            let isRequired = keys.optional("required")?.boolean("\"required\" of \(subject)", notes: notes)
            let title = keys.optional("title")?.sentence("the title of \(subject)", notes: notes)
            keys.finish()
            return Ask(name: name, type: kind ?? .text, isRequired: isRequired ?? false, title: title?.text)
        }
    }
}

extension Ask.Kind {
    private static let plain: [String: Ask.Kind] = [
        "text": .text, "money": .money, "percent": .percent, "integer": .integer, "date": .date, "time": .time,
        "boolean": .boolean, "file": .file, "lines": .lines,
    ]

    fileprivate init?(word: Word, keys: MappingReader, subject: String) {
        let notes = keys.notes
        if word == "choice" {
            let values = keys.required("of")?.items("\"of\" of \(subject)", atLeast: 2, notes: notes)
                .compactMap { $0.text("\"of\" of \(subject)", notes: notes) }
            self = .choice((values ?? []).notingRepeats("\"of\" of \(subject)", notes: notes))
            return
        }
        if keys.optional("of") != nil {
            notes.add("W000", at: keys.place(of: "of"), "\(subject) has \"of\", which only a choice has")
        }
        guard let kind = Self.plain[word.text] else {
            let kinds = (Self.plain.keys + ["choice"]).sorted().joined(separator: ", ")
            notes.add("W000", at: word.location, "\(subject) has the type \"\(word)\", which is none of: \(kinds)")
            return nil
        }
        self = kind
    }
}
