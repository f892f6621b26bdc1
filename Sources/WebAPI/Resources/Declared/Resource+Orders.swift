import Accounts
import Database

extension Resource {
    /// Orders with their lines and holds, and their payment, which has a machine of its own (D-12, D-13).
    static func orders(_ states: (String) -> [String]) -> [Resource] {
        [
            Resource(
                "orders", "order", .orders, tag: "Orders", machine: ("order", "status"), creation: .move,
                editing: (.partners, .manageOrders),
                standing(states: states("order")) + times + [
                    Column("order_number", .line, .search), Column("type", .choice(["B2B", "D2C"]), .filter),
                    Column("partner_id", .id, .null, .filter), .partnerName, Column("customer_id", .id, .null, .filter),
                    Column("placed_by_kind", .actorKind), Column("placed_by", .id, .null),
                    Column("placed_on", .day, .sort, .range), Column("subtotal_cents", .cents),
                    Column("discount_cents", .cents), Column("discount_bp", .count, .null), Column("tax_cents", .cents),
                    Column("shipping_cents", .cents), Column("total_cents", .cents, .sort, .range),
                    Column("refunded_cents", .cents), Column("payment_terms", .terms),
                    Column("payment_method", .text(), .null), Column("payment_status", .text(), .null, .filter),
                    Column("paid_at", .moment, .null), Column("held_since", .moment, .null),
                    Column("cancelled_at", .moment, .null), Column("cancelled_reason", .text(), .null),
                    Column(
                        "production_batch_id", .id, .null, .filter, .adminEdit, to: .admins, parent: .productionBatches),
                    Column("estimated_production_date", .day, .null, .adminEdit),
                    Column("actual_production_date", .day, .null),
                    Column("shipping_address_id", .id, .null), Column("ship_to", .text(), .null, sql: shipTo),
                    Column("ship_to_state", .stateCode, .null),
                    Column("estimated_delivery", .day, .null, .range), Column("actual_delivery", .moment, .null),
                    Column("po_number", .text(), .null, .search, .edit),
                    Column("special_instructions", .text(), .null, .edit), Column("is_sample", .boolean, .filter),
                    Column("allow_backorder", .boolean), Column("sales_rep_id", .id, .null, .filter, to: .company),
                    .repName, Column("is_held", .boolean, .filter, sql: isHeld),
                    Column("items", .list(of: line), sql: lines),
                    Column("holds", .list(of: hold), sql: holds),
                ]),
            Resource(
                "order-payments", "order payment", .orders, tag: "Orders", machine: ("order_payment", "payment_status"),
                [
                    Column("payment_status", .text(), .null, .filter),
                    Column("seq", .count, .null, sql: "t.payment_status_seq"),
                    Column("payment_status_since", .moment, .null, .range), Column("order_number", .line, .search),
                    Column("po_number", .text(), .null, .search),
                    Column("partner_id", .id, .null, .filter), .partnerName, Column("total_cents", .cents, .sort),
                    Column("refunded_cents", .cents), Column("payment_terms", .terms),
                    Column("payment_method", .text(), .null), Column("paid_at", .moment, .null),
                ]),
        ]
    }

    private static let line = Schema.named(
        "OrderLine",
        .object([
            .init("id", .id), .init("line_no", .count), .init("product_id", .id), .init("sku", .text()),
            .init("description", .text()), .init("quantity", .count), .init("msrp_cents", .cents),
            .init("unit_price_cents", .cents), .init("discount_cents", .cents), .init("subtotal_cents", .cents),
        ]))
    private static let hold = Schema.named(
        "OrderHold",
        .object([
            .init("id", .id), .init("reason", .text()), .init("placed_at", .text()),
            .init("released_at", .optional(.text())), .init("release_reason", .optional(.text())),
        ]))

    private static let lines: SQL = """
        (SELECT coalesce(json_agg(json_build_object('id', i.id, 'line_no', i.line_no, 'product_id', i.product_id,
            'sku', i.sku, 'description', i.description, 'quantity', i.quantity, 'msrp_cents', i.msrp_cents,
            'unit_price_cents', i.unit_price_cents, 'discount_cents', i.discount_cents,
            'subtotal_cents', i.subtotal_cents) ORDER BY i.line_no), '[]')
         FROM order_items i WHERE i.order_id = t.id)
        """
    private static let shipTo: SQL = """
        (SELECT concat_ws(', ', a.recipient_name, a.address1, a.city, a.state || ' ' || a.zip_code)
         FROM shipping_addresses a WHERE a.id = t.shipping_address_id)
        """
    /// An order says itself since when a hold stands, so no holds are read for it.
    private static let isHeld: SQL = "(t.status = 'pending' AND t.held_since IS NOT NULL)"
    private static let holds: SQL = """
        (SELECT coalesce(json_agg(json_build_object('id', h.id, 'reason', h.reason, 'placed_at', h.placed_at,
            'released_at', h.released_at, 'release_reason', h.release_reason) ORDER BY h.placed_at), '[]')
         FROM order_holds h WHERE h.order_id = t.id)
        """
}
