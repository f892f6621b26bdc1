import Yams

/// Turns what Yams composed into ``SourceNode`` and refuses what makes YAML more than keys, lists and texts.
struct SourceNodeConverter {
    let file: String
    let lines: SourceLines
    /// Letters that stand for the first ones of keys that stand twice.
    let replaced: [Unicode.Scalar: Unicode.Scalar]
    let notes: FaultNotes

    /// The deepest of ours has seven levels.
    private static let deepest = 24

    func node(_ node: Node, depth: Int = 0) -> SourceNode {
        let location = location(of: node)
        let nothing = SourceNode(content: .scalar("", isPlain: true), location: location)
        guard depth < Self.deepest else {
            notes.add("W000", at: location, "this is nested more than \(Self.deepest) deep")
            return nothing
        }
        guard isPlainYAML(at: location) else { return nothing }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return SourceNode(content: .scalar(restored(scalar.string), isPlain: isPlain), location: location)
        case .sequence(let sequence):
            return SourceNode(content: .sequence(sequence.map { self.node($0, depth: depth + 1) }), location: location)
        case .mapping(let mapping):
            return SourceNode(content: .mapping(entries(mapping, depth: depth)), location: location)
        case .alias:
            notes.add("W000", at: location, "an alias (*) is refused; write the value out")
            return nothing
        }
    }

    private func entries(_ mapping: Node.Mapping, depth: Int) -> [SourceNode.Entry] {
        var entries: [SourceNode.Entry] = []
        var seen: [String: Word] = [:]
        for (key, value) in mapping {
            let location = location(of: key)
            guard let scalar = key.scalar, isPlainYAML(at: location) else {
                if key.scalar == nil { notes.add("W000", at: location, "a key has to be a plain name") }
                continue
            }
            let name = Word(restored(scalar.string), at: location)
            if name == "<<" {
                notes.add("W000", at: location, "a merge key (<<) is refused; write the values out")
            } else if let first = seen[name.text] {
                notes.add("W003", at: location, "\"\(name)\" stands twice; first in line \(first.location.line)")
            } else {
                seen[name.text] = name
                let isPlain = scalar.style == .plain || scalar.style == .any
                let value = node(value, depth: depth + 1)
                entries.append(SourceNode.Entry(key: name, isPlainKey: isPlain, value: value))
            }
        }
        return entries
    }

    /// An anchored value is not looked into: aliases may multiply it beyond measure.
    private func isPlainYAML(at location: SourceLocation) -> Bool {
        switch lines.scalar(line: location.line, column: location.column) {
        case "&":
            notes.add("W000", at: location, "an anchor (&) is refused; write the value out where it is used")
            return false
        case "!":
            notes.add("W000", at: location, "a tag (!) is refused; every value is read as text")
            return false
        default:
            return true
        }
    }

    private func restored(_ text: String) -> String {
        guard !replaced.isEmpty, let first = text.unicodeScalars.first, let original = replaced[first] else {
            return text
        }
        return String(original) + String(text.unicodeScalars.dropFirst())
    }

    private func location(of node: Node) -> SourceLocation {
        SourceLocation(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}
