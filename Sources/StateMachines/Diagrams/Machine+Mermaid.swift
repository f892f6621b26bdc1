extension Machine {
    /// The machine as a Mermaid state diagram.
    ///
    /// Moves that stay are lines inside their state, for loops would hide the ways that lead on. Mermaid cannot dash an
    /// arrow of a state diagram, so corrections carry the word.
    public var mermaid: String {
        var lines = ["stateDiagram-v2", "    direction LR"]
        let edges = DiagramEdge.edges(of: self)
        for state in states {
            lines.append("    state \"\(Self.escaped(state.title))\" as \(Self.id(state.name.text))")
            let stays = edges.filter { $0.from == state.name.text && $0.to == state.name.text }
            for stay in stays { lines.append("    \(Self.id(state.name.text)) : ↺ \(Self.label(stay))") }
        }
        for edge in edges where edge.from != edge.to {
            lines.append("    \(edge.from.map(Self.id) ?? "[*]") --> \(Self.id(edge.to)) : \(Self.label(edge))")
        }
        for state in final { lines.append("    \(Self.id(state.text)) --> [*]") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Words that begin a statement of their own in Mermaid.
    private static let reserved: Set<String> = [
        "as", "choice", "class", "click", "default", "direction", "end", "fork", "hide", "join", "note", "scale",
        "state",
        "style",
    ]

    private static func id(_ name: String) -> String { reserved.contains(name) ? "\(name)_" : name }

    private static func label(_ edge: DiagramEdge) -> String {
        escaped(edge.isCorrection ? "correction, \(edge.label)" : edge.label)
    }

    /// Letters that mean something to Mermaid, as its `#59;` entities.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "#", ";", ":", "\"", "<", ">", "{", "}", "%", "`": "#\(scalar.value);"
            case "\n", "\r", "\t": " "
            default: String(scalar)
            }
        }.joined()
    }
}
