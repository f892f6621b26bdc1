import Foundation

/// Where the boxes of a graph stand and its arrows run, with the origin at the top left.
struct GraphLayout: Sendable {
    /// A point.
    struct Point: Sendable, Hashable {
        var x: Double
        var y: Double
    }

    /// The way of an arrow.
    struct Route: Sendable {
        /// Where it starts, two points that bend it, where it goes on, and so forth.
        var curve: [Point]
        /// The tip of its head.
        var tip: Point
        /// The middle of its words.
        var label: Point?
    }

    let width: Double
    let height: Double
    /// The middles of the boxes, by name.
    let boxes: [String: Point]
    /// The ways of the arrows, by the `id` that they were given.
    let routes: [String: Route]

    /// Left free around everything.
    private static let margin = 8.0

    private struct File: Decodable {
        struct Box: Decodable {
            let name: String
            let pos: String?
        }

        struct Arrow: Decodable {
            let id: String?
            let pos: String?
            let lp: String?
        }

        let bb: String
        let objects: [Box]?
        let edges: [Arrow]?
    }

    /// Reads what `dot -Tjson0` says; nil for anything else.
    init?(_ json: Data) {
        guard let file = try? JSONDecoder().decode(File.self, from: json) else { return nil }
        let frame = Self.numbers(file.bb)
        guard frame.count == 4 else { return nil }
        let top = frame[3]
        (width, height) = (frame[2] + 2 * Self.margin, top + 2 * Self.margin)
        // Graphviz counts from the bottom.
        func point(_ text: some StringProtocol) -> Point? {
            let numbers = Self.numbers(text)
            return numbers.count == 2 ? Point(x: numbers[0] + Self.margin, y: top - numbers[1] + Self.margin) : nil
        }
        boxes = Dictionary(
            (file.objects ?? []).compactMap { box in box.pos.flatMap { point($0) }.map { (box.name, $0) } }
        ) { first, _ in first }
        routes = Dictionary(
            (file.edges ?? []).compactMap { arrow -> (String, Route)? in
                guard let id = arrow.id, let pos = arrow.pos else { return nil }
                let parts = pos.split(separator: " ")
                let curve = parts.filter { !$0.hasPrefix("e,") && !$0.hasPrefix("s,") }.compactMap { point($0) }
                let tip = parts.first { $0.hasPrefix("e,") }.flatMap { point($0.dropFirst(2)) }
                guard let last = curve.last, curve.count % 3 == 1 else { return nil }
                return (id, Route(curve: curve, tip: tip ?? last, label: arrow.lp.flatMap { point($0) }))
            }
        ) { first, _ in first }
    }

    private static func numbers(_ text: some StringProtocol) -> [Double] {
        text.split(separator: ",").compactMap { Double($0) }
    }
}

extension GraphLayout.Route {
    /// The line, as SVG draws it.
    var line: String {
        let start = curve.first.map { "M\(Drawn.text($0.x)) \(Drawn.text($0.y))" } ?? ""
        return start + "C" + curve.dropFirst().map { "\(Drawn.text($0.x)) \(Drawn.text($0.y))" }.joined(separator: " ")
    }

    /// The head, as SVG draws it.
    var head: String {
        guard let base = curve.last else { return "" }
        let (dx, dy) = (tip.x - base.x, tip.y - base.y)
        let length = max(0.1, (dx * dx + dy * dy).squareRoot())
        // Four to each side of the line.
        let (sx, sy) = (-dy / length * 4, dx / length * 4)
        let corners = [
            (tip.x, tip.y), (base.x + sx, base.y + sy), (base.x - sx, base.y - sy),
        ]
        return "M" + corners.map { "\(Drawn.text($0.0)) \(Drawn.text($0.1))" }.joined(separator: "L") + "Z"
    }
}
