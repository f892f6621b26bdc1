import enum Documents.TemplateValue
import Mustache

/// What a page shows, by name.
typealias PageValues = [String: TemplateValue]

/// The values of a page as swift-mustache looks them up: innermost section first.
struct PageScope: MustacheParent {
    /// Names that no scope had.
    final class Missing { var names: Set<String> = [] }

    let values: PageValues
    /// Only in the outermost scope, which is asked last.
    var missing: Missing?

    func child(named name: String) -> Any? {
        switch values[name] {
        case .text(let text): text.isEmpty ? Nothing() : text
        case .flag(let flag): flag
        case .list(let elements): elements.map { PageScope(values: $0) }
        case .absent: Nothing()
        case nil: noted(name)
        }
    }

    private func noted(_ name: String) -> Any? {
        missing?.names.insert(name)
        return nil
    }

    /// Found, but shows nothing.
    private struct Nothing: MustacheCustomRenderable {
        var renderText: String { "" }
        var isNull: Bool { true }
    }
}
