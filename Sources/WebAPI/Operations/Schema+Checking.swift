import Foundation
public import StateMachines

extension Schema {
    /// Everything that is wrong with a value.
    ///
    /// - Parameters:
    ///   - value: What was sent.
    ///   - path: Where it stood, as `inputs.lines.0.quantity`; empty for the body itself.
    /// - Returns: The faults, each with its field; none when it is right.
    public func faults(in value: JSONValue, at path: String = "") -> [Refusal.Reason] {
        func wrong(_ what: String) -> [Refusal.Reason] {
            let name = path.isEmpty ? "The body" : "\"\(path)\""
            return [
                .init(code: "wrong_type", message: "\(name) must be \(what).", field: path.isEmpty ? nil : path)
            ]
        }
        switch (self, value) {
        case (.anything, _), (.boolean, .boolean), (.number, .integer), (.number, .number), (.map, .object): return []
        case (.integer(let range), .integer(let number)):
            guard let range, !range.contains(number) else { return [] }
            return wrong("a whole number from \(range.lowerBound) to \(range.upperBound)")
        case (.text(let length), .string(let text)):
            // PostgreSQL keeps no NUL; length is counted as it and JSON Schema do.
            let isRight = length.contains(text.unicodeScalars.count) && !text.unicodeScalars.contains("\0")
            return isRight ? [] : wrong("a text of \(length.lowerBound) to \(length.upperBound) characters without NUL")
        case (.choice(let words), .string(let word)):
            return words.contains(word) ? [] : wrong("one of \(words.joined(separator: ", "))")
        case (.id, .string(let text)): return UUID(uuidString: text) == nil ? wrong("an id (UUID)") : []
        case (.day, .string(let text)):
            return CalendarDay(text) == nil ? wrong("a day as YYYY-MM-DD") : []
        case (.moment, .string(let text)):
            return Timestamp.moment(text) == nil ? wrong("a moment as 2026-04-03T07:00:00Z") : []
        case (.list(let element, let most), .array(let values)):
            guard values.count <= most else { return wrong("a list of at most \(most)") }
            return values.enumerated().flatMap { index, value in
                element.faults(in: value, at: path.isEmpty ? "\(index)" : "\(path).\(index)")
            }
        case (.entries(let schema), .object(let values)):
            return values.sorted { $0.key < $1.key }.flatMap { name, value in
                schema.faults(in: value, at: path.isEmpty ? name : "\(path).\(name)")
            }
        case (.object(let members), .object(let values)): return Self.faults(of: members, in: values, at: path)
        case (.optional, .null): return []
        case (.optional(let schema), _), (.named(_, let schema), _): return schema.faults(in: value, at: path)
        default: return wrong(noun)
        }
    }

    /// A text of a query or a form as the value that is meant.
    func value(of text: String) -> JSONValue {
        switch self {
        case .integer, .number:
            // No sign "+" and no leading zeros, as in JSON.
            guard let number = Int64(text), String(number) == text else { return .string(text) }
            return .integer(number)
        case .boolean: return text == "true" ? true : text == "false" ? false : .string(text)
        case .optional(let schema), .named(_, let schema): return schema.value(of: text)
        default: return .string(text)
        }
    }

    private static func faults(
        of members: [Member], in values: [String: JSONValue], at path: String
    ) -> [Refusal.Reason] {
        func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        var faults: [Refusal.Reason] = []
        for member in members {
            if let value = values[member.name] {
                faults += member.schema.faults(in: value, at: field(member.name))
            } else if member.isRequired {
                faults.append(
                    .init(
                        code: "field_missing", message: "\"\(field(member.name))\" is missing.",
                        field: field(member.name)))
            }
        }
        let known = Set(members.map(\.name))
        for name in values.keys.sorted() where !known.contains(name) {
            let list = members.map(\.name).joined(separator: ", ")
            faults.append(
                .init(
                    code: "field_unknown",
                    message: "\"\(name.prefix(64))\" is not known\(list.isEmpty ? "" : "; known are \(list)").",
                    field: field(String(name.prefix(64)))))
        }
        return faults
    }

    private var noun: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .text: "a text"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .id: "an id (UUID)"
        case .day: "a day as YYYY-MM-DD"
        case .moment: "a moment as 2026-04-03T07:00:00Z"
        case .list: "a list"
        case .object, .map, .entries: "an object"
        case .anything: "a value"
        case .optional(let schema), .named(_, let schema): schema.noun
        }
    }
}
