internal import Mustache

/// The values of a template as swift-mustache looks them up.
///
/// The library shows nothing for a name it does not find. So the outermost scope, which is asked last, notes it.
struct TemplateScope: MustacheParent {
    /// Names that no scope had.
    final class Missing { var keys: Set<String> = [] }

    let values: [String: TemplateValue]
    /// Only in the outermost scope.
    var missing: Missing?

    func child(named name: String) -> Any? {
        switch values[name] {
        case .text(let text) where text.isEmpty: Nothing()
        case .text(let text): Self.separated(text)
        case .flag(let flag): flag
        case .list(let elements): elements.map { TemplateScope(values: $0) }
        case .absent: Nothing()
        case nil:
            noted(name)
        }
    }

    private func noted(_ name: String) -> Any? {
        missing?.keys.insert(name)
        return nil
    }

    /// Found, but shows nothing.
    private struct Nothing: MustacheCustomRenderable {
        var renderText: String { "" }
        var isNull: Bool { true }
    }

    /// Takes the marks off `<`, `>`, `&` and quotes.
    ///
    /// swift-mustache 2.1 escapes character by character, and a quote with a combining mark is another character, which
    /// passes unescaped and would end an attribute. Goes when the library escapes by scalars (seen 2026-11).
    private static func separated(_ text: String) -> String {
        let special: Set<Unicode.Scalar> = ["<", ">", "&", "\"", "'"]
        guard
            text.contains(where: { $0.unicodeScalars.count > 1 && $0.unicodeScalars.contains(where: special.contains) })
        else { return text }
        return text.map { character in
            let scalars = character.unicodeScalars
            return scalars.count > 1
                ? scalars.first(where: special.contains).map(String.init) ?? "\(character)" : "\(character)"
        }.joined()
    }
}
