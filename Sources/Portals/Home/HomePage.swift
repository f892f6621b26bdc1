import Accounts
import Documents
import Foundation
import StateMachines
import WebAPI

/// Where a portal begins: how things stand today, each figure leading to what it counts.
struct HomePage: Page {
    static let template = "home"

    let visitor: Visitor
    let figures: [(tally: Tally, standing: Tally.Standing)]
    let days: [RecordDesk.DayTally]
    let time: CompanyTime
    /// Pages that no figure leads to.
    let offered: [PageRoute]

    var title: String { "Home" }

    var values: PageValues {
        let shown = figures.compactMap(stat)
        return [
            "greeting_name": .text(visitor.name.split(separator: " ").first.map(String.init) ?? visitor.name),
            "about": .text(about), "stats": .list(shown), "has_stats": .flag(!shown.isEmpty),
            "subjects": .text(Set(figures.map { Self.subject($0.tally.resource) }).sorted().joined(separator: " ")),
            "chart": .one(chart),
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

    private static let words: [String: (label: String, icon: String, isUrgent: Bool)] = [
        "orders_placed_today": ("Orders today", "shopping-cart", false),
        "orders_to_confirm": ("Orders to confirm", "list-checks", false),
        "orders_waiting": ("To be confirmed", "clock", false),
        "orders_held": ("Orders on hold", "circle-pause", true),
        "orders_in_production": ("In production", "snowflake", false),
        "orders_shipped": ("On their way", "truck", false),
        "shipments_on_quality_hold": ("Shipments on quality hold", "triangle-alert", true),
        "invoices_overdue": ("Overdue", "receipt", true), "invoices_open": ("To be paid", "receipt", false),
        "applications": ("Applications", "inbox", true),
        "commissions_to_approve": ("Commissions to approve", "circle-check", true),
        "leads_new": ("New leads", "users", false), "leads_qualified": ("Qualified leads", "users", false),
        "deals_negotiated": ("Deals in negotiation", "briefcase", false),
        "tasks_open": ("Waiting for a person", "bell", true),
    ]

    private func stat(_ tally: Tally, _ standing: Tally.Standing) -> PageValues? {
        guard let words = Self.words[tally.name] else { return nil }
        return [
            "label": .text(words.label), "icon": .text(words.icon),
            "figure": .text(MoneyText.whole(standing.count)),
            "worth": .optional(standing.count == 0 ? nil : standing.cents.map(MoneyText.dollars)),
            "is_urgent": .flag(words.isUrgent && standing.count > 0), "href": .optional(address(of: tally)),
        ]
    }

    /// The list of what a figure counts; nil: this portal has none.
    private func address(of tally: Tally) -> String? {
        let fits = RecordKind.all.filter { $0.portal == visitor.kind && $0.resource == tally.resource }
        // A list that is narrowed to just these says more.
        if let own = fits.first(where: { $0.narrowed == tally.query }) { return own.root }
        guard let kind = fits.first(where: { $0.place == nil }) else { return nil }
        return Address.text(kind.root, tally.query)
    }

    private static func subject(_ resource: String) -> String {
        RecordKind.all.first { $0.resource == resource }?.machine ?? resource
    }

    private var chart: PageValues? {
        guard visitor.kind == .admin, days.contains(where: { $0.count > 0 }) else { return nil }
        return LineChart(
            id: "orders-by-day", title: "Orders placed, the last 30 days",
            labels: days.map { String(time.text($0.day).prefix { $0 != "," }) },
            series: [.init(name: "Orders", figures: days.map { Double($0.count) })]
        ).values
    }

    private var about: String {
        switch visitor.kind {
        case .admin: "How things stand, and what waits for somebody."
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
