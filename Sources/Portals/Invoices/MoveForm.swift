import enum Documents.TemplateValue
import Foundation
import StateMachines

/// The form of one move, as its template shows it.
struct MoveForm {
    private let move: Move
    private let seq: Int
    private let today: CalendarDay
    private let refused: RefusedMove?

    init(_ move: Move, seq: Int, today: CalendarDay, refused: RefusedMove?) {
        (self.move, self.seq, self.today) = (move, seq, today)
        self.refused = refused?.asked.name == move.name.text ? refused : nil
    }

    var values: PageValues {
        let fields = move.inputs.map(\.name.text)
        let general = refused?.refusal.reasons.filter { reason in !fields.contains { $0 == reason.field } } ?? []
        return [
            "move": .text(move.name.text), "label": .text(move.button ?? move.title), "about": .optional(move.about),
            "confirm": .optional(move.confirm), "is_open": .flag(refused != nil),
            "is_danger": .flag(move.confirm != nil),
            // A new id for each form that is shown: pressing its button twice is one command.
            "command": .text(UUID().uuidString.lowercased()), "seq": .text("\(seq)"),
            "reasons": .list(general.map { ["message": .text($0.message)] }), "has_reasons": .flag(!general.isEmpty),
            "fields": .list(move.inputs.map(field)),
        ]
    }

    private func field(_ ask: Ask) -> PageValues {
        let name = ask.name.text
        let given = refused?.asked.form[AskedMove.prefix + name]
        let faults = refused?.refusal.reasons.filter { $0.field == name }.map(\.message) ?? []
        let choices = choices(of: ask)
        // The usual day of something that happened is today.
        let usual = ask.type == .date && name == "received_on" ? today.description : ""
        return [
            "name": .text(AskedMove.prefix + name), "field_id": .text("\(move.name)-\(name)"),
            "field_label": .text((ask.title ?? Words.spelled(name)) + (ask.type == .money ? " in dollars" : "")),
            "value": .text(given ?? usual), "is_required": .flag(ask.isRequired), "is_choice": .flag(!choices.isEmpty),
            "type": .text(ask.type == .date ? "date" : "text"),
            "input_mode": .text(ask.type == .money ? "decimal" : ask.type == .integer ? "numeric" : "text"),
            "choices": .list(
                choices.map { choice in
                    [
                        "choice": .text(choice), "choice_label": .text(Words.spelled(choice)),
                        "is_selected": .flag(choice == given),
                    ]
                }),
            "fault": .optional(faults.joined(separator: " ")), "field_hint": .absent,
        ]
    }

    private func choices(of ask: Ask) -> [String] {
        switch ask.type {
        case .choice(let words): words.map(\.text)
        case .boolean: ["true", "false"]
        default: []
        }
    }
}

/// A move that was asked for by a form and refused.
struct RefusedMove {
    let asked: AskedMove
    let refusal: Refusal

    /// What happened, for the top of the page.
    var headline: String { "\(asked.title) was not done. Nothing was changed." }
}
