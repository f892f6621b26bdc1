/// Words that are not what they were meant to be, and keys that nobody knows.
extension MachineFile {
    /// Each word once per kind of place; the same slip in the tenth list of states teaches nothing new.
    var misspellings: [Mutant] {
        var seen: Set<String> = []
        return (stateWords + callWords + moveWords + reactionWords + otherWords).filter {
            seen.insert($0.key).inserted
        }.flatMap(\.mutants)
    }

    /// The word without its second letter, as fast fingers write it.
    static func misspelled(_ word: String) -> String {
        guard word.count > 2 else { return word + "x" }
        var letters = Array(word)
        letters.remove(at: letters[1] == letters[0] ? 2 : 1)
        return String(letters)
    }

    /// A word that is not what it was meant to be.
    private struct Slip {
        /// The same for the same word in the same kind of place.
        var key: String
        var mutants: [Mutant]
    }

    private func slip(
        _ kind: Mutant.Kind, _ noun: String, _ word: String, in place: String = "", of part: String?, _ tree: Tree?
    ) -> [Slip] {
        let what = [noun, word, place, "misspelled"].filter { !$0.isEmpty }.joined(separator: " ")
        return [Slip(key: "\(kind) \(noun) \(word)", mutants: mutant(kind, part, what, tree))]
    }

    /// A list, or a single word, with one misspelled after the other.
    private func slips(
        _ kind: Mutant.Kind, _ noun: String, in place: String = "", of part: String?, at path: [Tree.Step]
    ) -> [Slip] {
        guard let piece = path.reduce(Optional(tree), { piece, step in piece?.at(step) }) else { return [] }
        if let word = piece.word {
            return slip(
                kind, noun, word, in: place, of: part, tree.changing(path) { _ in .text(Self.misspelled(word)) })
        }
        return piece.items.enumerated().flatMap { index, item -> [Slip] in
            guard let word = item.word else { return [] }
            let changed = tree.changing(path + [.item(index)]) { _ in .text(Self.misspelled(word)) }
            return slip(kind, noun, word, in: place, of: part, changed)
        }
    }

    private var stateWords: [Slip] {
        var found = slips(.misspelledState, "initial state", of: nil, at: [.key("initial")])
        found += slips(.misspelledState, "final state", of: nil, at: [.key("final")])
        for state in tree["may_rest_in"]?.entries.map(\.key) ?? [] {
            let changed = tree.renaming([.key("may_rest_in")], state, to: Self.misspelled(state))
            found += slip(.misspelledState, "may_rest_in", state, of: nil, changed)
        }
        for fact in parts("facts") {
            found += slips(.misspelledState, "may_be_missing_in", of: fact.name, at: fact.path("may_be_missing_in"))
        }
        for move in moves {
            for key in ["from", "already"] {
                found += slips(.misspelledState, key, of: move.name, at: move.path(key))
            }
            let target = move.tree["to"]?.word
            if target != "same", target != "previous" {
                found += slips(.misspelledState, "target", of: move.name, at: move.path("to"))
            }
        }
        for move in allMoves {
            for (index, outcome) in move.outcomes.enumerated() where outcome["to"]?.word != "same" {
                found += slips(
                    .misspelledState, "outcome", of: move.name, at: move.path("outcomes") + [.item(index), .key("to")])
            }
        }
        for timer in timers { found += slips(.misspelledState, "while", of: timer.name, at: timer.path("while")) }
        return found
    }

    /// Guards, applies, holds.
    private var moveWords: [Slip] {
        var found: [Slip] = []
        for move in allMoves {
            found += slips(.misspelledGuard, "guard", of: move.name, at: move.path("requires"))
            found += slips(.misspelledApply, "apply", of: move.name, at: move.path("apply"))
            for index in move.outcomes.indices {
                found += slips(
                    .misspelledGuard, "outcome's guard", of: move.name,
                    at: move.path("outcomes") + [.item(index), .key("when")])
            }
        }
        for timer in timers { found += slips(.misspelledGuard, "only_if", of: timer.name, at: timer.path("only_if")) }
        for state in parts("states") {
            found += slips(.misspelledGuard, "hold", of: state.name, at: state.path("holds"))
        }
        return found
    }

    /// Jobs with their parameters and conditions.
    private var callWords: [Slip] {
        (allMoves + timers + reactions).flatMap { part in
            part.jobs.enumerated().flatMap { index, item -> [Slip] in
                guard let call = item.entries.first else { return [] }
                let path = part.path("jobs") + [.item(index)]
                let place = "of job \(index + 1)"
                let job = slip(
                    .misspelledJob, "job", call.key, in: place, of: part.name,
                    tree.renaming(path, call.key, to: Self.misspelled(call.key)))
                return job
                    + call.value.entries.flatMap { parameter -> [Slip] in
                        let value = path + [.key(call.key), .key(parameter.key)]
                        guard parameter.key != "only_if" else {
                            return slips(.misspelledGuard, "job's only_if", in: place, of: part.name, at: value)
                        }
                        let renamed = tree.renaming(
                            path + [.key(call.key)], parameter.key, to: Self.misspelled(parameter.key))
                        return slip(
                            .misspelledParameter, "parameter", parameter.key, in: place, of: part.name, renamed)
                            + slips(.misspelledParameter, parameter.key, in: place, of: part.name, at: value)
                    }
            }
        }
    }

    private var reactionWords: [Slip] {
        reactions.flatMap { reaction in
            slips(.misspelledFinder, "finder", of: reaction.name, at: reaction.path("find"))
                + slips(.misspelledFactory, "factory", of: reaction.name, at: reaction.path("create"))
                + slips(.misspelledWord, "move", of: reaction.name, at: reaction.path("do"))
                + eventWords(of: reaction)
        }
    }

    /// `order enters cancelled`: the machine, the verb, the state or move.
    private func eventWords(of reaction: Part) -> [Slip] {
        let events = reaction.words("when")
        return events.indices.flatMap { index -> [Slip] in
            let words = events[index].split(separator: " ").map(String.init)
            guard words.count == 3 else { return [] }
            let path = reaction.path("when") + (events.count > 1 ? [.item(index)] : [])
            return words.indices.flatMap { place in
                var changed = words
                changed[place] = Self.misspelled(words[place])
                let isState = place == 2 && words[1] != "does"
                return slip(
                    isState ? .misspelledState : .misspelledWord, "event's", words[place],
                    in: "in \(events[index])", of: reaction.name,
                    tree.changing(path) { _ in .text(changed.joined(separator: " ")) })
            }
        }
    }

    /// Roles, permissions, separations, tasks, locks and the moves that set facts.
    private var otherWords: [Slip] {
        var found = slips(.misspelledWord, "lock", of: nil, at: [.key("locks_with")])
        for move in allMoves {
            for (key, noun) in [
                ("who", "role"), ("permission", "permission"), ("not_by", "separation"), ("opens", "task"),
                ("closes", "closed task"),
            ] {
                found += slips(.misspelledWord, noun, of: move.name, at: move.path(key))
            }
        }
        for part in timers + reactions {
            found += slips(.misspelledWord, "task", of: part.name, at: part.path("opens"))
        }
        for fact in parts("facts") {
            found += slips(.misspelledWord, "setter", of: fact.name, at: fact.path("set_by"))
        }
        return found
    }

    /// One key of every part that is not what it was meant to be; which one goes round.
    var unknownKeys: [Mutant] {
        let shaped = parts("states").filter { !$0.tree.entries.isEmpty }
        let asks = moves.flatMap { move in
            (move.tree["asks"]?.entries ?? []).map {
                Part(name: "\(move.name).\($0.key)", path: move.path("asks", $0.key), tree: $0.value)
            }
        }
        let whole = Part(name: "file", path: [], tree: tree)
        let parts = [whole] + allMoves + timers + reactions + parts("facts") + shaped + asks
        return parts.enumerated().flatMap { index, part -> [Mutant] in
            let keys = part.tree.entries.map(\.key)
            guard !keys.isEmpty else { return [] }
            let key = keys[index % keys.count]
            return mutant(
                .unknownKey, part.name, "key \(key) misspelled",
                tree.renaming(part.path, key, to: Self.misspelled(key)))
        }
    }
}

extension Tree {
    fileprivate func at(_ step: Step) -> Tree? {
        switch step {
        case .key(let key): self[key]
        case .item(let index): items.indices.contains(index) ? items[index] : nil
        }
    }
}
