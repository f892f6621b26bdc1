import enum Documents.TemplateValue

/// A page: which template shows what.
///
/// How to add one: docs/pages.md.
protocol Page: Sendable {
    /// The template below `templates/portal`.
    static var template: String { get }
    /// What stands in the window's title.
    var title: String { get }
    /// What the template shows.
    var values: PageValues { get }
}

extension TemplateValue {
    /// A section that stands there once, with values of its own.
    static func one(_ values: PageValues) -> TemplateValue { .list([values]) }

    /// A section that stands there once, or not at all.
    static func one(_ values: PageValues?) -> TemplateValue { values.map { .list([$0]) } ?? .absent }
}
