import Foundation
import StateMachines
import WebAPI

/// What a person has written into the fields of a form, turned into what the engine takes; the rest of the checks is the
/// engine's.
struct AskedInputs {
    /// Before the names of inputs, so that they cannot be taken for the form's own fields.
    static let prefix = "input."

    private(set) var values: [String: JSONValue] = [:]
    private(set) var faults: [Refusal.Reason] = []
    private let zone: TimeZone

    /// Reads the fields that stand for inputs.
    ///
    /// - Parameters:
    ///   - form: The form; its `zone` says in which zone its moments are written.
    ///   - asks: What is asked for.
    ///   - prefix: What the fields' names begin with.
    init(_ form: Form, for asks: [Ask], prefix: String = Self.prefix) {
        zone = form["zone"].flatMap { TimeZone(identifier: $0) } ?? .gmt
        for (field, text) in form.values where field.hasPrefix(prefix) {
            let input = String(field.dropFirst(prefix.count))
            // Parts of lines are read together.
            if input.contains(".") { continue }
            read(text, as: input, of: asks.first { $0.name.text == input }?.type ?? .text)
        }
        for ask in asks where ask.type == .lines { readLines(form, prefix + ask.name.text + ".", as: ask.name.text) }
    }

    private mutating func read(_ text: String, as input: String, of type: Ask.Kind) {
        // A field that was left empty was not given.
        let text = text.replacing("\r\n", with: "\n")
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty else { return }
        switch type {
        case .money, .percent:
            if let hundredths = Self.hundredths(trimmed) {
                values[input] = .integer(hundredths)
            } else {
                let example = type == .money ? "an amount in dollars, such as 1,234.50" : "a percentage, such as 12.5"
                refuse(input, "write \(example).")
            }
        case .integer: values[input] = Int64(trimmed).map(JSONValue.integer) ?? .string(trimmed)
        case .boolean: values[input] = .boolean(trimmed == "true")
        case .text: values[input] = .string(text)
        case .time:
            // A browser writes a moment without its zone; a program may write it whole.
            values[input] = .string(Self.moment(trimmed, in: zone).map(Timestamp.text) ?? trimmed)
        case .date, .choice, .file, .reference, .lines: values[input] = .string(trimmed)
        }
    }

    /// Products and quantities, each line in two fields; a line without both is none.
    private mutating func readLines(_ form: Form, _ prefix: String, as input: String) {
        var lines: [JSONValue] = []
        let numbers = Set(
            form.values.keys.filter { $0.hasPrefix(prefix) }
                .compactMap { Int($0.dropFirst(prefix.count).prefix { $0 != "." }) })
        for number in numbers.sorted() {
            let product = form["\(prefix)\(number).product"] ?? ""
            let quantity = (form["\(prefix)\(number).quantity"] ?? "").trimmingCharacters(in: .whitespaces)
            guard !product.isEmpty || !quantity.isEmpty else { continue }
            guard !product.isEmpty, let count = Int64(quantity) else {
                refuse(input, "line \(number + 1) needs a product and a whole number.")
                continue
            }
            lines.append(.object(["product": .string(product), "quantity": .integer(count)]))
        }
        if !lines.isEmpty { values[input] = .array(lines) }
    }

    private mutating func refuse(_ input: String, _ sentence: String) {
        faults.append(.init(code: "input_invalid", message: "\(Words.spelled(input)): \(sentence)", field: input))
    }

    /// Refuses what could not be read, together with every other fault of the inputs.
    ///
    /// - Throws: `Refusal` 422.
    func check(for asks: [Ask]) throws(Refusal) {
        guard !faults.isEmpty else { return }
        var reasons = faults
        do throws(Refusal) {
            _ = try Inputs(values, for: asks)
        } catch {
            reasons += error.reasons.filter { reason in !faults.contains { $0.field == reason.field } }
        }
        throw Refusal(status: 422, reasons: reasons)
    }

    /// Reads `1,234.50` or `$12` as hundredths, exactly; nil for anything else.
    static func hundredths(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let magnitude = isNegative ? text.dropFirst() : text[...]
        let bare = (magnitude.hasPrefix("$") ? magnitude.dropFirst() : magnitude).filter { $0 != "," }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.count <= 12,
            parts.count == 1 || (1...2).contains(parts[1].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let whole = Int64(parts[0])
        else { return nil }
        let fraction = parts.count == 2 ? Int64(parts[1].utf8.count == 1 ? parts[1] + "0" : parts[1]) ?? 0 : 0
        return (whole * 100 + fraction) * (isNegative ? -1 : 1)
    }

    /// Reads `2026-03-02T10:00` in a zone; nil for anything else.
    static func moment(_ text: String, in zone: TimeZone) -> Date? {
        let sides = text.split(separator: "T", omittingEmptySubsequences: false)
        guard sides.count == 2, let day = CalendarDay(sides[0]) else { return nil }
        let clock = sides[1].split(separator: ":").map { Int($0) }
        guard (2...3).contains(clock.count), let hour = clock[0], let minute = clock[1], (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { return nil }
        let local = Date(timeIntervalSince1970: Double(day.daysSince1970 * 86_400 + hour * 3_600 + minute * 60))
        let near = local.addingTimeInterval(-Double(zone.secondsFromGMT(for: local)))
        // Near a change of the clock the offset is that of the moment itself.
        return local.addingTimeInterval(-Double(zone.secondsFromGMT(for: near)))
    }
}
