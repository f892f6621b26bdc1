/// One machine as a page: what it is about, its states, moves, timers and reactions, and what is refused.
struct LifecyclePage {
    let machine: Machine
    let files: WorkflowFiles

    var vocabulary: Vocabulary { files.vocabulary }

    var text: String {
        let sections = [
            introduction, states, diagram,
            section("Moves", moveTable([machine.create] + machine.transitions)),
            section("Corrections", moveTable(machine.corrections), note: Self.correctionNote),
            section("By itself, at its time", timers), section("By itself, after other moves", reactions),
            section("What follows elsewhere", followers), section("Refusals", refusals), section("Tasks", tasks), graph,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: [""]).joined(separator: "\n") + "\n"
    }

    private static let correctionNote =
        "The only ways out of a final state. Each asks for a reason besides what is listed."

    private func section(_ title: String, _ lines: [String], note: String? = nil) -> [String] {
        guard !lines.isEmpty else { return [] }
        return ["## \(title)", ""] + (note.map { [$0, ""] } ?? []) + lines
    }

    private var introduction: [String] {
        let lock = machine.locksWith ?? machine.name
        let about = machine.about.map { [$0.markdown, ""] } ?? []
        return ["# \(machine.title.markdown)", "", generatedNote, ""] + about + [
            "Its state is `\(machine.entity).\(machine.field)`; the lock of its \(lock.text.replacing("_", with: " "))"
                + " is taken first. Version \(machine.version) of `\(machine.name).yaml`;"
                + " [how to read this](README.md#how-to-read-a-page)."
        ]
    }

    private var states: [String] {
        let rows = machine.states.map { state -> [String] in
            let isInitial = state.name == machine.initial
            let name = isInitial ? "**\(state.name.text.code)**" : state.name.text.code
            return [
                machine.isFinal(state.name.text) ? name + " ◼" : name,
                [state.title.markdown, (state.about ?? "").markdown].stacked, notes(on: state).stacked,
            ]
        }
        return section("States", MarkdownTable(["State", "Title", "On entering, and while in it"], rows).lines)
    }

    private func notes(on state: State) -> [String] {
        let stamp = state.stamps.map { "sets \($0.text.code)" } ?? ""
        let holds = state.holds.map { "holds: \(vocabulary.sentence(ofGuard: $0).inSentence)" }
        let reason = machine.restingReasons.first { $0.name == state.name }
        return [stamp] + holds + [reason.map { "may rest: \($0.value.text.markdown.inSentence)" } ?? ""]
    }

    private var diagram: [String] {
        section("Diagram", ["```mermaid"] + machine.mermaid.split(separator: "\n").map(String.init) + ["```"])
    }

    private var graph: [String] {
        ["<details><summary>The same for Graphviz</summary>", "", "```dot"]
            + machine.dot.split(separator: "\n").map(String.init) + ["```", "", "</details>"]
    }

    private func moveTable(_ moves: [Move]) -> [String] {
        let columns = ["Move", "From → to", "Who", "Refused unless", "Asks", "Changes → jobs"]
        return MarkdownTable(columns, moves.map(row)).lines
    }

    private func row(_ move: Move) -> [String] {
        let already = move.already.isEmpty ? "" : "already: \(names(move.already))"
        let from = move.kind == .create ? "–" : names(move.from)
        let effects = move.apply.map { vocabulary.sentence(ofApply: $0) }
        return [
            [move.name.text.code, move.title.markdown].stacked, ["\(from) → \(target(of: move))", already].stacked,
            who(move), move.requires.map { vocabulary.sentence(ofGuard: $0) }.stacked,
            move.asks.map(Self.input).listed, (effects + consequences(of: move)).stacked,
        ]
    }

    private func consequences(of move: Move) -> [String] {
        move.jobs.map { "→ " + vocabulary.sentence(of: $0) }
            + move.opens.map { "opens the task \($0.text.code)" }
            + move.closes.map { "closes the task \($0.text.code)" }
    }

    private func target(of move: Move) -> String {
        guard !move.outcomes.isEmpty else { return Self.target(move.ends[0]) }
        return move.outcomes.map { outcome in
            let conditions = outcome.when.map { vocabulary.sentence(ofGuard: $0).inSentence }
            let more =
                outcome.jobs.map { "→ " + vocabulary.sentence(of: $0) }
                + outcome.closes.map { "closes the task \($0.text.code)" }
            let condition = conditions.isEmpty ? "otherwise" : "if " + conditions.joined(separator: " and ")
            return ([Self.target(outcome.to) + " " + condition] + more).joined(separator: ", ")
        }.stacked
    }

    private static func target(_ word: Word) -> String {
        switch word.text {
        case "same": "*stays*"
        case "previous": "the state before"
        default: "**\(word.text.code)**"
        }
    }

    private func who(_ move: Move) -> String {
        let roles = move.who.map { role in
            role == "admin" ? "admin" + (move.permission.map { " (\($0.text.code))" } ?? "") : role.text
        }
        let barred = move.notBy.map { "not " + vocabulary.sentence(ofSeparation: $0) }
        return ([roles.listed] + barred).stacked
    }

    private static func input(_ ask: Ask) -> String { ask.name.text.code + (ask.isRequired ? "\\*" : "") }

    func names(_ words: [Word]) -> String { words.map(\.text.code).listed }
}
