/// One arrow of a machine's diagram.
struct DiagramEdge {
    /// Nil where a record begins.
    var from: String?
    var to: String
    /// What people call the move, under which outcome, and by which timer it happens.
    var label: String
    var isCorrection: Bool

    /// Every arrow of a machine, in the order of its file.
    static func edges(of machine: Machine) -> [DiagramEdge] {
        let graph = StateGraph(machine, isDamaged: false)
        var edges = machine.create.ends(from: "").map {
            DiagramEdge(from: nil, to: $0.state, label: machine.create.title + $0.note, isCorrection: false)
        }
        for move in machine.moves {
            let timers = machine.timers.filter { $0.fires == move.name }
            for from in move.from {
                let ways = graph.edges.filter { $0.from == from.text && $0.move == move.name.text }.map(\.to)
                let firing = timers.filter { $0.states.contains(from) }.map { ", by itself \($0.when.phrase)" }.joined()
                for end in move.ends(from: from.text) {
                    // `previous` has as many ends as there are ways into the final state.
                    let states = end.state == "previous" && move.kind == .correction ? ways : [end.state]
                    edges += states.map {
                        DiagramEdge(
                            from: from.text, to: $0, label: move.title + end.note + firing,
                            isCorrection: move.kind == .correction)
                    }
                }
            }
        }
        return edges
    }
}

extension Move {
    /// The states it may end in when it starts in `from`, each with what has to hold for it.
    fileprivate func ends(from: String) -> [(state: String, note: String)] {
        func resolved(_ word: Word) -> String { word == "same" ? from : word.text }
        guard !outcomes.isEmpty else { return ends.map { (resolved($0), "") } }
        return outcomes.map { rule in
            let guards = rule.when.map { $0.text.replacing("_", with: " ") }.joined(separator: " and ")
            return (resolved(rule.to), guards.isEmpty ? "" : " (\(guards))")
        }
    }
}

extension RelativeMoment {
    /// `3 days before due_date`.
    var phrase: String {
        guard let distance else { return "at \(anchor)" }
        return "\(distance.phrase) \(isBefore ? "before" : "after") \(anchor)"
    }
}
