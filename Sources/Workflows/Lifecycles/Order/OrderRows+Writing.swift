import Database
import Foundation
import StateMachines

extension OrderRows {
    static func insert(_ facts: OrderFacts, _ standing: RecordStanding) -> SQL {
        """
        INSERT INTO orders (id, order_number, type, partner_id, customer_id, placed_by_kind, placed_by,
            idempotency_key, subtotal_cents, discount_cents, discount_bp, tax_cents, shipping_cents, total_cents,
            payment_terms, placed_on, po_number, special_instructions, is_sample, allow_backorder, sales_rep_id,
            shipping_address_id, ship_to_state, held_since, status, status_seq, status_since)
        VALUES (\(facts.id), \(facts.number), \(facts.kind.rawValue), \(facts.partner?.id), \(facts.customerID),
            \(facts.placedBy.kind.rawValue), \(facts.placedBy.id), \(facts.idempotencyKey),
            \(facts.totals.subtotalCents), \(facts.totals.discountCents), \(facts.partner?.discount.value),
            \(facts.totals.taxCents), \(facts.totals.shippingCents), \(facts.totals.totalCents),
            \(facts.terms.rawValue), \(facts.placedOn), \(facts.poNumber), \(facts.specialInstructions),
            \(facts.isSample), \(facts.allowsBackorder), \(facts.salesRepID), \(facts.shippingAddressID),
            \(facts.shipToState), \(facts.heldSince), \(standing.state), \(standing.seq), \(standing.since))
        """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: OrderFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        """
        WITH moved AS (
            UPDATE orders
            SET subtotal_cents = \(facts.totals.subtotalCents), discount_cents = \(facts.totals.discountCents),
                tax_cents = \(facts.totals.taxCents), shipping_cents = \(facts.totals.shippingCents),
                total_cents = \(facts.totals.totalCents), held_since = \(facts.heldSince),
                estimated_delivery = \(facts.estimatedDelivery), actual_delivery = \(facts.actualDelivery),
                cancelled_at = \(facts.cancelledAt), cancelled_reason = \(facts.cancelledReason),
                released_at = \(facts.releasedAt), actual_production_date = \(facts.actualProductionDate),
                status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
            WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
            RETURNING 1
        )
        SELECT workflow_demand_one((SELECT count(*) FROM moved), 'order')
        """
    }

    /// Writes lines and taxes anew when the lines have changed.
    static func writeLines(_ facts: OrderFacts, before: OrderFacts?) -> [SQL] {
        guard facts.lines.map(\.id) != before?.lines.map(\.id) else { return [] }
        var statements: [SQL] = []
        if before != nil {
            statements = [
                """
                DELETE FROM stock_reservations
                WHERE order_item_id IN (SELECT id FROM order_items WHERE order_id = \(facts.id))
                """,
                "DELETE FROM order_items WHERE order_id = \(facts.id)",
                "DELETE FROM order_taxes WHERE order_id = \(facts.id)",
            ]
        }
        let lines = facts.lines
        statements.append(
            """
            INSERT INTO order_items (id, order_id, line_no, product_id, sku, description, quantity, msrp_cents,
                unit_price_cents, discount_cents, subtotal_cents)
            SELECT l.id, \(facts.id), l.line_no, l.product_id, l.sku, l.description, l.quantity, l.msrp_cents,
                l.unit_cents, (l.msrp_cents - l.unit_cents) * l.quantity, l.unit_cents * l.quantity
            FROM unnest(\(lines.map(\.id)), \(lines.map(\.productID)), \(lines.map(\.sku)),
                    \(lines.map(\.description)), \(lines.map(\.quantity)), \(lines.map(\.amounts.msrpCents)),
                    \(lines.map(\.amounts.unitCents))) WITH ORDINALITY
                AS l (id, product_id, sku, description, quantity, msrp_cents, unit_cents, line_no)
            """)
        if !facts.taxes.isEmpty {
            statements.append(
                """
                INSERT INTO order_taxes (order_id, jurisdiction, rate_bp, base_cents, tax_cents)
                SELECT \(facts.id), t.jurisdiction, t.rate_bp, t.base_cents, t.tax_cents
                FROM unnest(\(facts.taxes.map(\.jurisdiction)), \(facts.taxes.map(\.rate.value)),
                    \(facts.taxes.map(\.baseCents)), \(facts.taxes.map(\.taxCents)))
                    AS t (jurisdiction, rate_bp, base_cents, tax_cents)
                """)
        }
        return statements
    }

    /// Adds new holds and changes those that were.
    static func writeHolds(_ facts: OrderFacts, before: OrderFacts?) -> [SQL] {
        facts.holds.compactMap { hold in
            let detail = JSON(text: JSONValue.object(hold.detail).json)
            guard let id = hold.id else {
                return """
                    INSERT INTO order_holds (id, order_id, reason, detail, placed_at)
                    VALUES (\(UUID.v7()), \(facts.id), \(hold.reason.rawValue), \(detail), \(hold.placedAt))
                    """
            }
            guard before?.holds.contains(hold) != true else { return nil }
            return """
                UPDATE order_holds
                SET detail = \(detail), released_at = \(hold.releasedAt),
                    released_by_kind = \(hold.releasedBy?.kind.rawValue), released_by = \(hold.releasedBy?.id),
                    release_reason = \(hold.releaseReason)
                WHERE id = \(id)
                """
        }
    }

    /// What is given back, before lines go: movements, reservations and the products' sums.
    static func release(_ facts: OrderFacts, before: OrderFacts, by actor: Actor) -> [SQL] {
        let kept = Set(facts.lines.filter { $0.reserved > 0 }.map(\.id))
        let released = before.lines.filter { $0.reserved > 0 && !kept.contains($0.id) }
        guard !released.isEmpty else { return [] }
        return [
            """
            UPDATE stock_reservations SET released_at = clock_timestamp()
            WHERE released_at IS NULL AND order_item_id = ANY(\(released.map(\.id)))
            """
        ] + move(released, kind: "release", sign: -1, of: facts.id, by: actor)
    }

    /// What is set aside, after lines came.
    static func allocate(_ facts: OrderFacts, before: OrderFacts?, by actor: Actor) -> [SQL] {
        let held = Set((before?.lines ?? []).filter { $0.reserved > 0 }.map(\.id))
        let allocated = facts.lines.filter { $0.reserved > 0 && !held.contains($0.id) }
        var statements: [SQL] = []
        if !allocated.isEmpty {
            statements.append(
                """
                INSERT INTO stock_reservations (id, order_item_id, location_id, quantity)
                SELECT r.id, r.item, l.id, r.quantity
                FROM unnest(\(allocated.map { _ in UUID.v7() }), \(allocated.map(\.id)), \(allocated.map(\.reserved)))
                    AS r (id, item, quantity), stock_locations l
                WHERE l.is_default
                """)
            statements += move(allocated, kind: "allocate", sign: 1, of: facts.id, by: actor)
        }
        if !allocated.isEmpty || facts.heldSince != before?.heldSince {
            let until = facts.heldSince?.addingTimeInterval(Double(facts.settings.stockHoldHours) * 3_600)
            statements.append(
                """
                UPDATE stock_reservations SET expires_at = \(until)
                WHERE released_at IS NULL
                  AND order_item_id IN (SELECT id FROM order_items WHERE order_id = \(facts.id))
                """)
        }
        return statements
    }

    private static func move(
        _ lines: [OrderLine], kind: String, sign: Int, of order: UUID, by actor: Actor
    ) -> [SQL] {
        let products = lines.map(\.productID)
        let quantities = lines.map { sign * $0.reserved }
        return [
            // In the order of the ids, as everybody locks them.
            "SELECT id FROM products WHERE id = ANY(\(products)) ORDER BY id FOR NO KEY UPDATE",
            """
            UPDATE products p SET allocated = p.allocated + m.quantity
            FROM unnest(\(products), \(quantities)) AS m (product_id, quantity) WHERE p.id = m.product_id
            """,
            """
            INSERT INTO stock_movements (id, product_id, location_id, kind, quantity, order_id, actor_kind, actor_id)
            SELECT m.id, m.product_id, l.id, \(kind)::text, m.quantity, \(order), \(actor.kind.rawValue)::text,
                \(actor.id)
            FROM unnest(\(lines.map { _ in UUID.v7() }), \(products), \(quantities)) AS m (id, product_id, quantity),
                stock_locations l
            WHERE l.is_default
            """,
        ]
    }
}
