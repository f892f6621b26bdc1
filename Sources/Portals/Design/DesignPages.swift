import Accounts
import Hummingbird
import WebAPI

/// `/admin/design`: every part of the design system with its states, for whoever builds pages, and for the tests.
struct DesignPages: Sendable {
    let pages: PortalPages

    var routes: [PageRoute] {
        [
            .get(
                "/admin/design", "Every part that pages are made of, with its states", for: [.admin],
                menu: MenuEntry(group: "System", title: "Design", icon: "palette")
            ) { visit in
                let visitor = try await visit.visitor()
                return try pages.show(DesignPage(), to: visitor, visit)
            }
        ]
    }
}
