import enum Documents.TemplateValue

/// Figures of a row as a small line, drawn in SVG on the server; in words for whoever cannot see it.
struct Sparkline {
    let figures: [Double]
    /// What it shows, such as "Orders of the last 12 hours".
    let label: String

    private static let (width, height, margin) = (160.0, 40.0, 3.0)

    /// What the template `sparkline` shows.
    var values: PageValues {
        [
            "spark_label": .text(label + ": " + figures.map(Drawn.text).joined(separator: ", ")),
            "points": .text(
                Drawn.points(figures, width: Self.width, height: Self.height, margin: Self.margin, from: nil)
                    .map { "\(Drawn.text($0.x)),\(Drawn.text($0.y))" }.joined(separator: " ")),
        ]
    }
}

/// Where figures lie in a drawing.
enum Drawn {
    /// Spreads figures over a drawing's width, the least at its bottom.
    ///
    /// - Parameters:
    ///   - figures: The figures.
    ///   - width: The drawing's.
    ///   - height: The drawing's.
    ///   - margin: What is left free on each side.
    ///   - floor: What lies at the bottom; nil: the least figure.
    ///   - ceiling: What lies at the top; nil: the greatest figure.
    /// - Returns: A point for each.
    static func points(
        _ figures: [Double], width: Double, height: Double, margin: Double, from floor: Double?,
        to ceiling: Double? = nil
    ) -> [(x: Double, y: Double)] {
        let least = floor ?? figures.min() ?? 0
        let span = (ceiling ?? figures.max() ?? 0) - least
        let step = figures.count > 1 ? (width - 2 * margin) / Double(figures.count - 1) : 0
        return figures.enumerated().map { index, figure in
            // Figures that are all the same lie in the middle.
            let part = span > 0 ? (figure - least) / span : 0.5
            return (margin + Double(index) * step, height - margin - part * (height - 2 * margin))
        }
    }

    /// A number without what nobody needs behind its point.
    static func text(_ number: Double) -> String {
        let tenths = (number * 10).rounded() / 10
        return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
    }
}
