import enum Documents.TemplateValue
import Foundation
import StateMachines

/// Something that can be chosen: a word, or a record by its name.
struct Choice: Sendable, Hashable {
    let value: String
    let label: String
}

/// A line of an order: a product and how many of it.
struct OrderedLine: Sendable, Hashable {
    let product: String
    let quantity: String
}

/// One input of a form, of whatever kind a machine asks for.
struct InputField {
    let ask: Ask
    /// The field's id on the page.
    let id: String
    /// The form that was refused, with what somebody filled in.
    let given: Form?
    /// What stands in it otherwise.
    let usual: String?
    /// What can be chosen, where that is other records.
    let choices: [Choice]?
    /// The lines to begin with.
    let lines: [OrderedLine]
    /// What is wrong with it.
    let faults: [String]
    /// What the fields' names begin with.
    var prefix = AskedInputs.prefix
    /// Whether an empty field keeps the browser from sending the form.
    var isChecked = true

    /// Lines that can be added at once.
    private static let moreLines = 4

    private var name: String { prefix + ask.name.text }
    private var title: String {
        (ask.title ?? Words.spelled(ask.name.text.replacing("_cents", with: "")))
            + (ask.type == .money ? " in dollars" : ask.type == .percent ? " in percent" : "")
    }

    var values: PageValues {
        let value = given.map { $0[name] ?? "" } ?? usual ?? ""
        let offered = offered
        return [
            "name": .text(name), "field_id": .text(id), "field_label": .text(title), "value": .text(value),
            "is_required": .flag(ask.isRequired && isChecked), "is_choice": .flag(offered != nil),
            "type": .text(type), "input_mode": .text(inputMode),
            "choices": .list(
                (offered ?? []).map { choice in
                    [
                        "choice": .text(choice.value), "choice_label": .text(choice.label),
                        "is_selected": .flag(choice.value == value),
                    ]
                }),
            "fault": .optional(faults.joined(separator: " ")), "field_hint": .optional(hint(offered)),
            "lines": ask.type == .lines ? .one(["rows": .list(rows)]) : .absent,
            "is_field": .flag(ask.type != .lines),
        ]
    }

    private var offered: [Choice]? {
        switch ask.type {
        case .choice(let words): words.map { Choice(value: $0.text, label: Words.spelled($0.text)) }
        case .boolean: [Choice(value: "true", label: "Yes"), Choice(value: "false", label: "No")]
        case .reference, .file: choices ?? []
        default: nil
        }
    }

    private func hint(_ offered: [Choice]?) -> String? {
        switch ask.type {
        case .file where offered?.isEmpty ?? true:
            "No file belongs to this record yet. Send one below, under Files; then choose it here."
        case .reference where choices?.count == ReferenceSource.most: "The first \(ReferenceSource.most) by name."
        case .time: "In the company's time zone."
        default: nil
        }
    }

    private var type: String {
        switch ask.type {
        case .date: "date"
        case .time: "datetime-local"
        default: "text"
        }
    }

    private var inputMode: String {
        switch ask.type {
        case .money, .percent: "decimal"
        case .integer: "numeric"
        default: "text"
        }
    }

    /// The lines as they were filled in, or as they are, and some empty ones.
    private var rows: [PageValues] {
        var shown = lines
        if let given {
            let numbers = given.values.keys.filter { $0.hasPrefix(name + ".") }
                .compactMap { Int($0.dropFirst(name.count + 1).prefix { $0 != "." }) }
            shown = Set(numbers).sorted().map { number in
                OrderedLine(
                    product: given["\(name).\(number).product"] ?? "",
                    quantity: given["\(name).\(number).quantity"] ?? "")
            }
            .filter { !$0.product.isEmpty || !$0.quantity.isEmpty }
        }
        shown += Array(repeating: OrderedLine(product: "", quantity: ""), count: Self.moreLines)
        return shown.enumerated().map { index, line in
            [
                "number": .text("\(index + 1)"), "line_id": .text("\(id)-\(index)"),
                "product_name": .text("\(name).\(index).product"),
                "quantity_name": .text("\(name).\(index).quantity"), "quantity": .text(line.quantity),
                "products": .list(
                    (choices ?? []).map { choice in
                        [
                            "choice": .text(choice.value), "choice_label": .text(choice.label),
                            "is_selected": .flag(choice.value == line.product),
                        ]
                    }),
            ]
        }
    }
}
