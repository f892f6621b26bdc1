import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

/// What the company's people add to a shipment besides its moves: events on its way, and readings.
struct ShipmentRoutes {
    let dependencies: WebDependencies

    private static let event = Schema.object([
        .init("status", .choice(ShipmentDesk.states)), .init("location", .text(1...200)),
        .init("description", .text(1...500), isRequired: false), .init("occurred_at", .moment),
        .init("event_id", .text(1...100), isRequired: false),
    ])
    private static let reading = Schema.object([
        .init("sensor_id", .text(1...100)), .init("recorded_at", .moment), .init("temp_f", .number),
    ])

    var operations: [Operation] {
        [
            add(
                "tracking-events", "Adds what was seen of a shipment, and makes the move that follows", Self.event,
                .json(
                    .named(
                        "AddedEvent",
                        .object([
                            .init("is_moved", .boolean), .init("reasons", .list(of: .text(), most: 100)),
                        ])), "It is kept; `reasons` say why the shipment was not moved.", status: 201),
                handler: addEvent),
            add(
                "readings", "Adds temperature readings to a shipment",
                .object([
                    .init("source", .choice(TemperatureFeed.Source.allCases.map(\.rawValue)), isRequired: false),
                    .init("readings", .list(of: Self.reading, most: RequestLimits.listLength)),
                ]),
                .json(
                    .named(
                        "AddedReadings",
                        .object([.init("count", .integer()), .init("is_on_quality_hold", .boolean)])),
                    "They are kept; one that comes twice is kept once.", status: 201), handler: addReadings),
        ]
    }

    private func add(
        _ end: String, _ summary: String, _ body: Schema, _ answer: Answer, handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .post, "/api/v1/shipments/{id}/\(end)", summary, tag: "Fulfilment",
            access: .signedIn([.admin], needs: .manageShipments), scope: .rows(of: .shipments), body: body,
            answers: [answer], problems: [404], handler: handler)
    }

    @Sendable private func addEvent(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: "shipment")
        guard case .object(let body) = try await visit.body(), let status = Self.text(body, "status"),
            let location = Self.text(body, "location"),
            let moment = Self.text(body, "occurred_at").flatMap(Timestamp.moment)
        else { throw Problem.objectWanted }
        let event = TrackingFeed.Event(
            carrierEventID: "hand-" + (Self.text(body, "event_id") ?? UUID.v7().uuidString), status: status,
            location: location, description: Self.text(body, "description"), occurredAt: moment)
        let refusal = try await ShipmentDesk(dependencies).add(event, to: id, visit)
        let reasons = refusal?.reasons.map { JSONValue.string($0.message) } ?? []
        return Response(
            json: .object(["is_moved": .boolean(refusal == nil), "reasons": .array(reasons)]), status: .created)
    }

    @Sendable private func addReadings(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: "shipment")
        guard case .object(let body) = try await visit.body(), case .array(let items)? = body["readings"] else {
            throw Problem.objectWanted
        }
        let source = Self.text(body, "source").flatMap(TemperatureFeed.Source.init) ?? .manual
        var faults: [Refusal.Reason] = []
        let readings = items.enumerated().compactMap { index, item -> ColdChain.Reading? in
            guard case .object(let fields) = item, let sensor = Self.text(fields, "sensor_id"),
                let moment = Self.text(fields, "recorded_at").flatMap(Timestamp.moment),
                let degrees = StoredRecord(fields).number("temp_f"), degrees.magnitude < 1_000,
                ShipmentDesk.believed.contains(Int((degrees * 100).rounded()))
            else {
                faults.append(
                    .init(
                        code: "value_out_of_range", message: "No reading is believed to be so cold or so warm.",
                        field: "readings[\(index)].temp_f"))
                return nil
            }
            return ColdChain.Reading(sensor: sensor, at: moment, hundredths: Int((degrees * 100).rounded()))
        }
        guard faults.isEmpty else { throw Problem(.unprocessableContent, faults: faults) }
        let isHeld = try await ShipmentDesk(dependencies).add(readings, from: source, to: id, visit)
        return Response(
            json: .object(["count": .count(readings.count), "is_on_quality_hold": .boolean(isHeld)]), status: .created)
    }

    private static func text(_ body: [String: JSONValue], _ name: String) -> String? {
        if case .string(let text)? = body[name] { text } else { nil }
    }
}
