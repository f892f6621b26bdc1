import Yams

/// A piece of a lifecycle file that can be changed in one place and written down again.
///
/// Comments and the layout are lost; what the file means is not.
indirect enum Tree: Sendable, Equatable {
    case text(String, isQuoted: Bool = false)
    case list([Tree])
    case mapping([Entry])

    struct Entry: Sendable, Equatable {
        var key: String
        var value: Tree
    }

    /// The way from the root of a file to one of its pieces.
    enum Step: Sendable, Equatable {
        case key(String)
        case item(Int)
    }

    init(yaml: String) throws {
        guard let node = try Yams.compose(yaml: yaml) else { throw NotAFile() }
        self = try Tree(node)
    }

    private struct NotAFile: Error {}

    private init(_ node: Node) throws {
        switch node {
        case .scalar(let scalar):
            self = .text(scalar.string, isQuoted: ![.plain, .any].contains(scalar.style))
        case .sequence(let items):
            self = .list(try items.map { try Tree($0) })
        case .mapping(let pairs):
            self = .mapping(
                try pairs.map { key, value in
                    guard let key = key.scalar?.string else { throw NotAFile() }
                    return Entry(key: key, value: try Tree(value))
                })
        case .alias: throw NotAFile()
        }
    }
}

extension Tree {
    subscript(key: String) -> Tree? { entries.first { $0.key == key }?.value }

    var entries: [Entry] { if case .mapping(let entries) = self { entries } else { [] } }

    var items: [Tree] { if case .list(let items) = self { items } else { [] } }

    var word: String? { if case .text(let word, _) = self { word } else { nil } }

    /// The words of a list, or the one word that stands alone.
    var words: [String] { word.map { [$0] } ?? items.compactMap(\.word) }

    static func words(_ words: [String]) -> Tree { .list(words.map { .text($0) }) }

    /// The tree with one piece changed; nil takes the piece out, and its key with it.
    func changing(_ path: [Step], _ change: (Tree) -> Tree?) -> Tree? {
        guard let step = path.first else { return change(self) }
        let rest = Array(path.dropFirst())
        switch (self, step) {
        case (.mapping(let entries), .key(let key)):
            return .mapping(
                entries.compactMap { entry in
                    guard entry.key == key else { return entry }
                    return entry.value.changing(rest, change).map { Entry(key: key, value: $0) }
                })
        case (.list(let items), .item(let index)):
            return .list(
                items.enumerated().compactMap { $0.offset == index ? $0.element.changing(rest, change) : $0.element })
        default:
            return self
        }
    }

    /// The tree with one key of a mapping called otherwise.
    func renaming(_ path: [Step], _ old: String, to new: String) -> Tree? {
        changing(path) { mapping in
            .mapping(mapping.entries.map { $0.key == old ? Entry(key: new, value: $0.value) : $0 })
        }
    }

    /// The tree with a key added to a mapping, or its value replaced.
    func setting(_ path: [Step], _ key: String, _ value: Tree) -> Tree? {
        changing(path) { mapping in
            guard mapping[key] == nil else { return mapping.changing([.key(key)]) { _ in value } }
            return .mapping(mapping.entries + [Entry(key: key, value: value)])
        }
    }
}

extension Tree {
    /// The tree as YAML.
    var yaml: String { entries.map { Tree.block($0, indent: "") }.joined() }

    private static func block(_ entry: Entry, indent: String) -> String {
        let head = indent + written(entry.key, isQuoted: false) + ":"
        switch entry.value {
        case .mapping(let entries) where !entries.isEmpty:
            return head + "\n" + entries.map { block($0, indent: indent + "  ") }.joined()
        case .list(let items) where items.contains { $0.word == nil }:
            return head + "\n" + items.map { "\(indent)  - \($0.flow)\n" }.joined()
        default:
            return "\(head) \(entry.value.flow)\n"
        }
    }

    private var flow: String {
        switch self {
        case .text(let text, let isQuoted): Tree.written(text, isQuoted: isQuoted)
        case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
        case .mapping(let entries) where entries.isEmpty: "{}"
        case .mapping(let entries):
            "{ " + entries.map { "\(Tree.written($0.key, isQuoted: false)): \($0.value.flow)" }.joined(separator: ", ")
                + " }"
        }
    }

    private static func written(_ text: String, isQuoted: Bool) -> String {
        let isPlain = text.utf8.allSatisfy { plainBytes.contains($0) } && text.first?.isWhitespace == false
        guard isQuoted || !isPlain else { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }

    private static let plainBytes = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_. ".utf8)
}
