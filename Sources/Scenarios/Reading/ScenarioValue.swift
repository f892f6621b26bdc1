import Foundation
import StateMachines

/// A value of a scenario file, with its place.
struct ScenarioValue: Sendable {
    indirect enum Content: Sendable, Equatable {
        /// The bare word `none`: no value.
        case none
        case boolean(Bool)
        case integer(Int64)
        case text(String)
        case list([ScenarioValue])
        case mapping([ScenarioPair])
    }

    var content: Content
    var location: SourceLocation
}

/// One `key: value`.
struct ScenarioPair: Sendable, Equatable {
    var key: Word
    var value: ScenarioValue
}

extension ScenarioValue: Equatable {
    /// Whether both say the same, wherever they stand.
    static func == (left: ScenarioValue, right: ScenarioValue) -> Bool { left.content == right.content }
}

extension ScenarioValue: CustomStringConvertible {
    /// As it would be written.
    var description: String {
        switch content {
        case .none: "none"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .text(let text): text
        case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .mapping(let pairs): "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    /// The text; nil for everything else.
    var text: String? { if case .text(let text) = content { text } else { nil } }

    /// The number; nil for everything else.
    var integer: Int64? { if case .integer(let number) = content { number } else { nil } }

    /// Whether it is `true`.
    var isTrue: Bool { content == .boolean(true) }

    /// The pairs of a mapping; nil for everything else.
    var pairs: [ScenarioPair]? { if case .mapping(let pairs) = content { pairs } else { nil } }
}

extension [ScenarioPair] {
    /// The value of a key.
    subscript(key: String) -> ScenarioValue? { first { $0.key == key }?.value }

    /// Without some keys.
    func without(_ keys: Set<String>) -> [ScenarioPair] { filter { !keys.contains($0.key.text) } }
}

extension ScenarioValue {
    /// Reads a value; what YAML's versions read differently is refused, as in the lifecycle files.
    init(_ node: SourceNode, notes: FaultNotes) {
        location = node.location
        switch node.content {
        case .sequence(let items):
            content = .list(items.map { ScenarioValue($0, notes: notes) })
        case .mapping(let entries):
            content = .mapping(entries.map { ScenarioPair(key: $0.key, value: ScenarioValue($0.value, notes: notes)) })
        case .scalar(let text, isPlain: false):
            content = .text(text)
        case .scalar(let text, isPlain: true):
            content = Self.plain(text, at: node.location, notes: notes)
        }
    }

    private static func plain(_ text: String, at location: SourceLocation, notes: FaultNotes) -> Content {
        if text == "none" { return .none }
        if text == "true" || text == "false" { return .boolean(text == "true") }
        guard let reading = BareWord.reading(of: text) else {
            if text.isEmpty { notes.add("W000", at: location, "a value is missing; no value is written none") }
            return .text(text)
        }
        if reading == "a number", let number = Int64(text), String(number) == text { return .integer(number) }
        notes.add("W002", at: location, "YAML 1.1 reads the bare word \(text) as \(reading); put it in quotes")
        return .text(text)
    }
}
