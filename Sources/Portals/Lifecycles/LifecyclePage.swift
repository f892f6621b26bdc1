import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// One machine with its picture, the same in tables, and the records in the state that was chosen.
struct LifecyclePage: Page {
    static let template = "lifecycle"

    /// The records of a state that was chosen.
    struct Chosen {
        let state: State
        let records: ListPage<StandingRecord>
        /// Whether it is another page than the first.
        let isLater: Bool
    }

    let figures: LifecycleFigures
    let layout: GraphLayout?
    let graph: LifecycleGraph
    let chosen: Chosen?
    let time: CompanyTime
    let now: Date

    private var machine: Machine { figures.machine }
    private var path: String { LifecyclePages.path(machine.name.text) }

    var title: String { machine.title }

    var values: PageValues {
        [
            "list": .text(LifecyclePages.root), "machine_title": .text(machine.title),
            "subject": .text(machine.name.text), "about": .optional(machine.about?.replacing("\n", with: " ")),
            "version": .text("\(machine.version)"),
            "records": .text(Words.counted(figures.states.map(\.records).reduce(0, +))),
            "drawing": .one(layout.map { drawing($0).values }), "states": .list(machine.states.map(stateRow)),
            "moves": .list(moveRows), "chosen": .one(chosen.map(chosenValues)), "path": .text(path),
            "api_href": .text("/api/v1/lifecycles/\(machine.name)"),
        ]
    }

    private func drawing(_ layout: GraphLayout) -> LifecycleDrawing {
        var drawing = LifecycleDrawing(graph: graph, layout: layout)
        for state in figures.states {
            drawing.counts[state.state] = state.records
            drawing.links[state.state] = "\(path)?state=\(state.state)"
            if state.stuck > 0 {
                drawing.remarks[state.state] = ("\(Words.counted(state.stuck)) stuck", true)
            } else if let oldest = state.oldestSince, !machine.isFinal(state.state) {
                drawing.remarks[state.state] = ("oldest \(Lasting.text(now.timeIntervalSince(oldest)))", false)
            }
        }
        (drawing.passes, drawing.refusals) = (figures.passes, figures.refusals.onWays)
        drawing.here = chosen?.state.name.text
        return drawing
    }

    private func stateRow(_ state: State) -> PageValues {
        let standing = figures.figures(of: state.name.text)
        let isFinal = machine.isFinal(state.name.text)
        return [
            "key": .text("s-\(state.name)"), "state_href": .text("\(path)?state=\(state.name)"),
            "badge": .one(Badge(state.title, Words.tone(state)).values),
            "count": .text(Words.counted(standing.records)),
            "oldest": .optional(
                isFinal ? nil : standing.oldestSince.map { Lasting.text(now.timeIntervalSince($0)) }),
            "usual": .optional(standing.median.map { Lasting.text($0) }),
            "bound": .optional(standing.bound.map { Lasting.text($0) }),
            "stuck": .one(standing.stuck > 0 ? Badge("\(Words.counted(standing.stuck)) stuck", .warning).values : nil),
            "is_chosen": .flag(chosen?.state.name == state.name),
        ]
    }

    private var moveRows: [PageValues] {
        let (passes, refusals) = (figures.passes, figures.refusals)
        let rows = machine.diagramEdges.enumerated().map { index, edge -> PageValues in
            let way = LifecycleDrawing.Way(from: edge.from, to: edge.to, move: edge.move)
            let notes = [
                edge.condition.map { "if \($0)" },
                edge.byItself.isEmpty
                    ? nil : "by itself " + edge.byItself.map { $0.replacing("_", with: " ") }.joined(separator: ", "),
                edge.isCorrection ? "correction" : nil,
            ]
            return moveRow(
                "m-\(index)", edge.title, from: edge.from, to: edge.from == edge.to ? nil : edge.to,
                notes.compactMap(\.self).joined(separator: ", "), passes[way] ?? 0, refusals.onWays[way] ?? 0)
        }
        return rows
            + refusals.elsewhere.map { refusal in
                moveRow(
                    "r-\(refusal.move)-\(refusal.state ?? "")", machine.title(ofEvent: refusal.move),
                    from: refusal.state, to: nil, "asked for where it does not start", 0, refusal.refusals)
            }
    }

    private func moveRow(
        _ key: String, _ title: String, from: String?, to: String?, _ note: String, _ made: Int, _ refused: Int
    ) -> PageValues {
        [
            "key": .text(key), "move": .text(title), "note": .optional(note.isEmpty ? nil : note),
            "from": .optional(from.map(machine.title(ofState:))), "to": .optional(to.map(machine.title(ofState:))),
            "made": made > 0 ? .text(Words.counted(made)) : .absent,
            "refused": refused > 0 ? .text(Words.counted(refused)) : .absent,
        ]
    }

    private func chosenValues(_ chosen: Chosen) -> PageValues {
        let name = chosen.state.name.text
        let standing = figures.figures(of: name)
        return [
            "chosen_title": .text(chosen.state.title), "chosen_count": .text(Words.counted(standing.records)),
            "about_state": .optional(chosen.state.about),
            "rule": .optional(
                standing.bound.map { bound in
                    let usual = standing.median.map { ", usually \(Lasting.text($0))" } ?? ""
                    return "Stuck after \(Lasting.text(bound))\(usual)."
                }),
            "found": .list(chosen.records.items.map(recordRow)), "is_empty": .flag(chosen.records.items.isEmpty),
            "more": .optional(chosen.records.next.map { "\(path)?state=\(name)&after=\($0)" }),
            "first": chosen.isLater ? .text("\(path)?state=\(name)") : .absent,
        ]
    }

    private func recordRow(_ record: StandingRecord) -> PageValues {
        [
            "key": .text(record.id.uuidString.lowercased()),
            "record_href": .text(LifecyclePages.path(machine.name.text, record.id)), "name": .text(record.name),
            "since": .text(time.text(record.since)), "since_iso": .text(Timestamp.text(record.since)),
            "lasting": .text(Lasting.text(now.timeIntervalSince(record.since))),
            "stuck_badge": .one(record.isStuck ? Badge("Stuck", .warning).values : nil),
        ]
    }
}
