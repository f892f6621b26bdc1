import enum Documents.TemplateValue

/// Figures over time as lines with a scale, drawn in SVG on the server, and the same as a table.
struct LineChart {
    /// One line.
    struct Series {
        let name: String
        let figures: [Double]
    }

    let id: String
    let title: String
    /// What stands below the figures, one for each.
    let labels: [String]
    let series: [Series]

    private static let (width, height, left, bottom, top) = (640.0, 240.0, 44.0, 28.0, 12.0)
    private static let (steps, classes) = (4, ["first", "second"])

    /// What the template `chart` shows.
    var values: PageValues {
        let ceiling = Self.ceiling(series.flatMap(\.figures).max() ?? 0)
        return [
            "chart_id": .text(id), "chart_title": .text(title),
            "scale": .list(
                (0...Self.steps).map { step in
                    let part = Double(step) / Double(Self.steps)
                    return ["y": .text(Drawn.text(y(part))), "figure": .text(Drawn.text(ceiling * part))]
                }),
            "marks": .list(marks),
            "lines": .list(
                zip(series, Self.classes).map { series, name in
                    let points = points(series.figures, ceiling)
                    return [
                        "line_class": .text(name), "name": .text(series.name),
                        "points": .text(
                            points.map { "\(Drawn.text($0.x)),\(Drawn.text($0.y))" }.joined(separator: " ")),
                    ]
                }),
            "rows": .list(
                labels.enumerated().map { index, label in
                    [
                        "label": .text(label),
                        "cells": .list(
                            series.map { series in
                                ["figure": .text(index < series.figures.count ? Drawn.text(series.figures[index]) : "")]
                            }),
                    ]
                }),
        ]
    }

    /// No more labels than fit side by side.
    private var marks: [PageValues] {
        let every = max(1, (labels.count + 7) / 8)
        let places = points(labels.map { _ in 0 }, 1)
        return zip(labels, places).enumerated().filter { $0.offset % every == 0 }.map { _, mark in
            ["x": .text(Drawn.text(mark.1.x)), "label": .text(mark.0)]
        }
    }

    private func points(_ figures: [Double], _ ceiling: Double) -> [(x: Double, y: Double)] {
        let width = Self.width - Self.left - Self.top
        return Drawn.points(figures, width: width, height: 1, margin: 0, from: 0, to: ceiling)
            .map { (Self.left + $0.x, y(1 - $0.y)) }
    }

    private func y(_ part: Double) -> Double {
        Self.height - Self.bottom - part * (Self.height - Self.bottom - Self.top)
    }

    /// The least round number that is not below a figure and has quarters that can be read.
    static func ceiling(_ figure: Double) -> Double {
        var step = 1.0
        while true {
            for factor in [4.0, 8, 20, 40] where factor * step >= figure { return factor * step }
            step *= 10
        }
    }
}
