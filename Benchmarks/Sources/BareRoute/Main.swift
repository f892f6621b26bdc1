import Database
import Foundation
import Hummingbird

/// The limit that the API is measured against: a bare route with one statement, and nothing that knows who asks.
@main
struct Main {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 3, let port = Int(words[2]) else {
            print("usage: BareRoute DATABASE-URL PORT")
            exit(64)
        }
        let pool = Pool(DatabaseConfiguration(url: words[1], maximumConnections: 16))
        let router = Router()
        router.get("/orders/{id}") { request, context in
            guard let id = UUID(uuidString: try context.parameters.require("id")) else {
                throw HTTPError(.notFound)
            }
            let rows = try await pool.query(
                "SELECT row_to_json(x)::text AS body FROM orders t CROSS JOIN LATERAL (\(columns)) x WHERE t.id = \(id)"
            )
            guard let body: String = try rows.first?.value("body") else { throw HTTPError(.notFound) }
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: body)))
        }
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port))
        ).runService()
    }
}

/// What the API answers of an order: the bench compares the two.
private let columns: SQL = """
    SELECT t.id, t.status, t.status_seq AS seq, \(moment("status_since")), \(moment("created_at")),
           \(moment("updated_at")), t.order_number, t.type, t.partner_id,
           (SELECT p.business_name FROM partners p WHERE p.id = t.partner_id) AS partner_name, t.customer_id, t.placed_by_kind,
           t.placed_by, t.placed_on, t.subtotal_cents, t.discount_cents, t.discount_bp, t.tax_cents,
           t.shipping_cents, t.total_cents, t.refunded_cents, t.payment_terms, t.payment_method,
           t.payment_status, \(moment("paid_at")), \(moment("held_since")), \(moment("cancelled_at")),
           t.cancelled_reason, t.estimated_production_date, t.actual_production_date, t.shipping_address_id,
           (SELECT concat_ws(', ', a.recipient_name, a.address1, a.city, a.state || ' ' || a.zip_code)
            FROM shipping_addresses a WHERE a.id = t.shipping_address_id) AS ship_to, t.ship_to_state, t.estimated_delivery, \(moment("actual_delivery")), t.po_number,
           t.special_instructions, t.is_sample, t.allow_backorder,
           (t.status = 'pending' AND t.held_since IS NOT NULL) AS is_held,
           (SELECT coalesce(json_agg(json_build_object('id', i.id, 'line_no', i.line_no, 'product_id', i.product_id,
                'sku', i.sku, 'description', i.description, 'quantity', i.quantity, 'msrp_cents', i.msrp_cents,
                'unit_price_cents', i.unit_price_cents, 'discount_cents', i.discount_cents,
                'subtotal_cents', i.subtotal_cents) ORDER BY i.line_no), '[]')
            FROM order_items i WHERE i.order_id = t.id) AS items,
           (SELECT coalesce(json_agg(json_build_object('id', h.id, 'reason', h.reason, 'placed_at', h.placed_at,
                'released_at', h.released_at, 'release_reason', h.release_reason) ORDER BY h.placed_at), '[]')
            FROM order_holds h WHERE h.order_id = t.id) AS holds
    """

private func moment(_ column: String) -> SQL {
    """
    replace(to_char(t.\(unsafeUnescaped: column) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')
    AS \(unsafeUnescaped: column)
    """
}
