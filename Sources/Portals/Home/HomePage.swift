import Accounts
import enum Documents.TemplateValue
import WebAPI

/// Where a portal begins: who is signed in, and what they can do here.
struct HomePage: Page {
    static let template = "home"

    let visitor: Visitor
    let offered: [PageRoute]

    var title: String { "Home" }

    var values: PageValues {
        [
            "greeting_name": .text(visitor.name.split(separator: " ").first.map(String.init) ?? visitor.name),
            "about": .text(about),
            "offered": .list(
                offered.compactMap { route in
                    route.entry.map { entry in
                        [
                            "href": .text(route.operation.path), "label": .text(entry.title),
                            "icon": .text(entry.icon), "summary": .text(route.operation.summary + "."),
                        ]
                    }
                }),
            "has_offered": .flag(!offered.isEmpty),
        ]
    }

    private var about: String {
        switch visitor.kind {
        case .admin: "What the company runs on: invoices, and what is done about them."
        case .salesRep: "Your leads, deals and partners."
        case .partnerUser: "Your orders, invoices and shipments."
        }
    }
}

/// The doors of the three portals, for whoever is not signed in.
struct DoorsPage: Page {
    static let template = "doors"

    var title: String { "Welcome" }

    var values: PageValues {
        let words: [(Visitor.Kind, String, String)] = [
            (.partnerUser, "store", "For shops that order from us."),
            (.salesRep, "briefcase", "For our sales reps."), (.admin, "shield", "For the company."),
        ]
        return [
            "doors": .list(
                words.map { kind, icon, about in
                    [
                        "href": .text(Portal.login(of: kind)), "label": .text(Portal.title(of: kind)),
                        "icon": .text(icon), "about": .text(about),
                    ]
                })
        ]
    }
}
