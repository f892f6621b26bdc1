/// Words of a list, and whole keys, that were forgotten.
extension MachineFile {
    var forgottenWords: [Mutant] {
        var found: [Mutant] = []
        for move in allMoves {
            found += forgetting(.guardForgotten, "guard", of: move, "requires")
            found += forgetting(.applyForgotten, "apply", of: move, "apply")
            found += forgetting(.alreadyForgotten, "already", of: move, "already")
            found += outcomeGuards(of: move)
            found += without("system", of: move)
        }
        for timer in timers { found += forgetting(.guardForgotten, "guard", of: timer, "only_if") }
        for part in allMoves + timers + reactions { found += jobGuards(of: part) }
        for state in parts("states") { found += forgetting(.holdForgotten, "hold", of: state, "holds") }
        return found
    }

    private func forgetting(_ kind: Mutant.Kind, _ noun: String, of part: Part, _ key: String) -> [Mutant] {
        let words = part.words(key)
        return words.indices.flatMap {
            mutant(kind, part.name, "\(noun) \(words[$0]) forgotten", tree.dropping($0, at: part.path(key)))
        }
    }

    private func outcomeGuards(of move: Part) -> [Mutant] {
        move.outcomes.enumerated().flatMap { index, outcome -> [Mutant] in
            let words = outcome["when"]?.words ?? []
            return words.indices.flatMap {
                mutant(
                    .guardForgotten, move.name, "guard \(words[$0]) of outcome \(index + 1) forgotten",
                    tree.dropping($0, at: move.path("outcomes") + [.item(index), .key("when")]))
            }
        }
    }

    private func jobGuards(of part: Part) -> [Mutant] {
        part.jobs.enumerated().flatMap { index, item -> [Mutant] in
            guard let call = item.entries.first, let condition = call.value["only_if"]?.word else { return [] }
            return mutant(
                .guardForgotten, part.name, "guard \(condition) of job \(call.key)\(index) forgotten",
                tree.changing(part.path("jobs") + [.item(index), .key(call.key), .key("only_if")]) { _ in nil })
        }
    }

    private func without(_ role: String, of move: Part) -> [Mutant] {
        guard let index = move.words("who").firstIndex(of: role) else { return [] }
        return mutant(
            .systemForgotten, move.name, "\(role) forgotten", tree.dropping(index, at: move.path("who")))
    }

    var forgottenKeys: [Mutant] {
        var found: [Mutant] = []
        // A record locks itself anyway.
        if let lock = tree["locks_with"]?.word, lock != machine {
            found += mutant(.lockForgotten, nil, "lock forgotten", tree.changing([.key("locks_with")]) { _ in nil })
        }
        for move in allMoves {
            found += forgetting(.permissionForgotten, of: move, "permission")
            // A record may be made by a form that is reached without one.
            if move.name != "create" { found += forgetting(.buttonForgotten, of: move, "button") }
            if move.words("already").count > 1 { found += forgetting(.alreadyForgotten, of: move, "already") }
        }
        for timer in timers { found += forgetting(.ifMissedForgotten, of: timer, "if_missed") }
        for reaction in reactions {
            found += forgetting(.laterForgotten, of: reaction, "run")
            found += forgetting(.ifRefusedForgotten, of: reaction, "if_refused")
            if reaction.tree["if_refused"]?.word == "park" {
                found += mutant(
                    .parkIntoNote, reaction.name, "park turned into note",
                    tree.setting(reaction.path, "if_refused", .text("note")))
            }
        }
        let reasons = parts("may_rest_in")
        for reason in reasons {
            found += mutant(
                .restingReasonForgotten, nil, "may_rest_in \(reason.name) forgotten",
                tree.changing(reasons.count == 1 ? [.key("may_rest_in")] : reason.path) { _ in nil })
        }
        return found
    }

    private func forgetting(_ kind: Mutant.Kind, of part: Part, _ key: String) -> [Mutant] {
        guard part.tree[key] != nil else { return [] }
        return mutant(kind, part.name, "\(key) forgotten", tree.changing(part.path(key)) { _ in nil })
    }

    var taskMistakes: [Mutant] {
        var found: [Mutant] = []
        for part in allMoves + timers + reactions {
            found += forgetting(.taskNotOpened, "task", of: part, "opens")
        }
        for move in moves {
            found += forgetting(.taskNotClosed, "closing of task", of: move, "closes")
            for (index, outcome) in move.outcomes.enumerated() {
                for (place, task) in (outcome["closes"]?.words ?? []).enumerated() {
                    found += mutant(
                        .taskNotClosed, move.name, "closing of task \(task) by outcome \(index + 1) forgotten",
                        tree.dropping(place, at: move.path("outcomes") + [.item(index), .key("closes")]))
                }
            }
        }
        return found
    }

    var outcomeMistakes: [Mutant] {
        allMoves.flatMap { move -> [Mutant] in
            let outcomes = move.outcomes
            guard outcomes.count > 1,
                let condition = outcomes[outcomes.count - 2]["when"]
            else { return [] }
            let last = outcomes.count - 1
            let path = move.path("outcomes")
            return mutant(
                .noDefaultOutcome, move.name, "last outcome forgotten",
                tree.changing(path) { _ in .list(outcomes.dropLast()) })
                + mutant(
                    .noDefaultOutcome, move.name, "last outcome has a condition",
                    tree.setting(path + [.item(last)], "when", condition))
                + (0..<last).flatMap { index in
                    mutant(
                        .outcomesTurnedRound, move.name, "outcomes \(index + 1) and \(index + 2) turned round",
                        tree.changing(path) { _ in
                            var turned = outcomes
                            turned.swapAt(index, index + 1)
                            return .list(turned)
                        })
                }
                + (0..<last).flatMap { index in
                    mutant(
                        .outcomesTurnedRound, move.name, "targets \(index + 1) and \(index + 2) turned round",
                        tree.changing(path) { _ in Self.turned(outcomes, at: index) })
                }
        }
    }

    /// The targets of two outcomes change places, and their conditions stay.
    private static func turned(_ outcomes: [Tree], at index: Int) -> Tree? {
        guard let first = outcomes[index]["to"], let second = outcomes[index + 1]["to"] else { return nil }
        var turned = outcomes
        for (place, target) in [(index, second), (index + 1, first)] {
            guard let changed = outcomes[place].setting([], "to", target) else { return nil }
            turned[place] = changed
        }
        return .list(turned)
    }
}
