public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/shipment.yaml`: one parcel or pallet load with one carrier (L-06).
public struct ShipmentLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `shipment`.
    public static let machine = "shipment"

    /// What a request to make one says.
    static let body: [Ask] = [
        Ask(name: "order", type: .reference, isRequired: true), Ask(name: "quantity", type: .integer),
        Ask(name: "carrier", type: .choice(["fedex", "ups", "usps", "xpo"])),
        Ask(name: "tracking_number", type: .text), Ask(name: "carrier_service", type: .text),
    ]

    /// Guards and applies by name.
    public var rules: Rules<ShipmentFacts> {
        Rules(guards: ShipmentGuards.all, applies: ShipmentApplies.all)
    }

    /// Reads shipments with what they carry and where that may come from; their orders' locks first, then their own.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        (locking ? [ShipmentRows.lockOrders(of: records)] : [])
            + [ShipmentRows.shipments(records, locking: locking), ShipmentRows.items(records)]
            + ShipmentRows.lots(records, locking: locking) + (locking ? [ShipmentRows.files(of: command)] : [])
    }

    /// The shipments that there are.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<ShipmentFacts>] {
        // With locks: orders, shipments, items, products, lots, unknown files; without: shipments, items, lots.
        let isLocked = results.count == 6
        let first = isLocked ? 1 : 0
        if isLocked, let unknown = try results.last?.rows.first?.value("field", as: String.self) {
            throw Refusal.unknownReference(unknown, "file")
        }
        let lines = try Dictionary(grouping: results[first + 1].rows) { try $0.value("shipment_id", as: UUID.self) }
        let lots = try results[isLocked ? 4 : 2].rows.map(LotPicking.Lot.init)
        return try results[first].rows.map { row in
            var facts = try ShipmentFacts(row)
            facts.lines = try (lines[facts.id] ?? []).map { try ShipmentFacts.Line($0, lot: $0.optional("lot_id")) }
            let products = Set(facts.lines.map(\.product))
            if facts.stockTakenAt == nil { facts.lots = lots.filter { products.contains($0.product) } }
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads the order, under its lock, and what of it is in no parcel.
    ///
    /// - Throws: ``Refusal`` when the body is not what is asked for.
    public func prepare(_ command: Command) throws -> [SQL] {
        let body = try Inputs(command.inputs, for: Self.body)
        let order = body.reference("order")
        return [
            ShipmentRows.order(order), ShipmentRows.left(of: order),
            """
            SELECT id FROM shipments
            WHERE tracking_number = \(body.text("tracking_number")) AND carrier IS NOT DISTINCT FROM \(body.text("carrier"))
            """,
        ]
    }

    /// The facts of a new parcel; nil when there is no such order.
    ///
    /// - Throws: ``Refusal`` when the quantity or the tracking number is impossible; `DatabaseError` when a row cannot
    ///   be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> ShipmentFacts? {
        guard let order = try results[0].rows.first.map(ShipmentFacts.Order.init) else { return nil }
        let body = try Inputs(command.inputs, for: Self.body)
        let left = try results[1].rows.map { try ShipmentFacts.Line($0) }
        let total = left.reduce(0) { $0 + $1.quantity }
        if let quantity = body.integer("quantity"), quantity < 1 || (total > 0 && quantity > total) {
            throw Refusal(
                status: 422, code: "input_invalid", message: "Between 1 and \(max(1, total)) units can be shipped.",
                field: "quantity")
        }
        guard results[2].rows.isEmpty else {
            throw Refusal(
                status: 422, code: "input_invalid", message: "Another parcel has this tracking number.",
                field: "tracking_number")
        }
        let lines = left.first(body.integer("quantity").map(Int.init) ?? total)
        var facts = ShipmentFacts(id: command.record, order: order, lines: lines, left: left)
        facts.trackingNumber = body.text("tracking_number")
        facts.carrier = body.text("carrier")
        facts.carrierService = body.text("carrier_service")
        return facts
    }

    /// Writes a new parcel and what it carries.
    public func insert(_ change: Change<ShipmentFacts>) -> [SQL] {
        ShipmentRows.insert(change.facts, change.standing)
    }

    /// Writes what is different: the shipment by compare and swap, then stock and what was decided about the goods.
    public func update(_ change: Change<ShipmentFacts>, before: Loaded<ShipmentFacts>) -> [SQL] {
        let after = change.facts
        var statements = [ShipmentRows.update(after, change.standing, from: before.standing)]
        if before.facts.stockTakenAt == nil, after.stockTakenAt != nil, let event = change.events.last {
            statements += ShipmentRows.takeStock(after, lots: before.facts.lots, by: event.actor)
        }
        if after.qualityDecision != nil, before.facts.isOnQualityHold, !after.isOnQualityHold {
            statements.append(ShipmentRows.decide(after))
        }
        return statements
    }

    /// The order's parcels; the vocabulary says in which states they are looked for.
    public var finders: [String: Finder] {
        [
            "uncollected_shipments_of_order": { source in
                "SELECT id FROM shipments WHERE order_id = \(source.record) ORDER BY id"
            }
        ]
    }

    /// A parcel with what is left, and one that is sent again.
    public var factories: [String: Factory<ShipmentFacts>] {
        ["shipment_for_order": ShipmentFactories.forOrder, "replacement_shipment": ShipmentFactories.replacement]
    }
}

extension [ShipmentFacts.Line] {
    /// The first so many units, line by line.
    func first(_ quantity: Int) -> Self {
        var rest = quantity
        return compactMap { line in
            guard rest > 0 else { return nil }
            var part = line
            part.quantity = Swift.min(rest, line.quantity)
            rest -= part.quantity
            return part
        }
    }
}
