import Foundation
import StateMachines

extension Stage {
    /// Whether what was found is what the scenario says.
    func matches(_ wanted: ScenarioValue, _ found: JSONValue, column: String) -> Bool {
        switch (wanted.content, found) {
        case (.none, .null): true
        case (.boolean(let flag), .boolean(let value)): flag == value
        // A moment, a person or a sum stands for the fact that it happened.
        case (.boolean(let flag), .null): !flag
        case (.boolean(let flag), .integer(let number)): flag == (number != 0)
        case (.boolean(let flag), .string): flag
        case (.integer(let number), .integer(let value)): number == value
        case (.integer(let number), .string(let value)): value == "\(number)"
        case (.text(let text), .string(let value)): isSame(text, value)
        case (.text(let text), .integer(let value)): text == "\(value)"
        case (.list(let items), .array(let values)): isSame(items, values, ordered: column != "holds", column: column)
        default: false
        }
    }

    private func isSame(_ items: [ScenarioValue], _ values: [JSONValue], ordered: Bool, column: String) -> Bool {
        guard items.count == values.count else { return false }
        if ordered { return zip(items, values).allSatisfy { matches($0, $1, column: column) } }
        var left = values
        for item in items {
            guard let index = left.firstIndex(where: { matches(item, $0, column: column) }) else { return false }
            left.remove(at: index)
        }
        return true
    }

    /// A text may also be a moment of the company's time, or the name of who or what an id stands for.
    private func isSame(_ text: String, _ value: String) -> Bool {
        if text == value { return true }
        if let id = UUID(uuidString: value) {
            return people.names(of: id).contains(text) || names[text]?.id == id
        }
        guard let moment = Self.instant(value) else { return false }
        if CalendarDay(text) != nil { return CalendarDay(moment, in: scenario.zone).description == text }
        return ScenarioTime.moment(text, in: scenario.zone) == moment
    }

    /// What was found, as the scenario would write it.
    func shown(_ value: JSONValue) -> String {
        switch value {
        case .null: "none"
        case .array(let items): "[" + items.map(shown).joined(separator: ", ") + "]"
        case .string(let text):
            if let id = UUID(uuidString: text) {
                names.first { $0.value.id == id }?.key ?? people.names(of: id).sorted().first ?? text
            } else if let moment = Self.instant(text) {
                self.text(moment)
            } else {
                text
            }
        default: value.json
        }
    }

    /// A moment as PostgreSQL writes it in JSON.
    private static func instant(_ text: String) -> Date? {
        guard text.count > 10 else { return nil }
        let plain = Date.ISO8601FormatStyle(timeZone: .gmt)
        return (try? plain.parse(text))
            ?? (try? plain.year().month().day().time(includingFractionalSeconds: true)
                .timeZone(separator: .colon).parse(text))
    }
}
