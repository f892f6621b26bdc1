/// A machine file and the mistakes that can be made in it; each family of mistakes is an extension in a file of its own.
struct MachineFile {
    let file: String
    let tree: Tree
    /// All machines of the folder.
    let machines: [String]

    /// A named part of the file: a move, a timer, a reaction.
    struct Part {
        var name: String
        var path: [Tree.Step]
        var tree: Tree
    }

    var machine: String { String(file.dropLast(".yaml".count)) }

    var states: [String] { tree["states"]?.entries.map(\.key) ?? [] }

    var final: [String] { tree["final"]?.words ?? [] }

    var create: Part? { tree["create"].map { Part(name: "create", path: [.key("create")], tree: $0) } }

    var transitions: [Part] { parts("transitions") }

    var corrections: [Part] { parts("corrections") }

    var moves: [Part] { transitions + corrections }

    var allMoves: [Part] { [create].compactMap { $0 } + moves }

    var timers: [Part] { parts("timers") }

    var reactions: [Part] { parts("reacts_to") }

    var mistakes: [Mutant] {
        misspellings + unknownKeys + deletions + forgottenWays + wrongTargets + forgottenWords + forgottenKeys
            + taskMistakes + outcomeMistakes + timerMistakes + inputMistakes
    }

    func parts(_ key: String) -> [Part] {
        tree[key]?.entries.map { Part(name: $0.key, path: [.key(key), .key($0.key)], tree: $0.value) } ?? []
    }

    /// A mutant of a changed tree; none when nothing is left of it.
    func mutant(_ kind: Mutant.Kind, _ part: String?, _ what: String, _ tree: Tree?) -> [Mutant] {
        guard let tree else { return [] }
        let place = part.map { "\(machine).\($0)" } ?? machine
        return [Mutant(file: file, text: tree.yaml, kind: kind, name: "\(place): \(what)")]
    }
}

extension MachineFile.Part {
    func path(_ keys: String...) -> [Tree.Step] { path + keys.map { .key($0) } }

    /// The words under a key, one or several.
    func words(_ key: String) -> [String] { tree[key]?.words ?? [] }

    var outcomes: [Tree] { tree["outcomes"]?.items ?? [] }

    var jobs: [Tree] { tree["jobs"]?.items ?? [] }
}

extension Tree {
    /// The tree without the word at an index of a list; without the key when no word is left.
    func dropping(_ index: Int, at path: [Step]) -> Tree? {
        changing(path) { list in
            let words = list.items.enumerated().filter { $0.offset != index }.map(\.element)
            return words.isEmpty ? nil : .list(words)
        }
    }
}
