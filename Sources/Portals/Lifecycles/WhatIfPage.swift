import enum Documents.TemplateValue
import StateMachines
import WebAPI

/// What a move would do, before anybody presses its button.
struct WhatIfPage: Page {
    static let template = "what-if"

    /// What became of the try.
    enum Answer {
        case would([WhatIf.Line])
        case already
        case refused(Refusal)
    }

    let asked: AskedMove
    let name: String
    let machine: Machine
    let answer: Answer
    /// Where the record's page is.
    let recordHref: String

    var title: String { "What if: \(asked.title)" }

    var values: PageValues {
        var (lines, refused, isAlready): ([WhatIf.Line], [Refusal.Reason], Bool) = ([], [], false)
        switch answer {
        case .would(let found): lines = found
        case .refused(let refusal): refused = refusal.reasons
        case .already: isAlready = true
        }
        let move = machine.move(named: asked.name)
        return [
            "move_title": .text(asked.title), "name": .text(name), "back_href": .text(recordHref),
            "lines": .list(Self.grouped(lines)), "would": .flag(!lines.isEmpty), "is_already": .flag(isAlready),
            "is_refused": .flag(!refused.isEmpty), "confirm": .optional(move?.confirm),
            "is_danger": .flag(move?.confirm != nil), "action": .text("\(recordHref)/moves"),
            "reasons": .list(
                refused.map { reason in
                    let remedy = reason.unblocks.flatMap { machine.move(named: $0) }.map { $0.button ?? $0.title }
                    return ["message": .text(reason.message), "remedy": .optional(remedy)]
                }),
            "inputs": .list(given.map { ["input_label": .text($0.label), "input": .text($0.text)] }),
            "has_inputs": .flag(!given.isEmpty),
            "hidden": .list(
                asked.form.values.filter { $0.key != "csrf" }.sorted { $0.key < $1.key }.map { field in
                    ["field": .text(field.key), "value": .text(field.value)]
                }),
        ]
    }

    /// What was filled in, so that whoever decides sees what they decide on.
    private var given: [(label: String, text: String)] {
        (machine.move(named: asked.name)?.inputs ?? []).compactMap { ask in
            guard let text = asked.form["input." + ask.name.text], !text.isEmpty else { return nil }
            return (ask.title ?? Words.spelled(ask.name.text), text)
        }
    }

    /// Lines of one kind stand together, each once and with its number.
    private static func grouped(_ lines: [WhatIf.Line]) -> [PageValues] {
        var order: [String] = []
        for line in lines where !order.contains(line.heading) { order.append(line.heading) }
        return order.map { heading in
            let own = lines.filter { $0.heading == heading }
            var seen: [String] = []
            for line in own where !seen.contains(line.text) { seen.append(line.text) }
            return [
                "icon": .text(own.first?.icon ?? "info"), "heading": .text(heading),
                "items": .list(
                    seen.map { text in
                        let times = own.filter { $0.text == text }.count
                        return ["item": .text(times > 1 ? "\(text) (\(times) times)" : text)]
                    }),
            ]
        }
    }
}
