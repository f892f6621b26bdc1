import Foundation
import StateMachines

/// The example that `workflows/README.md` teaches the format by.
enum FormatPage {
    static let url = shippedWorkflows.appending(path: "README.md")

    /// The files that the page shows, by the name in their first line.
    static func files() throws -> [(name: String, text: String)] {
        let page = try String(contentsOf: url, encoding: .utf8)
        return page.split(separator: "```yaml\n").dropFirst().compactMap { block in
            guard let text = block.split(separator: "```").first, let first = text.split(separator: "\n").first,
                first.hasPrefix("# "), first.hasSuffix(".yaml")
            else { return nil }
            return (String(first.dropFirst(2)), String(text))
        }
    }

    /// A sample's record, as the page's names see it.
    struct Facts: Governed {
        var address: String? = "12 Pier Street"
        var boxesLeft = 1
        var verdict: String?
        var wantedOn: CalendarDay?
        var sentOn: Date?

        func value(ofFact name: String) -> FactValue? { wantedOn.map(FactValue.day) }
        func zone(named name: String) -> TimeZone? { nil }
        var columns: [String: JSONValue] { ["verdict": verdict.map(JSONValue.string) ?? .null] }
        mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) { sentOn = moment }
    }

    static let rules = Rules<Facts>(
        guards: [
            "address_is_known": .init { facts, _ in facts.address == nil ? .no() : .yes },
            "box_is_left": .init { facts, _ in facts.boxesLeft > 0 ? .yes : .no(["left": "\(facts.boxesLeft)"]) },
            "verdict_is_there": .init { facts, _ in facts.verdict == nil ? .no() : .yes },
        ],
        applies: [
            "set_wanted_date": { facts, context in facts.wantedOn = context.inputs.day("wanted_on") },
            "take_box": { facts, _ in facts.boxesLeft -= 1 },
            "keep_verdict": { facts, context in facts.verdict = context.inputs.text("verdict") },
            "clear_verdict": { facts, _ in facts.verdict = nil },
        ])
}
