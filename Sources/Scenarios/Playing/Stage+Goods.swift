import Database
import Foundation
import StateMachines

extension Stage {
    /// The shape of the order that a step places or changes; nil for every other step.
    func shape(of step: ScenarioStep.Performance, machine: String) -> OrderShape? {
        guard machine == "order" else { return nil }
        if step.target.member == "create" { return OrderShape(step.inputs) }
        return step.inputs["lines"]?.pairs.flatMap(OrderShape.init)
    }

    /// Sets prices, budget and shipping so that the order comes to what the step says.
    ///
    /// - Returns: What has to be taken back after the command.
    func prepareGoods(for step: ScenarioStep.Performance, record: Record) async throws -> () async throws -> Void {
        if record.machine == "shipment" { try await label(record, for: step) }
        guard let shape = shape(of: step, machine: record.machine) else { return {} }
        let goods = try await products()
        let product = self.product(for: shape, of: goods)
        // What the prices of the units leave over is taken as shipping, so that the total is the scenario's to the cent.
        _ = try await owner.query("UPDATE products SET msrp_cents = \(shape.unitCents) WHERE id = \(product)")
        _ = try await owner.query("UPDATE shipping_rates SET amount_cents = \(shape.restCents)")
        _ = try await owner.query("UPDATE partners SET discount_bp = 0 WHERE discount_bp <> 0")
        if shape.isOverBudget { try await limitBudget(of: step, record: record, belowCents: shape.totalCents) }
        guard shape.isWithoutRate else { return {} }
        let zones = try await owner.query("DELETE FROM shipping_zones RETURNING state, zone::integer AS zone")
        let states = try zones.map { try $0.value("state", as: String.self) }
        let numbers = try zones.map { try $0.value("zone", as: Int.self) }
        return {
            _ = try await self.owner.query(
                "INSERT INTO shipping_zones (state, zone) SELECT * FROM unnest(\(states), \(numbers)::integer[])")
        }
    }

    /// The line of an order of that shape; none when nothing is ordered.
    func lines(of shape: OrderShape) async throws -> JSONValue {
        guard shape.totalCents > 0, shape.quantity > 0 else { return .array([]) }
        let goods = try await products()
        // Not a dozen and no multiple of one.
        let quantity = shape.isIllegal && shape.quantity % 12 == 0 ? shape.quantity + 1 : shape.quantity
        return .array([
            .object([
                "product": .string(product(for: shape, of: goods).uuidString), "quantity": .integer(quantity),
            ])
        ])
    }

    /// What else belongs to a record that a step made: the payments of a consumer's order.
    func finishGoods(for step: ScenarioStep.Performance, record: Record) async throws {
        guard record.machine == "order", let paid = step.inputs["paid_cents"]?.integer else { return }
        try await setPaid(paid, order: record.id)
    }

    /// What the payments of an order add up to.
    func setPaid(_ cents: Int64, order: UUID) async throws {
        let row = try await row(of: Record(machine: "order", id: order))
        let before = try await value(of: "paid_cents", record: Record(machine: "order", id: order))
        guard case .integer(let already) = before ?? .integer(0), cents > already else { return }
        _ = try await owner.query(
            """
            INSERT INTO payments (id, partner_id, customer_id, order_id, amount_cents, method, state, received_on,
                recorded_by_kind, recorded_at)
            VALUES (\(UUID.v7()), \(row["partner_id"]?.uuid), \(row["customer_id"]?.uuid), \(order),
                \(cents - already), 'credit_card', 'succeeded', \(CalendarDay(clock, in: scenario.zone))::date, 'service', \(clock))
            """)
    }

    /// A product that can be offered.
    func offeredProduct(belowFloor: Bool) async throws -> UUID {
        let goods = try await products()
        return belowFloor ? goods.dear : goods.plain
    }

    private func product(for shape: OrderShape, of goods: Goods) -> UUID {
        if shape.isIllegal { return goods.dozen }
        return shape.isBelowFloor ? goods.dear : goods.plain
    }

    private func products() async throws -> Goods {
        if let goods { return goods }
        let made = Goods()
        let stock = scenario.given.stock ?? Goods.plenty
        for (id, name, pack, cost) in [
            (made.plain, "Mango smoothie", 1, Int64(0)), (made.dozen, "Berry popsicles", 12, 0),
            (made.dear, "Golden ice cream", 1, Int64(1_000_000_000)),
        ] {
            _ = try await owner.query(
                """
                INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents,
                    case_pack_size, min_order_qty, stock)
                VALUES (\(id), \(name), \(name), 'smoothie', 1000, 1000, \(cost), \(pack), \(pack),
                    \(stock)::bigint)
                """)
            _ = try await owner.query(
                """
                INSERT INTO stock_movements (id, product_id, location_id, kind, quantity, actor_kind)
                SELECT \(UUID.v7()), \(id), l.id, 'receive', \(stock)::bigint, 'system'
                FROM stock_locations l WHERE l.is_default AND \(stock)::bigint > 0
                """)
        }
        _ = try await owner.query(
            "UPDATE settings SET value = '1000000000000' WHERE key = 'shipping.free_above_cents'")
        goods = made
        return made
    }

    /// A buyer may spend less than the order comes to.
    private func limitBudget(of step: ScenarioStep.Performance, record: Record, belowCents: Int64) async throws {
        let actor = try await actor(step.actor, on: step.target.member == "create" ? nil : record)
        _ = try await owner.query(
            """
            UPDATE partner_users SET spend_limit_cents = \(max(0, belowCents - 1)), spend_period = 'order'
            WHERE id = \(actor.id)
            """)
    }

    /// Before a parcel goes, somebody has put a label on it; only one that a step made is left as the step says.
    private func label(_ shipment: Record, for step: ScenarioStep.Performance) async throws {
        guard step.target.member != "create", !labelled.contains(shipment.id) else { return }
        _ = try await owner.query(
            """
            UPDATE shipments SET tracking_number = \("T-" + shipment.id.uuidString), carrier = coalesce(carrier, 'fedex')
            WHERE id = \(shipment.id) AND tracking_number IS NULL
            """)
    }
}
