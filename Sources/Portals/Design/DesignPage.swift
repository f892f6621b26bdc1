import enum Documents.TemplateValue

/// The design system, as its own page shows it.
struct DesignPage: Page {
    static let template = "design"

    var title: String { "Design system" }

    var values: PageValues {
        [
            "colours": .list(Self.colours.map { ["token": .text($0), "swatch": .text("swatch-" + $0)] }),
            "sizes": .list([1, 2, 3, 4, 5, 6].map { ["size": .text("type-\($0)")] }),
            "icons": .list(Self.icons.map { ["icon": .text($0)] }),
            "badges": .list(
                zip(["Delivered", "Waiting", "Overdue", "In transit", "Draft"], Badge.Tone.allCases).map {
                    Badge($0, $1).values
                }),
            "rows": .list(Self.rows), "filters": .list(Self.filters), "fields": .list(Self.fields),
            "stats": .list(Self.stats), "chart": .one(Self.chart.values), "events": .list(Self.events),
            "tab_entries": .list(Self.tabs),
        ]
    }

    private static let colours = [
        "primary", "secondary", "text", "nav-text", "gray-text", "red", "green", "yellow", "blue",
    ]
    private static let icons = [
        "house", "receipt", "truck", "package", "store", "users", "mail", "bell", "search", "settings", "timer",
        "workflow",
    ]

    private static var rows: [PageValues] {
        let rows = [
            ("ORD-10145", "Walmart", Badge("In production", .info), "$7,700.00"),
            ("ORD-10150", "Corner Pantry", Badge("Held: credit", .warning), "$4,789.80"),
            ("ORD-10151", "Green Leaf Market", Badge("Delivered", .success), "$912.00"),
        ]
        return rows.map { number, partner, badge, amount in
            [
                "number": .text(number), "partner": .text(partner), "state": .one(badge.values),
                "amount": .text(amount),
            ]
        }
    }

    private static var filters: [PageValues] {
        [("All", true), ("Held 2", false), ("Shipped 9", false)].map { label, isCurrent in
            ["label": .text(label), "href": "#tables", "is_current": .flag(isCurrent)]
        }
    }

    private static var fields: [PageValues] {
        [
            field("name", "Name"), field("amount", "Amount in dollars", value: "12.50", mode: "decimal"),
            field("day", "Day", type: "date", hint: "In the company's time zone."),
            field(
                "reference", "Reference", value: "CHK",
                fault: "Reference is too short. Write the number that stands on the cheque."),
            field("method", "Method", choices: ["Check", "Bank transfer"]),
        ]
    }

    private static func field(
        _ name: String, _ label: String, value: String = "", type: String = "text", mode: String = "text",
        hint: String? = nil, fault: String? = nil, choices: [String] = []
    ) -> PageValues {
        [
            "field_id": .text("sample-\(name)"), "name": .text(name), "field_label": .text(label),
            "value": .text(value), "type": .text(type), "input_mode": .text(mode), "is_required": .flag(name != "day"),
            "is_choice": .flag(!choices.isEmpty), "field_hint": .optional(hint), "fault": .optional(fault),
            "choices": .list(
                choices.map { ["choice": .text($0), "choice_label": .text($0), "is_selected": .flag(false)] }),
        ]
    }

    private static var stats: [PageValues] {
        let stats: [(String, String, [Double])] = [
            ("Orders today", "38", [3, 5, 4, 8, 6, 9, 7, 11]), ("Overdue", "$85K", [9, 9, 8, 9, 7, 6, 6, 5]),
            ("Waiting jobs", "0", [0, 0, 0, 0]),
        ]
        return stats.map { label, figure, line in
            [
                "label": .text(label), "figure": .text(figure),
                "spark": .one(Sparkline(figures: line, label: label).values),
            ]
        }
    }

    private static var chart: LineChart {
        LineChart(
            id: "sample-chart", title: "Orders and shipments by day",
            labels: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            series: [
                .init(name: "Orders", figures: [12, 18, 9, 24, 31, 6, 4]),
                .init(name: "Shipments", figures: [8, 11, 15, 12, 22, 19, 3]),
            ])
    }

    private static var events: [PageValues] {
        [
            ("Payment recorded", "Dana Lee", "Dec 28, 2026, 2:00 PM"),
            ("Late fee", "Drizzl, by itself", "Dec 3, 2026, 9:00 AM"),
            ("Issued", "Dana Lee", "Nov 3, 2026, 9:12 AM"),
        ].map { ["what": .text($0.0), "who": .text($0.1), "when": .text($0.2)] }
    }

    private static var tabs: [PageValues] {
        [("Home", "house"), ("Leads", "users"), ("Deals", "briefcase"), ("Calendar", "calendar"), ("More", "menu")].map
        {
            ["label": .text($0.0), "icon": .text($0.1), "href": "#tab-bar", "is_current": .flag($0.0 == "Home")]
        }
    }
}
