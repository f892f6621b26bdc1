/// The states of a machine and the ways between them.
struct StateGraph {
    /// One way from state to state, or from a state to itself.
    struct Edge: Hashable {
        var from: String
        var to: String
        var move: String
    }

    /// Every way, in the order of the file; those that stay in their state are among them.
    private(set) var edges: [Edge] = []
    /// Where records begin.
    let starts: Set<String>
    /// States that a record can be in.
    private(set) var reachable: Set<String> = []
    /// Whether the file names unknown states or could not be read in full; then what cannot be reached is not known.
    let isGuesswork: Bool
    private let final: Set<String>

    init(_ machine: Machine, isDamaged: Bool) {
        let known = Set(machine.states.map(\.name.text))
        final = Set(machine.final.map(\.text))
        let ends = machine.moves.flatMap { move in
            move.ends.map(\.text).filter { $0 != "same" && !($0 == "previous" && move.kind == .correction) }
        }
        let named = ends + machine.moves.flatMap { $0.from.map(\.text) } + machine.create.ends.map(\.text)
        isGuesswork = isDamaged || !known.isSuperset(of: named + [machine.initial.text] + final)
        starts = Set(machine.create.ends.map(\.text) + [machine.initial.text]).intersection(known)

        // `previous` leads back to where the final state was entered from, so corrections come second.
        for move in machine.transitions { add(move) }
        for move in machine.corrections { add(move) }
        edges = edges.filter { known.contains($0.from) && known.contains($0.to) }
        reachable = closure(of: starts) { edge in (edge.from, edge.to) }
    }

    private mutating func add(_ move: Move) {
        for from in move.from {
            for end in move.ends {
                for to in destinations(of: end.text, from: from.text, isCorrection: move.kind == .correction) {
                    edges.append(Edge(from: from.text, to: to, move: move.name.text))
                }
            }
        }
    }

    private func destinations(of end: String, from: String, isCorrection: Bool) -> [String] {
        switch end {
        case "same": [from]
        case "previous" where isCorrection:
            edges.filter { $0.to == from && !final.contains($0.from) }.map(\.from)
        default: [end]
        }
    }

    /// The states from which one of `targets` can be reached, they themselves included.
    func canReach(_ targets: Set<String>) -> Set<String> {
        closure(of: targets) { edge in (edge.to, edge.from) }
    }

    /// Whether a state can be left for another.
    func canLeave(_ state: String) -> Bool { edges.contains { $0.from == state && $0.to != state } }

    /// Whether a state can ever be entered: at the beginning, or from another one.
    func canEnter(_ state: String) -> Bool {
        starts.contains(state) || edges.contains { $0.to == state && $0.from != state && reachable.contains($0.from) }
    }

    private func closure(of start: Set<String>, along way: (Edge) -> (String, String)) -> Set<String> {
        var (found, open) = (start, Array(start))
        while let state = open.popLast() {
            for edge in edges {
                let (from, to) = way(edge)
                if from == state, found.insert(to).inserted { open.append(to) }
            }
        }
        return found
    }
}
