/// What happens by itself: timers that cannot fire, and moves that do not get their inputs.
extension MachineFile {
    var timerMistakes: [Mutant] {
        timers.flatMap { anchorMistakes(of: $0) + stateMistakes(of: $0) + moveMistakes(of: $0) } + factMistakes
    }

    private func anchorMistakes(of timer: Part) -> [Mutant] {
        guard let when = timer.tree["when"]?.word else { return [] }
        let words = when.split(separator: " ").map(String.init)
        guard let anchor = words.last else { return [] }
        let changed = (words.dropLast() + [Self.misspelled(anchor)]).joined(separator: " ")
        var found = mutant(
            .timerFromNothing, timer.name, "counts from \(Self.misspelled(anchor))",
            tree.changing(timer.path("when")) { _ in .text(changed) })
        if when.hasSuffix("after entering") {
            let before = when.replacing("after entering", with: "before entering")
            found += mutant(
                .timerFromNothing, timer.name, "counts before entering",
                tree.changing(timer.path("when")) { _ in .text(before) })
        }
        return found
    }

    /// The fact that a timer counts from is not declared, or a move that sets it is not named.
    private var factMistakes: [Mutant] {
        let facts = parts("facts")
        return facts.flatMap { fact -> [Mutant] in
            let setters = fact.words("set_by")
            return mutant(
                .timerFromNothing, fact.name, "fact not declared",
                tree.changing(facts.count == 1 ? [.key("facts")] : fact.path) { _ in nil })
                + setters.indices.filter { !["create", "edit"].contains(setters[$0]) }.flatMap {
                    mutant(
                        .timerFromNothing, fact.name, "setter \(setters[$0]) forgotten",
                        tree.dropping($0, at: fact.path("set_by")))
                }
        }
    }

    private func stateMistakes(of timer: Part) -> [Mutant] {
        let states = timer.words("while")
        return final.filter { !states.contains($0) }.flatMap {
            mutant(
                .timerInFinalState, timer.name, "waits in \($0)",
                tree.setting(timer.path, "while", .words(states + [$0])))
        }
    }

    private func moveMistakes(of timer: Part) -> [Mutant] {
        guard let fires = timer.tree["fires"]?.word else { return [] }
        let unknown = mutant(
            .timerFiresUnknown, timer.name, "fires \(Self.misspelled(fires))",
            tree.changing(timer.path("fires")) { _ in .text(Self.misspelled(fires)) })
        let states = timer.words("while")
        let impossible = moves.filter { move in move.name != fires && !states.allSatisfy(move.words("from").contains) }
        return unknown
            + impossible.prefix(4).flatMap { move in
                mutant(
                    .timerFiresImpossible, timer.name, "fires \(move.name)",
                    tree.changing(timer.path("fires")) { _ in .text(move.name) })
            }
    }

    var inputMistakes: [Mutant] {
        (timers + reactions).flatMap { part -> [Mutant] in
            let inputs = part.tree["with"]?.entries ?? []
            let missing = inputs.flatMap { input in
                mutant(
                    .inputMissing, part.name, "input \(input.key) missing",
                    tree.changing(part.path("with") + (inputs.count == 1 ? [] : [.key(input.key)])) { _ in nil })
            }
            let more = Tree.mapping(inputs + [Tree.Entry(key: "colour", value: .text("green"))])
            let madeUp = mutant(
                .inputMadeUp, part.name, "input colour made up", tree.setting(part.path, "with", more))
            guard part.tree["when"]?.word?.split(separator: " ").first != nil, part.tree["while"] == nil else {
                return missing + madeUp
            }
            let sources = part.words("when").compactMap { $0.split(separator: " ").first.map(String.init) }
            let stranger = machines.first { !sources.contains($0) } ?? machine
            let wrong = inputs.flatMap { input -> [Mutant] in
                let field = input.value.word?.split(separator: ".").last.map(String.init) ?? input.key
                let column = field.contains(" ") ? input.key : field
                return mutant(
                    .inputOfWrongRecord, part.name, "input \(input.key) read from \(stranger)",
                    tree.changing(part.path("with", input.key)) { _ in .text("\(stranger).\(column)") })
            }
            return missing + madeUp + wrong
        }
    }
}
