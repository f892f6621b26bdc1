import Database
import Foundation
import StateMachines

/// How parcels are made by what happens to an order or to another parcel.
///
/// They carry our own label, with the order's number and the parcel's: with it the carrier can collect them at once. Its
/// own number takes that place when it is known. A parcel made by hand has no label until somebody enters one.
enum ShipmentFactories {
    /// A parcel with everything that is left to ship; asked twice, nothing is left.
    static let forOrder = Factory<ShipmentFacts> { source in
        [
            ShipmentRows.order(source.record), ShipmentRows.left(of: source.record),
            ShipmentRows.count(of: source.record),
        ]
    } make: { results, source in
        let left = try results[1].rows.map { try ShipmentFacts.Line($0) }
        guard let order = try results[0].rows.first.map(ShipmentFacts.Order.init), !left.isEmpty else { return [] }
        var facts = ShipmentFacts(id: UUID.v7(), order: order, lines: left, left: left)
        facts.trackingNumber = label(order, parcels: try results[2].rows.first?.value("parcels") ?? 0)
        return [NewRecord(id: facts.id, facts: facts)]
    }

    /// A parcel with the same goods as one that is sent again; once for each time that this was decided.
    static let replacement = Factory<ShipmentFacts> { source in
        let order = orderID(of: source)
        let lost: SQL = "SELECT \(source.record)::uuid"
        return [
            ShipmentRows.order(order), ShipmentRows.left(of: order), ShipmentRows.count(of: order),
            ShipmentRows.items(lost), "SELECT id FROM shipments WHERE id = \(id(for: source))",
        ]
    } make: { results, source in
        guard source.columns["resolution"] == .string("resend"), results[4].rows.isEmpty,
            let order = try results[0].rows.first.map(ShipmentFacts.Order.init)
        else { return [] }
        let left = try results[1].rows.map { try ShipmentFacts.Line($0) }
        var facts = ShipmentFacts(
            id: id(for: source), order: order, lines: try results[3].rows.map { try ShipmentFacts.Line($0) }.merged,
            left: left)
        facts.replaces = source.record
        facts.trackingNumber = label(order, parcels: try results[2].rows.first?.value("parcels") ?? 0)
        return [NewRecord(id: facts.id, facts: facts)]
    }

    private static func id(for source: ReactionSource) -> UUID {
        UUID(derivedFrom: "replacement_shipment", source.event.uuidString)
    }

    private static func orderID(of source: ReactionSource) -> UUID? {
        if case .string(let text) = source.columns["order_id"] { UUID(uuidString: text) } else { nil }
    }

    private static func label(_ order: ShipmentFacts.Order, parcels: Int) -> String {
        "\(order.number)-\(parcels + 1)"
    }
}

extension [ShipmentFacts.Line] {
    /// One line for each line of the order, whatever lots it came from.
    var merged: Self {
        reduce(into: []) { merged, line in
            if let index = merged.firstIndex(where: { $0.orderItem == line.orderItem }) {
                merged[index].quantity += line.quantity
            } else {
                merged.append(line)
            }
        }
    }
}
