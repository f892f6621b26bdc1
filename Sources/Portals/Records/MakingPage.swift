import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// The form with which a record is made, as its template shows it.
struct MakingPage: Page {
    static let template = "making"

    let kind: RecordKind
    let making: RecordKind.Making
    let create: Move
    let asks: [Ask]
    let options: [String: [Choice]]
    let usual: [String: String]
    /// Whether what the rest depends on is known.
    let isBegun: Bool
    let refused: RefusedForm?
    let zone: TimeZone

    var title: String { making.button }

    var values: PageValues {
        let fields = asks.map(\.name.text)
        let general = refused?.reasons.filter { reason in !fields.contains { $0 == reason.field } } ?? []
        return [
            "list_href": .text(kind.root), "list_title": .text(kind.title), "making": .text(making.button),
            "make_href": .text(kind.root + "/new"), "is_begun": .flag(isBegun),
            "command": .text(UUID().uuidString.lowercased()), "zone": .text(zone.identifier),
            "label": .text(create.button ?? create.title), "about": .optional(create.about),
            "refused": .optional(refused.map { _ in "Nothing was made." }),
            "reasons": .list(general.map { ["message": .text($0.message)] }),
            "fields": .list(asks.map(field)),
        ]
    }

    private func field(_ ask: Ask) -> PageValues {
        let name = ask.name.text
        var ask = ask
        // What the rest depends on is required, whatever the machine says of other ways to make one.
        if name == making.first { ask.isRequired = true }
        return InputField(
            ask: ask, id: "new-\(name)", given: refused?.form, usual: usual[name], choices: options[name], lines: [],
            faults: refused?.reasons.filter { $0.field == name }.map(\.message) ?? [],
            prefix: isBegun ? AskedInputs.prefix : ""
        ).values
    }
}
