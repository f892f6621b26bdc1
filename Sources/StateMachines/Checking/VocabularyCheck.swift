/// W024, W140 to W143: the vocabulary is understood, and nothing stands in it that nobody says.
struct VocabularyCheck {
    let files: WorkflowFiles

    var vocabulary: Vocabulary { files.vocabulary }

    var faults: [Fault] { unusedWords + unusedMarks + modelFaults + referenceFaults + statusFaults }

    /// Words that the engine uses by itself.
    private static let ownTasks: Set<String> = ["refused_reaction", "refused_service"]

    /// W024; silent while a file cannot be read in full, for the word may stand there.
    private var unusedWords: [Fault] {
        guard files.damaged.isEmpty, files.unread.isEmpty else { return [] }
        let uses = files.machines.map { WordUses($0) }
        return WordKind.allCases.flatMap { kind in
            var used = Set(uses.flatMap { $0[kind].map(\.text) })
            switch kind {
            case .task: used.formUnion(Self.ownTasks)
            case .permission: used.formUnion(vocabulary.tasks.map(\.permission.text))
            case .zone: used.insert("company")  // Days and times count in it where none is named.
            default: break
            }
            return kind.entries(of: vocabulary).filter { !used.contains($0.text) }.map {
                Fault("W024", $0, "\(kind.rawValue) \"\($0)\" is used nowhere; leave it out")
            }
        }
    }

    /// W024 for marks, which the vocabulary itself uses.
    private var unusedMarks: [Fault] {
        guard files.damaged.isEmpty, files.unread.isEmpty else { return [] }
        let changed = vocabulary.applies.flatMap { $0.sets + $0.clears + $0.maySet + $0.mayClear }
        let made = vocabulary.factories.flatMap(\.sets)
        let read = models.flatMap { (try? Condition(parsing: $0.text))?.parts ?? [] }
        return vocabulary.marks.map(\.name).filter { mark in
            !changed.contains(mark) && !made.contains(mark) && !read.contains(.word(mark.text))
        }.map { Fault("W024", $0, "mark \"\($0)\" is used nowhere; leave it out") }
    }

    /// W143.
    private var statusFaults: [Fault] {
        vocabulary.guards.filter { !["403", "409", "422"].contains($0.status.text) }.map {
            Fault("W143", $0.status, "guard \"\($0.name)\" has the status \($0.status); a refusal is 403, 409 or 422")
        }
    }

    /// Every condition of the product check.
    var models: [Word] {
        vocabulary.guards.compactMap(\.model) + vocabulary.finders.compactMap(\.model)
            + vocabulary.factories.compactMap(\.model)
    }
}
