extension Vocabulary {
    /// Reads `vocabulary.yaml`; sections that are missing are empty.
    init(reading node: SourceNode, notes: FaultNotes) {
        let keys = MappingReader(node, subject: "the vocabulary", at: node.location, notes: notes)
        func names(_ key: String) -> [Word] { keys.optional(key)?.names("\"\(key)\"", notes: notes) ?? [] }
        func entries(_ key: String) -> [Entry] {
            keys.optional(key)?.sentences("\"\(key)\"", longest: Entry.longest, notes: notes)
                .map { Entry(name: $0.name, says: $0.value.text) } ?? []
        }
        func words<Item>(_ key: String, _ read: (Word, MappingReader) -> Item) -> [Item] {
            keys.optional(key)?.named("\"\(key)\"", notes: notes).map { name, value in
                let subject = "\"\(name)\" of \"\(key)\""
                let parts = MappingReader(value, subject: subject, at: name.location, notes: notes)
                let item = read(name, parts)
                parts.finish()
                return item
            } ?? []
        }
        self.init(
            locks: names("locks"), roles: words("roles", Role.init), separations: entries("separations"),
            permissions: keys.optional("permissions")?.permissions(notes: notes) ?? [], zones: entries("zones"),
            recipients: entries("recipients"), tasks: words("tasks", Task.init), marks: entries("marks"),
            guards: words("guards", Guard.init), applies: words("applies", Apply.init), jobs: words("jobs", Job.init),
            notices: keys.optional("notices")?.notices(notes: notes) ?? [],
            templates: names("templates"), documents: names("documents"), stages: names("stages"),
            methods: names("methods"), finders: words("finders", Finder.init),
            factories: words("factories", Factory.init))
        keys.finish()
    }
}

extension Vocabulary.Entry {
    /// The longest explanation of a word.
    static let longest = 500
}

extension SourceNode {
    /// Reads `name: N-16`, or `name: { is: N-16, once: true }`.
    fileprivate func notices(notes: FaultNotes) -> [Vocabulary.Notice] {
        named("\"notices\"", notes: notes).compactMap { name, value in
            guard case .mapping = value.content else {
                return value.sentence("notice \"\(name)\"", notes: notes)
                    .map { Vocabulary.Notice(name: name, stands: $0.text) }
            }
            let keys = MappingReader(value, subject: "notice \"\(name)\"", at: name.location, notes: notes)
            let notice = Vocabulary.Notice(name: name, stands: keys.sentence("is"), isOnce: keys.flag("once"))
            keys.finish()
            return notice
        }
    }

    fileprivate func permissions(notes: FaultNotes) -> [Word] {
        items("\"permissions\"", notes: notes).compactMap { $0.permission(of: "the vocabulary", notes: notes) }
            .notingRepeats("\"permissions\"", notes: notes)
    }
}

/// The keys that several kinds of words have in common.
extension MappingReader {
    /// A text that has to be there.
    fileprivate func sentence(_ key: String) -> String {
        required(key)?
            .sentence("\"\(key)\" of \(subject)", notes: notes, longest: Vocabulary.Entry.longest)?.text ?? ""
    }

    fileprivate func optionalText(_ key: String) -> Word? {
        optional(key)?.text("\"\(key)\" of \(subject)", notes: notes)
    }

    fileprivate func name(_ key: String) -> Word {
        required(key)?.name("\"\(key)\" of \(subject)", notes: notes) ?? Word("", at: location)
    }

    fileprivate func names(_ key: String) -> [Word] {
        optional(key)?.names("\"\(key)\" of \(subject)", notes: notes) ?? []
    }

    fileprivate func flag(_ key: String) -> Bool {
        optional(key)?.boolean("\"\(key)\" of \(subject)", notes: notes) ?? false
    }
}

extension Vocabulary.Role {
    fileprivate init(_ name: Word, _ keys: MappingReader) {
        let kind = keys.required("kind")?.choice("the kind of \(keys.subject)", of: Kind.self, notes: keys.notes)
        self.init(name: name, title: keys.sentence("title"), kind: kind ?? .person, repeats: keys.flag("repeats"))
    }
}

extension Vocabulary.Task {
    fileprivate init(_ name: Word, _ keys: MappingReader) {
        let permission = keys.required("for")?.permission(of: keys.subject, notes: keys.notes)
        self.init(name: name, title: keys.sentence("title"), permission: permission ?? Word("", at: name.location))
    }
}

extension Vocabulary.Guard {
    fileprivate init(_ name: Word, _ keys: MappingReader) {
        let status = keys.optional("status")?
            .text("the status of \(keys.subject)", notes: keys.notes, allowing: ["a number"])
        let code = keys.optional("code")?.name("the code of \(keys.subject)", notes: keys.notes)
        self.init(
            name: name, says: keys.sentence("says"), refusal: keys.sentence("refusal"), code: code?.text,
            status: status ?? Word("409", at: name.location), means: keys.optionalText("means")?.text,
            model: keys.optionalText("model"), rule: keys.optionalText("rule")?.text)
    }
}

extension Vocabulary.Apply {
    fileprivate init(_ name: Word, _ keys: MappingReader) {
        self.init(
            name: name, says: keys.sentence("says"), facts: keys.names("facts"), sets: keys.names("sets"),
            clears: keys.names("clears"), maySet: keys.names("may_set"), mayClear: keys.names("may_clear"),
            rule: keys.optionalText("rule")?.text)
    }
}

extension Vocabulary.Job {
    fileprivate init(_ name: Word, _ keys: MappingReader) {
        _ = keys.required("with")
        self.init(
            name: name, says: keys.sentence("says"), parameters: keys.names("with"), key: keys.sentence("key"),
            stands: keys.optionalText("is")?.text)
    }
}

extension Vocabulary.Finder {
    fileprivate init(_ name: Word, _ keys: MappingReader) {
        self.init(
            name: name, says: keys.sentence("says"), gives: keys.name("gives"), states: keys.names("in"),
            crosses: keys.flag("crosses"), others: keys.flag("others"), model: keys.optionalText("model"))
    }
}

extension Vocabulary.Factory {
    fileprivate init(_ name: Word, _ keys: MappingReader) {
        self.init(
            name: name, says: keys.sentence("says"), makes: keys.name("makes"), model: keys.optionalText("model"),
            sets: keys.names("sets"), replaces: keys.flag("replaces"), rule: keys.optionalText("rule")?.text)
    }
}
