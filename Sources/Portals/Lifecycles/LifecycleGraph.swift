import StateMachines

/// A machine as boxes and arrows: what has to be laid out, and as large as what is written in it.
///
/// Moves between the same two states share an arrow, and moves that stay are lines of their state's box: a loop for each
/// would hide the ways that lead on.
struct LifecycleGraph {
    /// A state.
    struct Box {
        let state: State
        let isFinal: Bool
        /// The moves that stay in it.
        let stays: [DiagramEdge]
        let width: Double
        let height: Double
    }

    /// Everything that leads from one state to another.
    struct Arrow {
        let id: String
        let from: String?
        let to: String
        /// One for each move, in the order of the file.
        let moves: [DiagramEdge]

        var isCorrection: Bool { moves.allSatisfy(\.isCorrection) }
    }

    let boxes: [Box]
    let arrows: [Arrow]
    /// Whether there are so many arrows that only their figures are written beside them, and not their names.
    let isDense: Bool

    /// Where a record begins.
    static let start = "[start]"
    static let (titleSize, lineSize) = (14.0, 12.0)
    static let (pad, header, row, line, icon) = (14.0, 58.0, 20.0, 18.0, 18.0)
    /// What is left for the figures of a state and of a line.
    private static let (figure, traffic) = (64.0, 58.0)
    private static let (least, mostNamed) = (168.0, 14)

    init(_ machine: Machine) {
        let edges = machine.diagramEdges
        boxes = machine.states.map { state in
            let stays = Self.unique(edges.filter { $0.from == state.name.text && $0.to == state.name.text })
            let lines = stays.map { Self.width(of: $0) + Self.traffic }
            let title = TextWidth.of(state.title, size: Self.titleSize, .heading) + Self.figure
            return Box(
                state: state, isFinal: machine.isFinal(state.name.text), stays: stays,
                width: max(Self.least, ([title] + lines).max() ?? 0) + 2 * Self.pad,
                height: Self.header + (stays.isEmpty ? 0 : Double(stays.count) * Self.row + 12))
        }
        var arrows: [Arrow] = []
        for edge in edges where edge.from != edge.to {
            guard !arrows.contains(where: { $0.from == edge.from && $0.to == edge.to }) else { continue }
            let moves = Self.unique(edges.filter { $0.from == edge.from && $0.to == edge.to })
            arrows.append(Arrow(id: "e\(arrows.count)", from: edge.from, to: edge.to, moves: moves))
        }
        self.arrows = arrows
        isDense = arrows.filter { $0.from != nil }.count > Self.mostNamed
    }

    /// One for each move: two outcomes of one move may lead to the same state.
    private static func unique(_ edges: [DiagramEdge]) -> [DiagramEdge] {
        var seen: Set<String> = []
        return edges.filter { seen.insert($0.move).inserted }
    }

    /// How wide a move's line is, without its figures.
    static func width(of edge: DiagramEdge) -> Double {
        TextWidth.of(edge.title, size: lineSize) + (edge.byItself.isEmpty ? 0 : icon)
    }

    /// For Graphviz: every box and every label as an empty one of its size, so that no typeface is needed there.
    var dot: String {
        var lines = [
            "digraph {", "rankdir=TB; nodesep=0.35; ranksep=0.4;", "node [shape=box, fixedsize=true, label=\"\"];",
            "\"\(Self.start)\" [shape=circle, width=0.17];",
        ]
        for box in boxes {
            lines.append("\"\(box.state.name)\" [width=\(inches(box.width)), height=\(inches(box.height))];")
        }
        for arrow in arrows {
            // What leads back must not turn the picture round.
            let style = arrow.isCorrection ? ", constraint=false" : ""
            lines.append(
                "\"\(arrow.from ?? Self.start)\" -> \"\(arrow.to)\" [id=\(arrow.id), label=\(label(arrow))\(style)];")
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private func label(_ arrow: Arrow) -> String {
        if arrow.from == nil { return "\"\"" }
        let width = isDense ? Self.traffic : (arrow.moves.map(Self.width).max() ?? 0) + Self.traffic
        let height = isDense ? Self.line : Double(arrow.moves.count) * Self.line + 4
        let size = "FIXEDSIZE=\"TRUE\" WIDTH=\"\(Int(width))\" HEIGHT=\"\(Int(height))\""
        return
            "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\" \(size)><TR><TD></TD></TR></TABLE>>"
    }

    /// Graphviz takes inches of 72 points, and gives points back.
    private func inches(_ points: Double) -> String {
        let thousandths = Int((points / 72 * 1_000).rounded())
        let fraction = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}

/// The layouts of the machines, each worked out once: it changes only with the definition.
actor LifecycleLayouts {
    private var known: [String: GraphLayout] = [:]
    private var running: [String: Task<GraphLayout?, Never>] = [:]
    private var last: Task<GraphLayout?, Never>?

    /// The layout of a graph; nil where there is no Graphviz, or it failed.
    func layout(of graph: LifecycleGraph) async -> GraphLayout? {
        let dot = graph.dot
        if let layout = known[dot] { return layout }
        if let task = running[dot] { return await task.value }
        // One program at a time, however many ask.
        let before = last
        let task = Task.detached { () -> GraphLayout? in
            _ = await before?.value
            return (try? await Graphviz.layOut(dot)).flatMap { GraphLayout($0) }
        }
        (last, running[dot]) = (task, task)
        let layout = await task.value
        (known[dot], running[dot]) = (layout, nil)
        return layout
    }
}
