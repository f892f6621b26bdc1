/// A template file before it is compiled: what its tags name, and on which line.
struct TemplateSource {
    struct Tag {
        /// `#`, `^`, `/`, `>`, `<`, `$`, `&`, `{`, `!`, or `nil` for a plain variable.
        let sigil: Character?
        let name: String
        let line: Int
    }

    /// The file, below the folder of templates.
    let file: String
    let text: String

    /// All tags in order.
    ///
    /// Delimiters other than the usual are refused elsewhere.
    var tags: [Tag] {
        var tags: [Tag] = []
        var rest = text[...]
        var line = 1
        while let open = rest.firstRange(of: "{{") {
            line += rest[..<open.lowerBound].count(where: \.isNewline)
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
            let inside = rest[open.upperBound..<close.lowerBound]
            let sigil = inside.first.flatMap { "#^/><$&{!=%".contains($0) ? $0 : nil }
            let name = inside.drop { $0 == sigil }.filter { !$0.isWhitespace }
            tags.append(Tag(sigil: sigil, name: name, line: line))
            line += inside.count(where: \.isNewline)
            rest = rest[close.upperBound...]
        }
        return tags
    }

    /// What the compiler would let pass and then show as nothing, or as raw HTML.
    func faults(partials: Set<String>) -> [TemplateError.Fault] {
        tags.compactMap { tag in
            let message: String? =
                switch tag.sigil {
                case "!", "/": nil
                case "=", "%": "settings inside a template are not used here"
                case ">", "<": partials.contains(tag.name) ? nil : "there is no template \"\(tag.name)\" to include"
                // Text is raw without it, and HTML shall never be.
                case "{", "&": "\"\(tag.name)\" would be shown without escaping"
                default: tag.name.contains(".") ? "\"\(tag.name)\": a name has no dot" : nil
                }
            return message.map { TemplateError.Fault(file: file, line: tag.line, message: $0) }
        }
    }
}
