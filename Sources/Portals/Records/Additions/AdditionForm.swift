import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// The form of an addition, as its template shows it.
struct AdditionForm {
    let addition: Addition
    /// The address of the record's page.
    let path: String
    let looks: Looks
    let refused: RefusedForm?

    /// Faults that are shown; who has more lines wrong than these begins with them.
    private static let most = 20

    var values: PageValues {
        let id = "add-\(addition.rawValue)"
        let asked = addition.asks.map(\.name.text)
        let general = refused?.reasons.filter { reason in !asked.contains { $0 == reason.field } } ?? []
        let more = general.count - Self.most
        return [
            "add_id": .text(id), "add_href": .text("\(path)/\(addition.rawValue)"),
            "add_label": .text(addition.label), "is_multipart": .flag(addition.isMultipart),
            "is_open": .flag(refused != nil), "add_refused": refused == nil ? .absent : .text(addition.refused),
            "add_reasons": .list(general.prefix(Self.most).map { ["message": .text($0.message)] }),
            "add_more": more > 0 ? .text("And \(Words.counted(more)) more.") : .absent,
            "add_command": .text(UUID().uuidString.lowercased()), "add_zone": .text(looks.time.zone.identifier),
            "fields": .list(
                addition.asks.map { ask in
                    InputField(
                        ask: ask, id: "\(id)-\(ask.name)", given: refused?.form, usual: usual(ask), choices: nil,
                        lines: [],
                        faults: refused?.reasons.filter { $0.field == ask.name.text }.map(\.message) ?? []
                    ).values
                }),
            "paste": .one(
                addition == .readings
                    ? [
                        "paste_id": .text("\(id)-paste"), "paste_name": .text(Addition.paste),
                        "paste_value": .text(refused?.form[Addition.paste] ?? ""),
                        "paste_example": .text("\(looks.time.typed(looks.now).replacing("T", with: " ")), -9.5"),
                    ] : nil),
            "pick": .one(
                addition.isMultipart
                    ? [
                        "pick_id": .text("\(id)-file"), "pick_name": .text(Addition.upload),
                        "pick_label": .text(addition == .file ? "File" : "Or a CSV file"),
                        "pick_accept": .text(
                            addition == .file ? "image/*,application/pdf,audio/*,video/*" : ".csv,text/csv,text/plain"),
                        "is_required": .flag(addition == .file),
                    ] : nil),
        ]
    }

    private func usual(_ ask: Ask) -> String? {
        switch ask.name.text {
        case "occurred_at": looks.time.typed(looks.now)
        case "source": "manual"
        default: nil
        }
    }
}
