import Accounts
import Database

extension Resource {
    /// Shipments with what was seen and measured on their way (D-16, D-17, D-38).
    static func fulfilment(_ states: (String) -> [String]) -> [Resource] {
        let above = (resource: "shipments", noun: "shipment", table: Table.shipments, column: "shipment_id")
        let status = Schema.choice(states("shipment"))
        return [
            shipment(states("shipment")),
            Resource(
                "readings", "temperature reading", .temperatureReadings, tag: "Fulfilment",
                identity: Column("recorded_at", .moment, .range), hasRecords: false, parent: above,
                [
                    Column("sensor_id", .text(), .filter), Column("temp_f", .number),
                    Column("source", .choice(["carrier", "logger", "manual"]), .filter),
                ]),
            Resource(
                "temperature-events", "temperature event", .temperatureEvents, tag: "Fulfilment", hasRecords: false,
                parent: above,
                times + [
                    Column("sensor_id", .text(), .null),
                    Column("kind", .choice(["warning", "excursion", "gap"]), .filter),
                    Column("started_at", .moment, .sort, .range), Column("reached_at", .moment),
                    Column("ended_at", .moment, .null), Column("max_temp_f", .number, .null),
                    Column("decision", .text(), .null), Column("decision_reason", .text(), .null),
                    Column("decided_by", .id, .null, to: .admins),
                ]),
            Resource(
                "tracking-events", "tracking event", .trackingEvents, tag: "Fulfilment", hasRecords: false,
                parent: above,
                [
                    Column("carrier_event_id", .text()), Column("status", status, .filter),
                    Column("location", .text()), Column("description", .text(), .null),
                    Column("latitude", .number, .null), Column("longitude", .number, .null),
                    Column("occurred_at", .moment, .sort, .range), Column("received_at", .moment),
                ]),
        ]
    }

    private static let lastReading: SQL = """
        (SELECT r.temp_f FROM temperature_readings r WHERE r.shipment_id = t.id ORDER BY r.recorded_at DESC LIMIT 1)
        """

    private static func shipment(_ states: [String]) -> Resource {
        Resource(
            "shipments", "shipment", .shipments, tag: "Fulfilment", machine: ("shipment", "status"), creation: .move,
            editing: (.admins, .manageShipments),
            standing(states: states) + times + [
                Column("order_id", .id, .filter), .orderNumber,
                Column(
                    "partner_name", .text(), .null,
                    sql: """
                        (SELECT p.business_name FROM partners p JOIN orders o ON o.partner_id = p.id WHERE o.id = t.order_id)
                        """), Column("replaces_id", .id, .null),
                Column("tracking_number", .text(1...100), .null, .search, .edit),
                Column("carrier", .carrier, .null, .filter, .edit),
                Column("carrier_service", .text(1...100), .null, .edit), Column("current_location", .text(), .null),
                Column("current_lat", .number, .null), Column("current_lng", .number, .null),
                Column("estimated_delivery", .moment, .null, .range, .edit), Column("actual_delivery", .moment, .null),
                Column("delivery_signature_file_id", .id, .null), Column("delivery_photo_file_id", .id, .null),
                Column("delivered_to", .text(), .null), Column("is_temperature_controlled", .boolean),
                Column("target_temp_f", .number), Column("last_temp_f", .number, .null, sql: lastReading),
                Column("quality_hold", .boolean, .filter),
                Column("quality_held_at", .moment, .null), Column("quality_decision", .text(), .null),
                Column("quality_decision_reason", .text(), .null),
                Column("package_count", .integer(1...100_000), .edit),
                Column("pallet_count", .integer(0...100_000), .null, .edit),
                Column("total_weight_lb", .number, .null, .edit),
                Column("last_scan_at", .moment, .null), Column("collected_at", .moment, .null),
                Column("problem_code", .text(), .null), Column("problem_note", .text(), .null),
                Column("resolution", .text(), .null), Column("resolution_note", .text(), .null),
                Column(
                    "items",
                    .list(
                        of: .object([
                            .init("id", .id), .init("order_item_id", .id), .init("lot_id", .optional(.id)),
                            .init("quantity", .count), .init("description", .optional(.text())),
                        ])),
                    sql: """
                        (SELECT coalesce(json_agg(json_build_object('id', i.id, 'order_item_id', i.order_item_id,
                            'lot_id', i.lot_id, 'quantity', i.quantity, 'description',
                            (SELECT o.description FROM order_items o WHERE o.id = i.order_item_id)) ORDER BY i.id), '[]')
                         FROM shipment_items i WHERE i.shipment_id = t.id)
                        """),
            ])
    }
}
