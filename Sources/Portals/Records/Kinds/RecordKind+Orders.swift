import Accounts
import Foundation
import StateMachines
import WebAPI

extension RecordKind {
    /// Orders from placing to delivery.
    static let orders = RecordKind(
        resource: "orders", machine: "order", noun: "order", title: "Orders", name: Shown("Number", "order_number"),
        about: "Orders, from confirmed to delivered", icon: "shopping-cart", group: "Commerce",
        sort: "-placed_on", chips: [Chip(label: "On hold", query: ["is_held": "true"])],
        filters: [
            Filter(field: "type", label: "Type", choices: ["B2B", "D2C"]),
            Filter(field: "sales_rep_id", label: "Sales rep", source: .reps),
        ],
        columns: [
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")), Shown("Type", "type"),
            Shown("PO", "po_number"), Shown("Total", "total_cents", .money, sort: true),
            Shown("Status and holds", "status", .state("order")),
            Shown("Payment", "payment_status", .state("order_payment")), Shown("Rep", "sales_rep_name"),
            Shown("Placed", "placed_on", .day, sort: true),
        ],
        marks: { record, _ in openHolds(record) },
        subtitle: Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")), sum: orderSum,
        facts: [
            Shown("Type", "type"), Shown("PO number", "po_number"), Shown("Sales rep", "sales_rep_name"),
            Shown("Placed", "placed_on", .day), Shown("Terms", "payment_terms"),
            Shown("Payment", "payment_status", .standing("order_payment", of: "order-payments", by: "id")),
            Shown("Estimated delivery", "estimated_delivery", .day),
            Shown("Produced", "actual_production_date", .day), Shown("Delivered", "actual_delivery", .moment),
            Shown("Ship to", "ship_to"), Shown("Instructions", "special_instructions"),
            Shown("Cancelled because", "cancelled_reason"),
        ],
        tables: [orderLines, orderHolds, orderShipments, orderInvoices, files("order")],
        bulkMoves: ["start_production", "finish_production", "pass_quality"],
        usual: ["confirm": ["estimated_delivery": .daysAhead(7)]],
        edits: [
            Edit(field: "po_number", label: "PO number", type: .text),
            Edit(field: "special_instructions", label: "Instructions", type: .text),
            Edit(field: "estimated_production_date", label: "Estimated production", type: .date),
        ],
        making: Making(
            button: "New order", needs: .manageOrders,
            inputs: ["partner", "lines", "shipping_address", "po_number", "special_instructions", "allow_backorder"],
            sources: ["partner": .partners, "shipping_address": .addresses, "lines": .products], first: "partner"),
        hearsToo: ["shipment", "invoice", "order_payment"],
        empty: "Orders come from partners, from reps, or from the button above.")

    /// Whether the money for an order has arrived; the same record as the order.
    static let orderPayments = RecordKind(
        resource: "order-payments", machine: "order_payment", noun: "payment of an order", title: "Order payments",
        name: Shown("Number", "order_number"), about: "Whether the money for orders has arrived", icon: "credit-card",
        columns: [
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("State", "payment_status", .state("order_payment")),
            Shown("Total", "total_cents", .money, sort: true),
        ],
        subtitle: Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
        sum: Sum(
            title: "Amounts", total: Shown("Total", "total_cents", .money), totalLabel: "Ordered",
            amounts: [Amount(label: "Refunded", field: "refunded_cents", isSubtracted: true)]),
        facts: [
            Shown("Order", "order_number", .link(to: "orders", by: "id")), Shown("Terms", "payment_terms"),
            Shown("Method", "payment_method", .word), Shown("Paid", "paid_at", .moment),
        ],
        hearsToo: ["order", "invoice"], empty: "Every order has one.")

    private static let orderSum = Sum(
        title: "Amounts", total: Shown("Total", "total_cents", .money), totalLabel: "Total",
        hint: Shown("Placed", "placed_on", .day),
        amounts: [
            Amount(label: "Goods at list price", field: "subtotal_cents", isAlways: true),
            Amount(label: "Discount", field: "discount_cents", isSubtracted: true),
            Amount(label: "Tax", field: "tax_cents", isAlways: true),
            Amount(label: "Shipping", field: "shipping_cents", isAlways: true),
        ])

    private static let orderLines = Table(
        title: "Lines", part: "items", empty: "It has no lines.",
        columns: [
            Shown("Product", "description"), Shown("SKU", "sku"), Shown("Quantity", "quantity", .number),
            Shown("Unit price", "unit_price_cents", .money), Shown("Amount", "subtotal_cents", .money),
        ])
    private static let orderHolds = Table(
        title: "Holds", part: "holds", isQuiet: true, empty: "Nothing holds it, and nothing did.",
        columns: [
            Shown(
                "Hold",
                .badges { hold in
                    let isOpen = hold.text("released_at") == nil
                    return [Badge(Words.spelled(hold.text("reason") ?? ""), isOpen ? .warning : .neutral)]
                }),
            Shown("Since", "placed_at", .moment), Shown("Released", "released_at", .moment),
            Shown("Why it was released", "release_reason"),
        ])
    private static let orderShipments = Table(
        title: "Shipments", related: .init("shipments", by: "order_id"), leadsTo: "shipments",
        makes: (kind: "shipments", by: "order", label: "New shipment"),
        empty: "None yet. The first is made when the goods are released.",
        columns: [
            Shown("Tracking", .made { record, _ in record.text("tracking_number") ?? "Not labelled yet" }),
            Shown("Carrier", .made { record, _ in record.text("carrier")?.uppercased() }),
            Shown("State", "status", .state("shipment")), Shown("Last place", "current_location"),
            Shown("Last reading", "last_temp_f", .fahrenheit), Shown("Delivered", "actual_delivery", .moment),
        ])
    private static let orderInvoices = Table(
        title: "Invoices", related: .init("invoices", by: "order_id"), leadsTo: "invoices",
        empty: "None yet. It is issued when the goods are collected, or at once when they are prepaid.",
        columns: [
            Shown("Number", "invoice_number"), Shown("State", "status", .state("invoice")),
            Shown("Due", "due_date", .day), Shown("Total", "total_cents", .money),
            Shown("Amount due", "amount_due_cents", .money),
        ])
    /// What keeps an order from being confirmed.
    @Sendable private static func openHolds(_ record: StoredRecord) -> [Badge] {
        record.parts("holds").filter { $0.text("released_at") == nil }
            .map { Badge("Held: " + (holdWords[$0.text("reason") ?? ""] ?? "waits"), .warning) }
    }

    private static let holdWords = [
        "credit_limit": "credit", "overdue_invoice": "overdue invoice", "prepaid_unpaid": "prepayment",
        "approval": "approval", "quality": "quality", "stock": "stock",
    ]
}
