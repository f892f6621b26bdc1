import Mustache

/// Writes text into HTML, in an element or in a quoted attribute.
///
/// The library's own escaping goes character by character, and a quote with a combining mark is another character,
/// which passes unescaped and would end an attribute. This one goes by Unicode scalars. Goes when swift-mustache does
/// the same (seen 2026-11 with 2.1).
struct PageEscaping: MustacheContentType {
    /// The name under which templates ask for it; ``PageTemplates`` does so in each.
    static let name = "DRIZZL_PAGE"

    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
