import Foundation
import StateMachines

extension Schema {
    /// The schema as JSON Schema 2020-12, which OpenAPI 3.1 takes; a named one as a reference.
    var json: JSONValue {
        switch self {
        case .boolean: .object(["type": "boolean"])
        case .integer(let range):
            .object(
                ["type": "integer"].merging(
                    range.map { ["minimum": .integer($0.lowerBound), "maximum": .integer($0.upperBound)] } ?? [:]
                ) { $1 })
        case .number: .object(["type": "number"])
        case .text(let length):
            .object(
                ["type": "string", "maxLength": .count(length.upperBound)].merging(
                    length.lowerBound > 0 ? ["minLength": .count(length.lowerBound)] : [:]
                ) { $1 })
        case .choice(let words): .object(["type": "string", "enum": .array(words.map(JSONValue.string))])
        case .id: .object(["type": "string", "format": "uuid"])
        case .day: .object(["type": "string", "format": "date"])
        case .moment: .object(["type": "string", "format": "date-time"])
        case .list(let element, let most):
            .object(["type": "array", "items": element.json, "maxItems": .count(most)])
        case .object(let members):
            .object([
                "type": "object",
                "properties": .object(
                    Dictionary(members.map { ($0.name, $0.schema.json) }) { first, _ in first }),
                "required": .array(members.filter(\.isRequired).map { .string($0.name) }),
                "additionalProperties": false,
            ])
        case .map: .object(["type": "object"])
        case .entries(let schema): .object(["type": "object", "additionalProperties": schema.json])
        case .anything: .object([:])
        case .optional(let schema): .object(["anyOf": .array([schema.json, .object(["type": "null"])])])
        case .named(let name, _): .object(["$ref": .string("#/components/schemas/\(name)")])
        }
    }

    /// A value that it allows, for people to look at.
    var example: JSONValue {
        switch self {
        case .boolean: false
        case .integer(let range): .integer(range.map { max($0.lowerBound, min($0.upperBound, 1_200)) } ?? 1_200)
        case .number: .number(1.5)
        case .text(let length):
            .string(
                "Text".padding(
                    toLength: max(length.lowerBound, min(4, length.upperBound)), withPad: "Text", startingAt: 0))
        case .choice(let words): words.first.map(JSONValue.string) ?? .null
        case .id: "0198c1f2-6a51-7cc4-b2a4-3f1f6f0d7a10"
        case .day: "2026-04-03"
        case .moment: "2026-04-03T07:00:00Z"
        case .list(let element, _): .array([element.example])
        case .object(let members):
            .object(Dictionary(members.map { ($0.name, $0.schema.example) }) { first, _ in first })
        case .map: .object([:])
        case .entries(let schema): .object(["name": schema.example])
        case .anything: .object([:])
        case .optional(let schema), .named(_, let schema): schema.example
        }
    }

    /// The named schemas in it, itself among them.
    var named: [String: Schema] {
        switch self {
        case .named(let name, let schema): schema.named.merging([name: schema]) { first, _ in first }
        case .optional(let schema), .list(let schema, _), .entries(let schema): schema.named
        case .object(let members):
            members.reduce(into: [:]) { $0.merge($1.schema.named) { first, _ in first } }
        default: [:]
        }
    }
}
