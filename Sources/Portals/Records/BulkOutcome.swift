import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI
import Workflows

/// What became of a move of many records: how many it was done to, and which were left out, and why.
struct BulkOutcome {
    /// Before the ids of records that are picked.
    static let pick = "pick."
    private static let most = 20

    /// Before the names of a move's inputs, of which a list has several moves'.
    static func prefix(of move: String) -> String { "input.\(move)." }

    private let move: Move
    private var done = 0
    private var leftOut: [(name: String, reasons: [String])] = []
    private var problem: String?
    private var reasons: [Refusal.Reason] = []
    /// The form that was refused as a whole.
    private(set) var form: Form?
    /// The move whose form was refused.
    private(set) var refused: String?

    init(_ move: Move, _ outcomes: [(record: UUID, outcome: Outcome)], names: [UUID: String]) {
        self.move = move
        for (record, outcome) in outcomes {
            switch outcome {
            case .done: done += 1
            case .refused(let refusal):
                leftOut.append((names[record] ?? "A record", refusal.reasons.map(\.message)))
            }
        }
    }

    private init(_ move: Move, problem: String) {
        (self.move, self.problem) = (move, problem)
    }

    static func nothingPicked(_ move: Move) -> BulkOutcome {
        BulkOutcome(
            move, problem: "Nothing was picked. Tick the records first, then press \(move.button ?? move.title).")
    }

    static func refused(_ move: Move, _ refusal: Refusal, form: Form) -> BulkOutcome {
        var outcome = BulkOutcome(move, problem: "\(move.button ?? move.title) was not done. Nothing was changed.")
        (outcome.reasons, outcome.form, outcome.refused) = (refusal.reasons, form, move.name.text)
        return outcome
    }

    /// Whether nothing came of it.
    var isNothingDone: Bool { done == 0 }

    func faults(of input: String) -> [String] { reasons.filter { $0.field == input }.map(\.message) }

    /// Nothing was asked for.
    static let none: PageValues = ["outcome": .absent]

    var values: PageValues {
        let word = move.button ?? move.title
        let summary =
            problem ?? "\(word): done for \(done)" + (leftOut.isEmpty ? "." : ", left out \(leftOut.count).")
        let shown = leftOut.prefix(Self.most)
        return [
            "outcome": .one([
                "tone": .text(problem != nil || done == 0 ? "error" : leftOut.isEmpty ? "success" : "warning"),
                "is_alert": .flag(done == 0), "summary": .text(summary),
                "has_left_out": .flag(!leftOut.isEmpty),
                "left_out": .list(
                    shown.map {
                        ["left_name": .text($0.name), "left_reason": .text($0.reasons.joined(separator: " "))]
                    }),
                "more": leftOut.count > shown.count ? .text("\(leftOut.count - shown.count)") : .absent,
            ])
        ]
    }
}
