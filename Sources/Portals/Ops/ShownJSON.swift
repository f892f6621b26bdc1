import Foundation
import Jobs
import StateMachines
import Database

/// A JSON value as people read it.
struct ShownJSON {
    private let value: JSONValue

    init?(_ json: JSON) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(json.text.utf8)) else { return nil }
        self.value = value
    }

    private init(_ value: JSONValue) { self.value = value }

    /// A member a line.
    var text: String { Self.text(value, indent: "") }

    private static func text(_ value: JSONValue, indent: String) -> String {
        let deeper = indent + "  "
        switch value {
        case .object(let members) where !members.isEmpty:
            let lines = members.sorted { $0.key < $1.key }.map { name, value in
                "\(deeper)\(JSONValue.string(name).json): \(text(value, indent: deeper))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { deeper + text($0, indent: deeper) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        default: return value.json
        }
    }

    /// The same without what may be about somebody: names and ids of records stay, texts and numbers do not (SEC-08).
    var masked: ShownJSON { ShownJSON(Self.masked(value)) }

    private static func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.mapValues(masked))
        case .array(let elements): .array(elements.map(masked))
        case .string(let text): UUID(uuidString: text) == nil ? "•••" : value
        case .integer, .number: "•••"
        case .null, .boolean: value
        }
    }
}
