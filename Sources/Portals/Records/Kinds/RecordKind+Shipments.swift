import Accounts
import Foundation
import StateMachines
import WebAPI

extension RecordKind {
    /// Parcels with what was seen and measured on their way.
    static let shipments = RecordKind(
        resource: "shipments", machine: "shipment", noun: "shipment", title: "Shipments", name: shipmentName,
        about: "Parcels on their way, their readings and their proof of delivery", icon: "truck", group: "Commerce",
        sort: "-status_since",
        chips: [Chip(label: "Quality hold", query: ["quality_hold": "true"])],
        filters: [Filter(field: "carrier", label: "Carrier", choices: ["fedex", "ups", "usps", "xpo"])],
        columns: [
            Shown("Order", "order_number", .link(to: "orders", by: "order_id")), Shown("Partner", "partner_name"),
            Shown("Carrier", carrier), Shown("State", "status", .state("shipment")),
            Shown("Expected", "estimated_delivery", .moment), Shown("Last place", "current_location"),
            Shown("Last °F", "last_temp_f", .fahrenheit),
        ],
        marks: { record, _ in record.isTrue("quality_hold") ? [Badge("Quality hold", .error)] : [] },
        subtitle: Shown("Partner", "partner_name"),
        facts: [
            Shown("Order", "order_number", .link(to: "orders", by: "order_id")), Shown("Carrier", carrier),
            Shown("Service", "carrier_service"), Shown("Tracking number", "tracking_number"),
            Shown("Last place", "current_location"), Shown("Last reading", "last_temp_f", .fahrenheit),
            Shown("To be kept at", "target_temp_f", .fahrenheit), Shown("Expected", "estimated_delivery", .moment),
            Shown("Collected", "collected_at", .moment), Shown("Delivered", "actual_delivery", .moment),
            Shown("Handed to", "delivered_to"), Shown("Problem", "problem_code", .word),
            Shown("What happened", "problem_note"), Shown("Resolution", "resolution", .word),
            Shown("Decision on quality", "quality_decision", .word),
            Shown("Why", "quality_decision_reason"), Shown("Packages", "package_count", .number),
        ],
        tables: [shipmentItems, shipmentEvents, temperatureEvents, readings, files("shipment")],
        bulkMoves: ["pick_up", "move", "go_out"],
        edits: [
            Edit(field: "carrier", label: "Carrier", type: .choice(["fedex", "ups", "usps", "xpo"])),
            Edit(field: "tracking_number", label: "Tracking number", type: .text),
            Edit(field: "carrier_service", label: "Service", type: .text),
            Edit(field: "estimated_delivery", label: "Expected", type: .time),
            Edit(field: "package_count", label: "Packages", type: .integer),
        ],
        making: Making(
            button: "New shipment", needs: .manageShipments,
            inputs: ["order", "quantity", "carrier", "tracking_number", "carrier_service"],
            sources: ["order": .orders]),
        empty: "The first is made by itself when an order's goods are released.")

    private static let shipmentName = Shown(
        "Shipment",
        .made { record, _ in
            record.text("tracking_number") ?? "Parcel of " + (record.text("order_number") ?? "an order")
        })
    private static let carrier = Shown.Form.made { record, _ in record.text("carrier")?.uppercased() }

    private static let shipmentItems = Table(
        title: "Contents", part: "items", empty: "Nothing is known of what is in it.",
        columns: [Shown("Product", "description"), Shown("Quantity", "quantity", .number)])
    private static let shipmentEvents = Table(
        title: "Seen on the way", related: .init("tracking-events", by: nil, sort: "-occurred_at"), adds: .event,
        empty: "The carrier has not said anything yet.",
        columns: [
            Shown("At", "occurred_at", .moment), Shown("State", "status", .state("shipment")),
            Shown("Place", "location"), Shown("Remark", "description"),
        ])
    private static let temperatureEvents = Table(
        title: "Too warm, or silent", related: .init("temperature-events", by: nil, sort: "-started_at"),
        empty: "It was cold enough all the way.",
        columns: [
            Shown(
                "What",
                .badges { event in
                    let kind = event.text("kind") ?? ""
                    return [Badge(Words.spelled(kind), kind == "excursion" ? .error : .warning)]
                }), Shown("From", "started_at", .moment), Shown("Until", "ended_at", .moment),
            Shown("At most", "max_temp_f", .fahrenheit), Shown("Decision", "decision", .word),
            Shown("Why", "decision_reason"),
        ])
    private static let readings = Table(
        title: "Readings", related: .init("readings", by: nil, limit: 12), adds: .readings,
        empty: "No sensor has said anything yet.",
        columns: [
            Shown("At", "recorded_at", .moment), Shown("Temperature", "temp_f", .fahrenheit),
            Shown("Sensor", "sensor_id"), Shown("Source", "source", .word),
        ])
}
