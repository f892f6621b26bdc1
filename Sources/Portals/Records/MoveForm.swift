import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// The form of one move, as its template shows it.
struct MoveForm {
    /// What the form knows of the record that it is on, besides the move.
    struct Surroundings {
        /// What stands in fields that nobody has filled in yet.
        var usual: [String: String] = [:]
        /// What can be chosen in inputs that name other records.
        var options: [String: [Choice]] = [:]
        /// The lines that there are, to begin with.
        var lines: [OrderedLine] = []
        /// Where the move can be tried without making it; nil: nowhere.
        var whatIf: String?
        /// Where to go when it is done; nil: to the record.
        var back: String?
        /// Tells this form's fields from those of another form of the same move on the page.
        var prefix = ""
        /// The zone in which moments are written.
        var zone: TimeZone = .gmt
        /// Whether the form stands open.
        var isOpen = false
    }

    private let move: Move
    private let seq: Int
    private let today: CalendarDay
    private let refused: RefusedMove?
    private let around: Surroundings

    init(
        _ move: Move, seq: Int, today: CalendarDay, refused: RefusedMove?, around: Surroundings = Surroundings()
    ) {
        (self.move, self.seq, self.today, self.around) = (move, seq, today, around)
        self.refused = refused?.asked.name == move.name.text ? refused : nil
    }

    var values: PageValues {
        let fields = move.inputs.map(\.name.text)
        let general = refused?.refusal.reasons.filter { reason in !fields.contains { $0 == reason.field } } ?? []
        // What asks for nothing is done by one press.
        let isSimple = move.inputs.isEmpty && move.confirm == nil && move.about == nil && refused == nil
        return [
            "move": .text(move.name.text), "move_id": .text("move-\(around.prefix)\(move.name)"),
            "label": .text(move.button ?? move.title), "about": .optional(move.about),
            "confirm": .optional(move.confirm), "is_open": .flag(refused != nil || around.isOpen),
            "is_danger": .flag(move.confirm != nil), "is_simple": .flag(isSimple),
            // A new id for each form that is shown: pressing its button twice is one command.
            "command": .text(UUID().uuidString.lowercased()), "seq": .text("\(seq)"),
            "zone": .text(around.zone.identifier), "what_if_href": .optional(around.whatIf),
            "back": .optional(around.back),
            "reasons": .list(general.map { ["message": .text($0.message)] }), "has_reasons": .flag(!general.isEmpty),
            "fields": .list(move.inputs.map(field)),
        ]
    }

    private func field(_ ask: Ask) -> PageValues {
        let name = ask.name.text
        let faults = refused?.refusal.reasons.filter { $0.field == name }.map(\.message) ?? []
        // The usual day of something that happened is today.
        let today = ask.type == .date && name == "received_on" ? today.description : nil
        return InputField(
            ask: ask, id: "\(around.prefix)\(move.name)-\(name)", given: refused.map { $0.asked.form },
            usual: around.usual[name] ?? today, choices: around.options[name], lines: around.lines, faults: faults
        ).values
    }
}

/// A move that was asked for by a form and refused.
struct RefusedMove {
    let asked: AskedMove
    let refusal: Refusal

    /// What happened, for the top of the page.
    var headline: String { "\(asked.title) was not done. Nothing was changed." }
}
