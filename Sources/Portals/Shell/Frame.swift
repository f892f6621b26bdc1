import Accounts
import enum Documents.TemplateValue

/// What every page has besides its own: the shell, what it loads, and the token of its forms.
struct Frame {
    let files: PageFiles
    let routes: [PageRoute]
    let visitor: Visitor?
    let path: String
    let csrf: String?
    /// Whether a script asks, which has the shell already.
    let isFragment: Bool

    /// Everything that a page's template, and the layout around it, can show.
    func values(around page: some Page) -> PageValues {
        let own: PageValues = [
            "title": .text(page.title), "is_fragment": .flag(isFragment),
            "csrf": csrf.map { .text(SecretToken.masked($0)) } ?? .absent,
        ]
        return [Shell(routes: routes, visitor: visitor, path: path).values, files.values, own]
            .reduce(page.values) { values, more in values.merging(more) { page, _ in page } }
    }
}
