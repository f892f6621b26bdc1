import Accounts
import HTTPTypes
import Hummingbird
import WebAPI

/// Where each portal begins, and `/`, where whoever comes is shown the doors.
struct HomePages: Sendable {
    let pages: PortalPages

    var routes: [PageRoute] {
        let entry = MenuEntry(group: "Today", title: "Home", icon: "house")
        return Visitor.Kind.allCases.map { kind in
            .get(Portal.home(of: kind), "Where the portal begins", for: [kind], menu: entry, handler: home)
        } + [
            .open(.get, "/", "The doors of the three portals", handler: doors),
            .open(.get, "/admin", "Leads to where the portal begins") { _ in
                Response(status: .seeOther, headers: [.location: Portal.home(of: .admin)])
            },
        ]
    }

    @Sendable private func home(_ visit: Visit) async throws -> Response {
        let today = try await pages.records.today(visit)
        let visitor = today.visitor
        // A desk has the menu beside it; elsewhere the pages are one touch away.
        let offered = pages.routes.filter { route in
            route.entry != nil && route.operation.access.isOpen(to: visitor)
                && route.operation.path != Portal.home(of: visitor.kind)
                && visitor.kind != .admin
        }
        let page = HomePage(
            visitor: visitor, figures: today.figures, days: today.days, time: pages.time, offered: offered)
        return try pages.show(page, to: visitor, visit)
    }

    @Sendable private func doors(_ visit: Visit) async throws -> Response {
        do {
            let visitor = try await visit.visitor()
            return Response(status: .seeOther, headers: [.location: Portal.home(of: visitor.kind)])
        } catch let problem as Problem where problem.status == .unauthorized {
            return try pages.show(DoorsPage(), to: nil, visit)
        }
    }
}
