/// Reads the keys of one mapping and notes what is missing, unknown or of another kind, all at once.
///
/// Readers of a value answer nil after they have noted why, so that one fault does not hide the next.
package final class MappingReader {
    package let notes: FaultNotes
    /// Whose keys these are, for messages and for what is missing: `move "pay"`.
    package let subject: String
    package let location: SourceLocation
    private let entries: [SourceNode.Entry]
    private let isBroken: Bool
    private var known: Set<String> = []

    /// Begins to read; when the node is no mapping that is noted, and every key counts as missing without a word.
    package init(_ node: SourceNode, subject: String, at location: SourceLocation, notes: FaultNotes) {
        (self.subject, self.location, self.notes) = (subject, location, notes)
        if case .mapping(let entries) = node.content {
            self.entries = entries
            isBroken = false
        } else {
            entries = []
            isBroken = true
            notes.add("W000", at: node.location, "\(subject) is \(node.kind) where a mapping of keys is wanted")
        }
    }

    /// The value of a key that may be missing.
    package func optional(_ key: String) -> SourceNode? {
        known.insert(key)
        return entries.first { $0.key == key }?.value
    }

    /// The value of a key that has to be there.
    package func required(_ key: String) -> SourceNode? {
        let value = optional(key)
        if value == nil, !isBroken { notes.add("W000", at: location, "\(subject) lacks \"\(key)\"") }
        return value
    }

    /// Whether the key is there.
    package func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// Where the key stands, or else the mapping.
    package func place(of key: String) -> SourceLocation {
        entries.first { $0.key == key }?.key.location ?? location
    }

    /// Notes every key that no reader has asked for; to be called last.
    package func finish() {
        for entry in entries where !known.contains(entry.key.text) {
            if entry.isPlainKey, let reading = BareWord.reading(of: entry.key.text) {
                notes.add("W002", at: entry.key.location, "YAML 1.1 reads the bare key \(entry.key) as \(reading)")
            } else {
                let advice = Spelling.advice(for: entry.key.text, among: known)
                notes.add("W000", at: entry.key.location, "\(subject) has no key \"\(entry.key)\"\(advice)")
            }
        }
    }
}
