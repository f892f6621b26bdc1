/// Parts that are gone, ways that were forgotten, and ways that lead somewhere else.
extension MachineFile {
    var deletions: [Mutant] {
        moves.flatMap { mutant(.moveDeleted, $0.name, "move deleted", without($0)) }
            + timers.flatMap { mutant(.timerDeleted, $0.name, "timer deleted", without($0)) }
            + reactions.flatMap { mutant(.reactionDeleted, $0.name, "reaction deleted", without($0)) }
    }

    /// The last part of a section takes the section with it.
    private func without(_ part: Part) -> Tree? {
        let section = part.path.dropLast()
        let isLast = section.last.map { if case .key(let key) = $0 { parts(key).count == 1 } else { false } } ?? false
        return tree.changing(isLast ? Array(section) : part.path) { _ in nil }
    }

    var forgottenWays: [Mutant] {
        let events = reactions.flatMap { reaction -> [Mutant] in
            let events = reaction.words("when")
            guard events.count > 1 else { return [] }
            return events.indices.flatMap { index -> [Mutant] in
                let left = events.enumerated().filter { $0.offset != index }.map(\.element)
                return mutant(
                    .eventForgotten, reaction.name, "event \"\(events[index])\" forgotten",
                    tree.changing(reaction.path("when")) { _ in left.count == 1 ? .text(left[0]) : .words(left) })
            }
        }
        let starts = moves.flatMap { move -> [Mutant] in
            let states = move.words("from")
            guard states.count > 1 else { return [] }
            return states.indices.flatMap { index in
                mutant(
                    .fromForgotten, move.name, "from-state \(states[index]) forgotten",
                    tree.dropping(index, at: move.path("from")))
            }
        }
        return events + starts
    }

    var wrongTargets: [Mutant] {
        let exits = transitions.flatMap { move -> [Mutant] in
            let from = move.words("from")
            let targets = move.tree["to"].map(\.words) ?? move.outcomes.compactMap { $0["to"]?.word }
            // A move that stays where it is, or ends there anyway, leaves nothing.
            let left = final.first { state in
                !from.contains(state) && targets.contains { $0 != "same" && $0 != state }
            }
            guard let state = left else { return [] }
            return mutant(
                .finalStateLeft, move.name, "final state \(state) left",
                tree.setting(move.path, "from", .words(from + [state])))
        }
        let targets = allMoves.flatMap { move -> [Mutant] in
            var paths = [move.path("to")]
            paths += move.outcomes.indices.map {
                move.path("outcomes") + [.item($0), .key("to")]
            }
            return paths.flatMap { path -> [Mutant] in
                var wrong = (old: "", new: "")
                let changed = tree.changing(path) { target in
                    guard let old = target.word else { return target }
                    wrong = (old, next(after: old, from: move.words("from")))
                    return .text(wrong.new)
                }
                guard !wrong.old.isEmpty else { return [] }
                return mutant(.wrongTarget, move.name, "target \(wrong.old) turned into \(wrong.new)", changed)
            }
        }
        return exits + targets
    }

    /// The state that stands next in the file, which is where a slip of the eye leads.
    private func next(after target: String, from: [String]) -> String {
        let base = target == "same" || target == "previous" ? from.first ?? "" : target
        guard let index = states.firstIndex(of: base) else { return states.first ?? "" }
        return states[(index + 1) % states.count]
    }
}
