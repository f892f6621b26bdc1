import Yams

/// Lets Yams compose a file and turns what comes out into ``SourceNode``.
struct YAMLComposer {
    let source: SourceText
    let notes: FaultNotes

    /// Each duplicate costs one more parse of the file.
    private static let mostDuplicates = 200

    /// Composes; nil, with the reason noted, when the text is no YAML.
    ///
    /// Yams stops at the first mapping with a key that stands twice and tells where the first of the two is. To find
    /// all of them, the first letter of that key is replaced by one of Unicode's private use, which keeps every line
    /// and column, and the text is composed again; the converter puts the letter back and sees both keys.
    /// (Yams 6.2; can go when Yams lets duplicates through.)
    func compose() -> SourceNode? {
        var text = source.text
        var replaced: [Unicode.Scalar: Unicode.Scalar] = [:]
        while true {
            let failure: YamlError
            do {
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    notes.add("W000", at: start, "the file is empty")
                    return nil
                }
                let lines = SourceLines(source.text)
                return SourceNodeConverter(file: source.file, lines: lines, replaced: replaced, notes: notes).node(root)
            } catch let error as YamlError {
                failure = error
            } catch {
                notes.add("W000", at: start, "the file is no YAML")
                return nil
            }
            guard case .duplicatedKeysInMapping(let names, let context) = failure else {
                note(failure)
                return nil
            }
            guard let (next, stand, original) = maskKey(at: context.mark, number: replaced.count, in: text) else {
                let keys = names.map { "\"\($0)\"" }.joined(separator: ", ")
                notes.add("W003", at: location(context.mark), "\(keys) stands twice in this mapping")
                return nil
            }
            text = next
            replaced[stand] = original
        }
    }

    /// The text with another first letter of the key at `mark`; nil where that cannot be done without changing more.
    private func maskKey(
        at mark: Mark, number: Int, in text: String
    ) -> (text: String, stand: Unicode.Scalar, original: Unicode.Scalar)? {
        guard number < Self.mostDuplicates, let stand = Unicode.Scalar(0xE000 + UInt32(number)) else { return nil }
        let lines = SourceLines(text)
        guard let first = lines.scalar(line: mark.line, column: mark.column) else { return nil }
        let column = first == "\"" || first == "'" ? mark.column + 1 : mark.column
        guard let index = lines.index(line: mark.line, column: column) else { return nil }
        let original = text.unicodeScalars[index]
        guard original.properties.isAlphabetic || original.properties.numericType != nil || original == "_" else {
            return nil
        }
        var scalars = text.unicodeScalars
        scalars.replaceSubrange(index...index, with: CollectionOfOne(stand))
        return (String(scalars), stand, original)
    }

    private func note(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            notes.add("W000", at: location(mark), Self.sentence(problem, context: context?.text))
        default:
            notes.add("W000", at: start, "the file is no YAML")
        }
    }

    /// Says in plain words what libyaml says in its own.
    private static func sentence(_ problem: String, context: String?) -> String {
        switch problem {
        case "but found another document": "a second document begins here; a file holds one"
        case "found undefined alias": "an alias (*) is refused; write the value out"
        case "found character that cannot start any token": "no value may begin with this character; put it in quotes"
        case "mapping values are not allowed in this context":
            "a colon with a space makes a key, and no key may stand here; put the text in quotes or mend the indentation"
        case "could not find expected ':'": "a key without its colon"
        default: "this is no YAML: \(problem)" + (context.map { " (\($0))" } ?? "")
        }
    }

    private var start: SourceLocation { SourceLocation(file: source.file, line: 1, column: 1) }

    private func location(_ mark: Mark) -> SourceLocation {
        SourceLocation(file: source.file, line: mark.line, column: mark.column)
    }
}
