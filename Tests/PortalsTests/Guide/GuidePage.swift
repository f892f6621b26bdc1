import Accounts
import enum Documents.TemplateValue
import WebAPI

@testable import Portals

// Model: what the page shows.
struct WarehousesPage: Page {
    static let template = "warehouses"

    let warehouses: [(name: String, freezers: Int, isFull: Bool)]

    var title: String { "Warehouses" }

    var values: PageValues {
        [
            "warehouses": .list(
                warehouses.map { warehouse in
                    [
                        "key": .text(warehouse.name), "name": .text(warehouse.name),
                        "freezers": .text("\(warehouse.freezers)"),
                        "state": .one(warehouse.isFull ? Badge("Full", .warning).values : nil),
                    ]
                }),
            "is_empty": .flag(warehouses.isEmpty),
        ]
    }
}

struct WarehousePages {
    let pages: PortalPages

    // Routing: who may open it, and where the menu has it. Add `WarehousePages(pages: self).routes` to PortalPages.routes.
    var routes: [PageRoute] {
        [
            .get(
                "/admin/command-center/warehouses", "Where the goods lie", for: [.admin], needs: .manageStock,
                menu: MenuEntry(group: "Commerce", title: "Warehouses", icon: "snowflake")
            ) { visit in
                let visitor = try await visit.visitor()
                return try pages.show(WarehousesPage(warehouses: [("North", 3, true)]), to: visitor, visit)
            }
        ]
    }
}
