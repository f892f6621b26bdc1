/// One arrow of a machine's diagram: a move, from one of its states, to one of its ends.
public struct DiagramEdge: Sendable, Hashable {
    /// The state that it leaves; nil where a record begins.
    public var from: String?
    /// The state that it leads to.
    public var to: String
    /// The move's name; `create` where a record begins.
    public var move: String
    /// What people call the move.
    public var title: String
    /// The guards of the outcome that leads here, in words; nil where it leads here anyway.
    public var condition: String?
    /// When it happens by itself: `15 days after due_date`.
    public var byItself: [String] = []
    /// Whether it is the way out of a final state.
    public var isCorrection: Bool

    /// What people call the move, under which outcome, and by which timer it happens.
    var label: String {
        title + (condition.map { " (\($0))" } ?? "") + byItself.map { ", by itself \($0)" }.joined()
    }

    /// Every arrow of a machine, in the order of its file.
    static func edges(of machine: Machine) -> [DiagramEdge] {
        let graph = StateGraph(machine, isDamaged: false)
        var edges = machine.create.ends(from: "").map {
            DiagramEdge(
                from: nil, to: $0.state, move: "create", title: machine.create.title, condition: $0.condition,
                isCorrection: false)
        }
        for move in machine.moves {
            let timers = machine.timers.filter { $0.fires == move.name }
            for from in move.from {
                let ways = graph.edges.filter { $0.from == from.text && $0.move == move.name.text }.map(\.to)
                let firing = timers.filter { $0.states.contains(from) }.map(\.when.phrase)
                for end in move.ends(from: from.text) {
                    // `previous` has as many ends as there are ways into the final state.
                    let states = end.state == "previous" && move.kind == .correction ? ways : [end.state]
                    edges += states.map {
                        DiagramEdge(
                            from: from.text, to: $0, move: move.name.text, title: move.title, condition: end.condition,
                            byItself: firing, isCorrection: move.kind == .correction)
                    }
                }
            }
        }
        return edges
    }
}

extension Machine {
    /// Every arrow of its diagram, in the order of its file; moves that stay lead from a state to itself.
    public var diagramEdges: [DiagramEdge] { DiagramEdge.edges(of: self) }
}

extension Move {
    /// The states it may end in when it starts in `from`, each with what has to hold for it.
    fileprivate func ends(from: String) -> [(state: String, condition: String?)] {
        func resolved(_ word: Word) -> String { word == "same" ? from : word.text }
        guard !outcomes.isEmpty else { return ends.map { (resolved($0), nil) } }
        return outcomes.map { rule in
            let guards = rule.when.map { $0.text.replacing("_", with: " ") }.joined(separator: " and ")
            return (resolved(rule.to), guards.isEmpty ? nil : guards)
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
