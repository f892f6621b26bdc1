/// Which moves follow from which, over all machines.
struct ReactionGraph {
    /// A move of a machine.
    struct Node: Hashable, CustomStringConvertible {
        var machine: String
        var move: String

        var description: String { "\(machine).\(move)" }
    }

    /// A reaction that makes one move follow from another.
    struct Edge {
        var to: Node
        var machine: Machine
        var reaction: Reaction
    }

    /// A cascade that is deeper than the engine follows is refused.
    static let deepest = 8

    private(set) var edges: [Node: [Edge]] = [:]
    private var order: [Node] = []

    init(_ files: WorkflowFiles) {
        let followers = files.machines.flatMap { machine in machine.reactions.map { (machine, $0) } }
        for source in files.machines {
            for move in [source.create] + source.moves {
                let node = Node(machine: source.name.text, move: move.name.text)
                order.append(node)
                for (machine, reaction) in followers where reaction.answers(move, of: source) {
                    guard let to = reaction.move ?? (reaction.create == nil ? nil : machine.create.name) else {
                        continue
                    }
                    let target = Node(machine: machine.name.text, move: to.text)
                    edges[node, default: []].append(Edge(to: target, machine: machine, reaction: reaction))
                }
            }
        }
    }

    /// One circle for each reaction that closes one: the moves on it, and that reaction.
    var circles: [(path: [Node], closing: Edge)] {
        var found: [(path: [Node], closing: Edge)] = []
        var done: Set<Node> = []
        var path: [Node] = []
        func visit(_ node: Node) {
            path.append(node)
            for edge in edges[node] ?? [] {
                if let start = path.firstIndex(of: edge.to) {
                    found.append((Array(path[start...]) + [edge.to], edge))
                } else if !done.contains(edge.to) {
                    visit(edge.to)
                }
            }
            path.removeLast()
            done.insert(node)
        }
        for node in order where !done.contains(node) { visit(node) }
        return found
    }

    /// The longest cascade in one transaction, as moves; to be asked only where there is no circle.
    var longestCascade: [Node] {
        var known: [Node: [Node]] = [:]
        func longest(from node: Node) -> [Node] {
            if let answer = known[node] { return answer }
            let together = (edges[node] ?? []).filter { $0.reaction.run == .together }
            let tail = together.map { longest(from: $0.to) }.max { $0.count < $1.count } ?? []
            known[node] = [node] + tail
            return [node] + tail
        }
        return order.map { longest(from: $0) }.max { $0.count < $1.count } ?? []
    }
}

extension Reaction {
    /// Whether some way of a move is what this waits for.
    func answers(_ move: Move, of source: Machine) -> Bool {
        when.contains { trigger in
            guard trigger.machine == source.name else { return false }
            switch trigger.verb {
            case .does: return trigger.subject == move.name
            case .enters:
                let isEntered = move.ends.contains { $0 == trigger.subject || $0 == "previous" }
                return isEntered && (move.kind == .create || move.from.contains { $0 != trigger.subject })
            case .leaves:
                return move.from.contains(trigger.subject)
                    && move.ends.contains { $0 != "same" && $0 != trigger.subject }
            }
        }
    }
}
