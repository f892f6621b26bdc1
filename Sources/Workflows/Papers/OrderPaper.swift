public import Database
public import Documents
import Foundation
import StateMachines

extension OrderConfirmation {
    /// Reads the confirmation of an order in one round trip.
    ///
    /// - Parameters:
    ///   - request: The order, and the event of its confirmation.
    ///   - session: A session or transaction.
    /// - Returns: nil when there is no such order.
    /// - Throws: `DatabaseError`.
    public static func read(_ request: PaperRequest, in session: Session) throws -> OrderConfirmation? {
        let results = try session.pipeline([head(request), lines(of: request.record)])
        guard let row = results[0].rows.first else { return nil }
        let zone = request.company.zone
        return OrderConfirmation(
            letterhead: request.company.letterhead,
            buyer: Addressee(
                businessName: try row.value("buyer"), contact: try row.optional("contact"),
                address: [
                    try row.optional("address") ?? "",
                    PrintedText.place(
                        city: try row.optional("city"), state: try row.optional("state"),
                        zip: try row.optional("zip_code")),
                ]),
            shipTo: try shipTo(row), number: try row.value("order_number"),
            purchaseOrder: try row.optional("po_number"),
            placedOn: try row.value("placed_on", as: CalendarDay.self).printed,
            confirmedOn: CalendarDay(try row.value("confirmed_at", as: Date.self), in: zone).printed,
            estimatedDelivery: try row.optional("estimated_delivery", as: CalendarDay.self)?.printed,
            paymentTerms: PrintedText.terms(try row.value("payment_terms")),
            lines: try results[1].rows.map(Line.init),
            totals: Totals(
                subtotalCents: try row.value("subtotal_cents"), discountCents: try row.value("discount_cents"),
                taxCents: try row.value("tax_cents"), shippingCents: try row.value("shipping_cents"),
                totalCents: try row.value("total_cents")),
            instructions: try row.optional("special_instructions"))
    }

    private static func head(_ request: PaperRequest) -> SQL {
        """
        SELECT coalesce(p.business_name, c.first_name || ' ' || c.last_name) AS buyer, p.contact_name AS contact,
            coalesce(p.address, c.address) AS address, coalesce(p.city, c.city) AS city,
            coalesce(p.state, c.state)::text AS state, coalesce(p.zip_code, c.zip_code) AS zip_code,
            o.order_number, o.po_number, o.placed_on, o.estimated_delivery, o.payment_terms, o.special_instructions,
            o.subtotal_cents, o.discount_cents, o.tax_cents, o.shipping_cents, o.total_cents,
            coalesce(e.as_of, o.status_since) AS confirmed_at,
            a.label AS ship_label, a.recipient_name AS ship_name, a.address1 AS ship_1, a.address2 AS ship_2,
            a.city AS ship_city, a.state::text AS ship_state, a.zip_code AS ship_zip
        FROM orders o
        LEFT JOIN partners p ON p.id = o.partner_id
        LEFT JOIN customers c ON c.id = o.customer_id
        LEFT JOIN shipping_addresses a ON a.id = o.shipping_address_id
        LEFT JOIN workflow_events e ON e.id = \(request.event)
        WHERE o.id = \(request.record)
        """
    }

    private static func lines(of order: UUID) -> SQL {
        """
        SELECT sku, description, quantity, msrp_cents, unit_price_cents, subtotal_cents
        FROM order_items WHERE order_id = \(order) ORDER BY line_no
        """
    }

    private static func shipTo(_ row: Row) throws -> Addressee? {
        guard let label = try row.optional("ship_label", as: String.self) else { return nil }
        return Addressee(
            businessName: label, contact: try row.optional("ship_name"),
            address: [
                try row.optional("ship_1") ?? "", try row.optional("ship_2") ?? "",
                PrintedText.place(
                    city: try row.optional("ship_city"), state: try row.optional("ship_state"),
                    zip: try row.optional("ship_zip")),
            ])
    }
}

extension OrderConfirmation.Line {
    fileprivate init(_ row: Row) throws {
        self.init(
            description: try row.value("description"), sku: try row.value("sku"), quantity: try row.value("quantity"),
            msrpCents: try row.value("msrp_cents"), unitPriceCents: try row.value("unit_price_cents"),
            amountCents: try row.value("subtotal_cents"))
    }
}
