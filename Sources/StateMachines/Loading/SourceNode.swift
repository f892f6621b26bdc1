/// A piece of YAML with its place, in which every scalar is text.
///
/// YAML's own types are not used: `on`, `9:00` or `2026-03-02` mean different things to YAML 1.1 and 1.2, so the reader
/// of each key says what it wants, and refuses bare words that the two would read differently (W002).
package struct SourceNode {
    /// One `key: value`.
    package struct Entry {
        package var key: Word
        package var isPlainKey: Bool
        package var value: SourceNode
    }

    package enum Content {
        /// `isPlain`: written without quotes, so that YAML itself might see a number or a boolean in it.
        case scalar(String, isPlain: Bool)
        case sequence([SourceNode])
        case mapping([Entry])
    }

    package var content: Content
    package var location: SourceLocation

    /// What it is, for messages.
    package var kind: String {
        switch content {
        case .scalar("", isPlain: true): "nothing"
        case .scalar: "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension SourceNode {
    /// Reads one file down to its root mapping.
    ///
    /// - Returns: The root and the file's text; nil, with the reasons noted, when there is no such thing.
    package static func read(_ source: WorkflowFiles.Source, notes: FaultNotes) -> (node: SourceNode, text: String)? {
        let bytes: [UInt8]
        switch source.bytes {
        case .success(let found): bytes = found
        case .failure(let fault):
            notes.add(fault)
            return nil
        }
        guard let source = SourceText(file: source.name, bytes: bytes, notes: notes) else { return nil }
        guard let node = YAMLComposer(source: source, notes: notes).compose() else { return nil }
        guard case .mapping = node.content else {
            notes.add("W000", at: node.location, "the file is \(node.kind) where a mapping of keys is wanted")
            return nil
        }
        return (node, source.text)
    }
}
