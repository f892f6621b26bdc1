import Database
import Foundation
import StateMachines

/// Orders, and what becomes of them and their money.
struct DemoOrders: Codable, Sendable {
    struct Order: Codable, Sendable {
        var number: String
        var partner: String
        var by: String
        var placed: String
        var purchaseOrder: String?
        /// Units by SKU.
        var lines: [Line]
        var confirmed: String?
        var delivery: String?
        /// When the goods were filled from stock.
        var released: String?
        var label: Label?
        var scans: [DemoScan]
        var payments: [Payment]
        /// What happens to it besides.
        var moves: [DemoMove]
    }

    struct Line: Codable, Sendable {
        var sku: String
        var units: Int
    }

    /// The carrier's label on its first parcel.
    struct Label: Codable, Sendable {
        var carrier: String
        var service: String
        var number: String
        /// Units of its lines that are in the first parcel, where it is not all.
        var units: [Int]?
    }

    struct Payment: Codable, Sendable {
        var at: String
        var cents: Int64
        var reference: String
        var method: String
    }

    /// What a parcel's thermometer said.
    struct Readings: Codable, Sendable {
        var at: String
        var of: String
        var sensor: String
        var readings: [DemoReading]
    }

    var orders: [Order]
    var readings: [Readings]

    /// Everything, order by order.
    var steps: [DemoStep] {
        orders.flatMap(\.steps)
            + readings.map {
                DemoStep(at: $0.at, action: .readings(shipment: $0.of, sensor: $0.sensor, $0.readings))
            }
    }
}

extension DemoOrders.Order {
    var steps: [DemoStep] {
        var steps = [DemoStep(at: placed, action: .move(place))]
        func add(_ move: String, at moment: String, _ inputs: [String: JSONValue]? = nil) {
            let made = DemoMove(at: moment, move: move, of: "order:\(number)", by: "admin:dana", with: inputs)
            steps.append(DemoStep(at: moment, action: .move(made)))
        }
        if let confirmed, let delivery {
            add("order.confirm", at: confirmed, ["estimated_delivery": .string("=\(delivery)")])
        }
        if let released {
            add("order.release_from_stock", at: released)
            if let label { steps.append(DemoStep(at: released, action: .rows(rows(label)))) }
        }
        for var scan in scans {
            scan.of = scan.of ?? "shipment/order:\(number)"
            steps.append(DemoStep(at: scan.at, action: .scan(scan)))
        }
        for payment in payments {
            let move = DemoMove(
                at: payment.at, move: "invoice.record_payment", of: "invoice/order:\(number)", by: "gateway",
                with: [
                    "amount": .integer(payment.cents), "received_on": .string("=\(payment.at.prefix(10))"),
                    "reference": .string(payment.reference), "method": .string(payment.method),
                ])
            steps.append(DemoStep(at: payment.at, action: .move(move)))
        }
        return steps + moves.map { DemoStep(at: $0.at, action: .move($0)) }
    }

    private var place: DemoMove {
        var body: [String: JSONValue] = [
            "partner": .string("@partner:\(partner)"),
            "lines": .array(
                lines.map {
                    .object(["product": .string("@product:\($0.sku)"), "quantity": .integer(Int64($0.units))])
                }),
        ]
        if let purchaseOrder { body["po_number"] = .string(purchaseOrder) }
        return DemoMove(at: placed, move: "order.create", of: "order:\(number)", by: by, with: body)
    }

    private func rows(_ label: DemoOrders.Label) -> [DemoRow] {
        let shipment = "shipment/order:\(number)"
        let labelled = DemoRow(shipment) { ids in
            """
            UPDATE shipments SET carrier = \(label.carrier), carrier_service = \(label.service),
                tracking_number = \(label.number)
            WHERE id = \(ids[0])
            """
        }
        let packed = (label.units ?? []).enumerated().map { index, units in
            DemoRow(shipment) { ids in
                """
                UPDATE shipment_items i SET quantity = \(units) FROM order_items l
                WHERE i.shipment_id = \(ids[0]) AND l.id = i.order_item_id AND l.line_no = \(index + 1)
                """
            }
        }
        return [labelled] + packed
    }
}
