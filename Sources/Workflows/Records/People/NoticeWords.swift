import Documents
import Foundation
import StateMachines

/// The words of a record that fill a notice, as its reader sees money, moments and days.
struct NoticeWords: Sendable {
    private var words: [String: JSONValue]

    /// Takes words as they are.
    init(_ words: [String: JSONValue]) {
        self.words = words
    }

    /// Reads the words of a record and what the event adds to them, both objects of JSON.
    init(_ words: String, event: String) throws {
        let own = try JSONDecoder().decode([String: JSONValue].self, from: Data(words.utf8))
        let said = try JSONDecoder().decode([String: JSONValue].self, from: Data(event.utf8))
        self.words = own.merging(said) { word, _ in word }
    }

    /// A word; nil when the record has none.
    func text(_ name: String, zone: TimeZone) -> String? {
        switch words[name] ?? .null {
        case .integer(let number): name.hasSuffix("_cents") ? MoneyText.dollars(number) : "\(number)"
        case .string(let text): said(text, as: name, zone: zone)
        case .boolean(let flag): flag ? "yes" : "no"
        case .null, .number, .array, .object: nil
        }
    }

    /// Fills `{…}`: a word that there is none of is left out with the space before it.
    func fill(_ text: String, zone: TimeZone) -> String {
        var filled = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            if let word = self.text(name, zone: zone), !word.isEmpty {
                filled += word
            } else if filled.last == " " {
                filled.removeLast()
            }
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }

    private func said(_ text: String, as name: String, zone: TimeZone) -> String {
        if name == "terms" { return PrintedText.terms(text) }
        if name.hasSuffix("_on"), let day = CalendarDay(String(text.prefix(10))) { return day.printed }
        guard name.hasSuffix("_at"), let moment = Self.moment(text) else { return text }
        var style = Date.FormatStyle(date: .abbreviated, time: .shortened, locale: Locale(identifier: "en_US"))
        style.timeZone = zone
        return moment.formatted(style)
    }

    /// PostgreSQL writes a moment in JSON as ISO 8601, with or without fractions of a second.
    private static func moment(_ text: String) -> Date? {
        (try? Date(
            text,
            strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .colon)))
            ?? (try? Date(
                text,
                strategy: .iso8601.year().month().day().time(includingFractionalSeconds: false).timeZone(
                    separator: .colon)))
    }
}
