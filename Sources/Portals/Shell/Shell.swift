import Accounts
import enum Documents.TemplateValue
import WebAPI

/// What stands around a page: the menu, who is signed in, the way out.
struct Shell {
    /// Every page that could be in the menu, in its order.
    let routes: [PageRoute]
    /// Who looks at it; nil: somebody who is not signed in, and sees none of it.
    let visitor: Visitor?
    /// The address of the page.
    let path: String

    /// Pages of a portal that the tab bar has room for; the menu has the rest.
    private static let tabs = 5

    var values: PageValues {
        guard let visitor else {
            return [
                "has_shell": .flag(false), "menu": .absent, "tabs": .absent, "home": "/", "portal": .absent,
                "portal_title": .absent, "visitor_name": .absent, "visitor_role": .absent, "initials": .absent,
            ]
        }
        let entries = entries(for: visitor)
        let tabs = visitor.kind == .salesRep ? Array(entries.prefix(Self.tabs)) : []
        return [
            "has_shell": .flag(true), "home": .text(Portal.home(of: visitor.kind)),
            "portal": .text(visitor.kind.portal), "portal_title": .text(Portal.title(of: visitor.kind)),
            "visitor_name": .text(visitor.name), "visitor_role": .text(Words.spelled(visitor.role)),
            "initials": .text(Self.initials(visitor.name)), "menu": .list(groups(entries)),
            "tabs": tabs.isEmpty ? .absent : .one(["entries": .list(tabs.map(values))]),
        ]
    }

    /// The pages of the visitor's portal that they may open.
    private func entries(for visitor: Visitor) -> [(path: String, entry: MenuEntry)] {
        routes.compactMap { route in
            guard let entry = route.entry, route.operation.access.isOpen(to: visitor) else { return nil }
            return (route.operation.path, entry)
        }
    }

    private func groups(_ entries: [(path: String, entry: MenuEntry)]) -> [PageValues] {
        var order: [String] = []
        for entry in entries.map(\.entry) where !order.contains(entry.group) { order.append(entry.group) }
        return order.map { group in
            ["group": .text(group), "entries": .list(entries.filter { $0.entry.group == group }.map(values))]
        }
    }

    private func values(_ path: String, _ entry: MenuEntry) -> PageValues {
        [
            "href": .text(path), "label": .text(entry.title), "icon": .text(entry.icon),
            "is_current": .flag(isCurrent(path)), "counts": .optional(entry.count),
        ]
    }

    /// A page below an entry's page belongs to it, unless that is the portal's first, which all are below.
    private func isCurrent(_ entry: String) -> Bool {
        path == entry || (path.hasPrefix(entry + "/") && !Visitor.Kind.allCases.map(Portal.home).contains(entry))
    }

    static func initials(_ name: String) -> String {
        let words = name.split(separator: " ")
        return [words.first, words.count > 1 ? words.last : nil].compactMap { $0?.prefix(1).uppercased() }.joined()
    }
}

/// The three portals.
enum Portal {
    /// Where a portal begins.
    static func home(of kind: Visitor.Kind) -> String { kind == .admin ? "/admin/command-center" : "/\(kind.portal)" }

    /// Where its people sign in.
    static func login(of kind: Visitor.Kind) -> String { "/\(kind.portal)/login" }

    /// What it is called.
    static func title(of kind: Visitor.Kind) -> String {
        switch kind {
        case .admin: "Command centre"
        case .salesRep: "Sales Rep Portal"
        case .partnerUser: "Partner Portal"
        }
    }

    /// Whose portal an address is in.
    static func kind(at path: String) -> Visitor.Kind? {
        path.split(separator: "/").first.flatMap { Visitor.Kind(portal: String($0)) }
    }
}
