extension Machine {
    /// The machine as a Graphviz graph: final states doubly framed, corrections dashed.
    ///
    /// Moves that stay share one loop per state.
    public var dot: String {
        var lines = [
            "digraph \(Self.quoted(name.text)) {", "    rankdir=LR;",
            "    node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Inter\"];",
            "    edge [fontname=\"Inter\", fontsize=10];", "    \"[start]\" [shape=point, width=0.15];",
        ]
        for state in states {
            let frame = isFinal(state.name.text) ? ", peripheries=2" : ""
            let color = state.tone.fill.map { ", fillcolor=\"\($0)\"" } ?? ""
            lines.append("    \(Self.quoted(state.name.text)) [label=\(Self.quoted(state.title))\(frame)\(color)];")
        }
        let edges = DiagramEdge.edges(of: self)
        for edge in edges where edge.from != edge.to {
            let style = edge.isCorrection ? ", style=dashed" : ""
            let from = Self.quoted(edge.from ?? "[start]")
            lines.append("    \(from) -> \(Self.quoted(edge.to)) [label=\(Self.quoted(edge.label))\(style)];")
        }
        for state in states.map(\.name.text) {
            let stays = edges.filter { $0.from == state && $0.to == state }.map(\.label)
            guard !stays.isEmpty else { continue }
            let node = Self.quoted(state)
            lines.append("    \(node) -> \(node) [label=\(Self.quoted(stays.joined(separator: "\n"))), color=gray];")
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}

extension State.Tone {
    fileprivate var fill: String? {
        switch self {
        case .neutral: nil
        case .success: "#e3f4e6"
        case .danger: "#fbe4e1"
        case .muted: "#eeeeee"
        }
    }
}
