import Database
import Foundation
import StateMachines

extension ShipmentRows {
    static func insert(_ facts: ShipmentFacts, _ standing: RecordStanding) -> [SQL] {
        let row: SQL = """
            INSERT INTO shipments (id, order_id, replaces_id, tracking_number, carrier, carrier_service, status,
                status_seq, status_since)
            VALUES (\(facts.id), \(facts.order.id), \(facts.replaces), \(facts.trackingNumber), \(facts.carrier),
                \(facts.carrierService), \(standing.state), \(standing.seq), \(standing.since))
            """
        return [row, insert(facts.lines, of: facts.id)]
    }

    private static func insert(_ lines: [ShipmentFacts.Line], of shipment: UUID) -> SQL {
        """
        INSERT INTO shipment_items (id, shipment_id, order_item_id, lot_id, quantity)
        SELECT i.id, \(shipment), i.order_item_id, i.lot_id, i.quantity
        FROM unnest(\(lines.map { _ in UUID.v7() }), \(lines.map(\.orderItem)), \(lines.map(\.lot)),
            \(lines.map { Int64($0.quantity) })) AS i (id, order_item_id, lot_id, quantity)
        """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: ShipmentFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        // What is not delivered has no time of delivery: the correction takes it away.
        let delivered = standing.state == "delivered" ? facts.actualDelivery : nil
        return """
            WITH moved AS (
                UPDATE shipments
                SET current_location = \(facts.currentLocation), last_scan_at = \(facts.lastScanAt),
                    collected_at = \(facts.collectedAt), stock_taken_at = \(facts.stockTakenAt),
                    delivered_to = \(facts.deliveredTo), delivery_signature_file_id = \(facts.signature),
                    delivery_photo_file_id = \(facts.photo), actual_delivery = \(delivered),
                    problem_code = \(facts.problemCode), problem_note = \(facts.problemNote),
                    resolution = \(facts.resolution), resolution_note = \(facts.resolutionNote),
                    quality_hold = \(facts.isOnQualityHold), quality_held_at = \(facts.qualityHeldAt),
                    quality_decision = \(facts.qualityDecision), quality_decision_reason = \(facts.qualityReason),
                    quality_decided_by = \(facts.qualityDecidedBy), status = \(standing.state),
                    status_seq = \(standing.seq), status_since = \(standing.since)
                WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'shipment')
            """
    }

    /// Takes the goods of a parcel out of stock: from the lots, from what was set aside, from the shelf.
    ///
    /// The carrier has them, whatever the books say: so what the books do not have, or have promised to others, is not
    /// taken from them but noted in the movement, for somebody to count. Source: R-10.
    static func takeStock(_ facts: ShipmentFacts, lots before: [LotPicking.Lot], by actor: Actor) -> [SQL] {
        let changed = facts.lots.filter { !before.contains($0) }
        let lots: [SQL] = changed.map { "UPDATE lots SET remaining = \($0.remaining) WHERE id = \($0.id)" }
        return lots + [
            "DELETE FROM shipment_items WHERE shipment_id = \(facts.id)",
            insert(facts.lines, of: facts.id),
            moveStock(of: facts, by: actor),
        ]
    }

    private static func moveStock(of facts: ShipmentFacts, by actor: Actor) -> SQL {
        """
        WITH parcel AS (
            SELECT l.id AS order_item_id, l.product_id, sum(i.quantity)::integer AS quantity
            FROM shipment_items i JOIN order_items l ON l.id = i.order_item_id
            WHERE i.shipment_id = \(facts.id)
            GROUP BY l.id, l.product_id
        ), reserved AS (
            SELECT v.id, p.product_id, greatest(0, least(v.quantity, p.quantity - (sum(v.quantity)
                OVER (PARTITION BY v.order_item_id ORDER BY v.id) - v.quantity)))::integer AS taken
            FROM stock_reservations v JOIN parcel p USING (order_item_id)
            WHERE v.released_at IS NULL
        ), unreserved AS (
            UPDATE stock_reservations v
            SET quantity = v.quantity - r.taken,
                released_at = CASE WHEN v.quantity = r.taken THEN \(facts.stockTakenAt)::timestamptz END
            FROM reserved r WHERE r.id = v.id AND r.taken > 0
        ), wanted AS (
            SELECT p.product_id, sum(p.quantity)::integer AS quantity,
                coalesce((SELECT sum(r.taken)::integer FROM reserved r WHERE r.product_id = p.product_id), 0) AS released
            FROM parcel p GROUP BY p.product_id
        ), booked AS (
            SELECT w.product_id, w.quantity, w.released, least(w.quantity, greatest(0,
                least(s.stock, s.stock + s.backorder_limit - (s.allocated - w.released)))) AS taken
            FROM wanted w JOIN products s ON s.id = w.product_id
        ), shelf AS (
            UPDATE products s SET stock = s.stock - b.taken, allocated = s.allocated - b.released
            FROM booked b WHERE b.product_id = s.id
        ), movements AS (
            SELECT product_id, 'sale' AS kind, -taken AS quantity,
                CASE WHEN taken < quantity THEN format('%s more left than the books had', quantity - taken) END AS reason
            FROM booked WHERE taken > 0
            UNION ALL
            -- A sale takes from what is set aside as well; what differs is set right, so that both sums stay true.
            SELECT product_id, CASE WHEN taken > released THEN 'allocate' ELSE 'release' END, taken - released,
                CASE WHEN taken < quantity THEN format('%s more left than the books had', quantity - taken) END
            FROM booked WHERE taken <> released
        )
        INSERT INTO stock_movements (id, product_id, location_id, kind, quantity, order_id, actor_kind, actor_id, reason)
        SELECT gen_random_uuid(), m.product_id, (SELECT id FROM stock_locations WHERE is_default), m.kind, m.quantity,
            \(facts.order.id), \(actor.kind.rawValue), \(actor.id), m.reason
        FROM movements m
        """
    }

    /// Keeps what was decided about the goods with each excursion that waited for it.
    static func decide(_ facts: ShipmentFacts) -> SQL {
        """
        UPDATE temperature_events
        SET decision = \(facts.qualityDecision), decided_by = \(facts.qualityDecidedBy),
            decision_reason = \(facts.qualityReason)
        WHERE shipment_id = \(facts.id) AND kind = 'excursion' AND decision IS NULL
        """
    }
}
