import enum Documents.TemplateValue
import StateMachines
import WebAPI

/// A machine's picture, as the template `lifecycle-drawing` draws it.
struct LifecycleDrawing {
    /// A way from one state to another by one move.
    struct Way: Hashable {
        var from: String?
        var to: String
        var move: String
    }

    let graph: LifecycleGraph
    let layout: GraphLayout
    /// What stands large in a state's box.
    var counts: [String: Int] = [:]
    /// What stands small below the name of a state, and whether it is a warning.
    var remarks: [String: (text: String, isWarning: Bool)] = [:]
    /// How often each way was gone.
    var passes: [Way: Int] = [:]
    /// How often each way was refused.
    var refusals: [Way: Int] = [:]
    /// Where a state's box leads; empty: nowhere.
    var links: [String: String] = [:]
    /// The state that is chosen, or that a record is in.
    var here: String?
    /// The ways that a record has gone; nil in a picture of no record.
    var walked: Set<Way>?

    private typealias Metrics = LifecycleGraph

    var values: PageValues {
        [
            "width": .text(Drawn.text(layout.width)), "height": .text(Drawn.text(layout.height)),
            "is_wide": .flag(layout.width > 1_100),
            "arrows": .list(graph.arrows.compactMap(arrow)), "boxes": .list(graph.boxes.compactMap(box)),
        ]
    }

    // MARK: Arrows

    private func arrow(_ arrow: LifecycleGraph.Arrow) -> PageValues? {
        guard let route = layout.routes[arrow.id] else { return nil }
        let ways = arrow.moves.map { Way(from: arrow.from, to: arrow.to, move: $0.move) }
        let isUsed = ways.contains { (passes[$0] ?? 0) > 0 }
        let isWalked = walked.map { walked in ways.contains { walked.contains($0) } }
        let classes = [
            arrow.isCorrection ? "correction" : nil, isUsed && walked == nil ? "used" : nil,
            isWalked == true ? "walked" : nil, isWalked == false ? "not-walked" : nil,
        ]
        return [
            "arrow_key": .text(arrow.id), "arrow_class": .text(classes.compactMap(\.self).joined(separator: " ")),
            "arrow_from": .text(arrow.from ?? "start"), "arrow_to": .text(arrow.to),
            "hint": .text(hint(arrow, ways)), "line": .text(route.line), "head": .text(route.head),
            "labels": .list(labels(arrow, ways, at: route.label)),
        ]
    }

    /// What is said when somebody points at an arrow.
    private func hint(_ arrow: LifecycleGraph.Arrow, _ ways: [Way]) -> String {
        zip(arrow.moves, ways).map { move, way in
            let condition = move.condition.map { " if \($0)" } ?? ""
            let byItself = move.byItself.map { ", by itself \($0.replacing("_", with: " "))" }.joined()
            let figures = [passes[way].map { "\($0) made" }, refusals[way].map { "\($0) refused" }].compactMap(\.self)
            let told = figures.isEmpty ? "" : " (\(figures.joined(separator: ", ")))"
            return move.title + condition + byItself + told
        }.joined(separator: "\n")
    }

    private func labels(_ arrow: LifecycleGraph.Arrow, _ ways: [Way], at middle: GraphLayout.Point?) -> [PageValues] {
        guard let middle, arrow.from != nil else { return [] }
        if graph.isDense {
            let made = ways.reduce(0) { $0 + (passes[$1] ?? 0) }
            let refused = ways.reduce(0) { $0 + (refusals[$1] ?? 0) }
            guard made + refused > 0 else { return [] }
            return [label("", byItself: false, made, refused, x: middle.x, y: middle.y)]
        }
        let top = middle.y - Double(ways.count - 1) * Metrics.line / 2
        return zip(arrow.moves, ways).enumerated().map { index, one in
            label(
                one.0.title, byItself: !one.0.byItself.isEmpty, passes[one.1] ?? 0, refusals[one.1] ?? 0, x: middle.x,
                y: top + Double(index) * Metrics.line)
        }
    }

    /// A line of words and figures around a middle.
    private func label(_ title: String, byItself: Bool, _ made: Int, _ refused: Int, x: Double, y: Double) -> PageValues
    {
        let figures = (made > 0 ? " \(made)" : "") + (refused > 0 ? " ×\(refused)" : "")
        let width =
            TextWidth.of(title, size: Metrics.lineSize) + TextWidth.of(figures, size: Metrics.lineSize, .heading)
            + (byItself ? Metrics.icon : 0)
        return line(title, byItself: byItself, made, refused, x: x - width / 2, y: y + 4)
    }

    private func line(_ title: String, byItself: Bool, _ made: Int, _ refused: Int, x: Double, y: Double) -> PageValues
    {
        [
            "text_x": .text(Drawn.text(byItself ? x + Metrics.icon : x)), "text_y": .text(Drawn.text(y)),
            "words": .text(title), "made": made > 0 ? .text("\(made)") : .absent,
            "refused": refused > 0 ? .text("×\(refused)") : .absent,
            "by_itself": .one(byItself ? ["icon_x": .text(Drawn.text(x)), "icon_y": .text(Drawn.text(y - 11))] : nil),
        ]
    }

    // MARK: Boxes

    private func box(_ box: LifecycleGraph.Box) -> PageValues? {
        let name = box.state.name.text
        guard let middle = layout.boxes[name] else { return nil }
        let (left, top) = (middle.x - box.width / 2, middle.y - box.height / 2)
        let wasThere = walked.map { walked in walked.contains { $0.to == name } }
        let classes = [
            "state", "tone-" + Words.tone(box.state).rawValue, box.isFinal ? "final" : nil,
            here == name ? "here" : nil, wasThere == false ? "not-walked" : nil,
        ]
        return [
            "box_key": .text(name), "box_class": .text(classes.compactMap(\.self).joined(separator: " ")),
            "box_href": .optional(links[name]), "box_title": .text(box.state.title), "x": .text(Drawn.text(left)),
            "y": .text(Drawn.text(top)), "w": .text(Drawn.text(box.width)), "h": .text(Drawn.text(box.height)),
            "inner": .one(
                box.isFinal
                    ? [
                        "inner_x": .text(Drawn.text(left + 4)), "inner_y": .text(Drawn.text(top + 4)),
                        "inner_w": .text(Drawn.text(box.width - 8)), "inner_h": .text(Drawn.text(box.height - 8)),
                    ] : nil),
            "title_x": .text(Drawn.text(left + Metrics.pad)), "title_y": .text(Drawn.text(top + 26)),
            "count": .optional(counts[name].map { "\($0)" }),
            "count_x": .text(Drawn.text(left + box.width - Metrics.pad)),
            "count_y": .text(Drawn.text(top + 30)), "remark": .optional(remarks[name]?.text),
            "remark_y": .text(Drawn.text(top + 44)), "is_warning": .flag(remarks[name]?.isWarning ?? false),
            "stays": .list(
                box.stays.enumerated().map { index, stay in
                    let way = Way(from: name, to: name, move: stay.move)
                    let y = top + Metrics.header + 10 + Double(index) * Metrics.row
                    return line(
                        stay.title, byItself: !stay.byItself.isEmpty, passes[way] ?? 0, refusals[way] ?? 0,
                        x: left + Metrics.pad, y: y)
                }),
            "rule_y": .text(Drawn.text(top + Metrics.header - 6)), "has_stays": .flag(!box.stays.isEmpty),
            "rule_x2": .text(Drawn.text(left + box.width)),
        ]
    }
}

extension LifecycleFigures {
    /// How often each way was gone in the time that is counted.
    var passes: [LifecycleDrawing.Way: Int] {
        Dictionary(
            traffic.map { (LifecycleDrawing.Way(from: $0.from, to: $0.to, move: $0.move), $0.moves) },
            uniquingKeysWith: +)
    }

    /// How often each way was refused, each refusal at the first way of its move out of its state; and those that were
    /// asked for where the move does not start at all.
    var refusals: (onWays: [LifecycleDrawing.Way: Int], elsewhere: [RefusedTraffic]) {
        var (onWays, elsewhere): ([LifecycleDrawing.Way: Int], [RefusedTraffic]) = ([:], [])
        let edges = machine.diagramEdges
        for refusal in refused {
            let edge = edges.first { $0.move == refusal.move && ($0.from == refusal.state || $0.from == nil) }
            if let edge {
                onWays[LifecycleDrawing.Way(from: edge.from, to: edge.to, move: edge.move), default: 0] +=
                    refusal.refusals
            } else {
                elsewhere.append(refusal)
            }
        }
        return (onWays, elsewhere)
    }
}
