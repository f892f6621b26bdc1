import Database
import Foundation
import StateMachines
import Workflows

/// The demo's people and orders as rows.
///
/// Their ids come from their names, so that planting again finds them.
enum DemoRows {
    /// The id of a demo record.
    static func id(_ kind: String, _ name: String) -> UUID {
        UUID(derivedFrom: "drizzl demo", kind, name)
    }

    /// One statement per row; a demo has few.
    static func all(of set: DemoSet, today: CalendarDay) -> [SQL] {
        set.partners.flatMap { partner($0, today: today) } + set.orders.flatMap { order($0, of: set, today: today) }
    }

    private static func partner(_ partner: DemoSet.Partner, today: CalendarDay) -> [SQL] {
        let id = id("partner", partner.key)
        let accepted = partner.lateFeeTermsAcceptedDaysAgo.map { today.adding(days: -$0) }
        let row: SQL = """
            INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                zip_code, time_zone, tier, credit_limit_cents, payment_terms, late_fee_terms_accepted_on)
            VALUES (\(id), \(partner.businessName), \(partner.businessType), \(partner.contactName), \(partner.email),
                \(partner.phone), \(partner.address), \(partner.city), \(partner.state), \(partner.zipCode),
                \(partner.timeZone), \(partner.tier), \(partner.creditLimitCents), \(partner.paymentTerms),
                \(accepted))
            ON CONFLICT DO NOTHING
            """
        let users = partner.users.map { user -> SQL in
            """
            INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
            VALUES (\(Self.id("user", user.email)), \(id), \(user.email), \(user.firstName), \(user.lastName),
                \(user.role), \(partner.timeZone))
            ON CONFLICT DO NOTHING
            """
        }
        return [row] + users
    }

    private static func order(_ order: DemoSet.Order, of set: DemoSet, today: CalendarDay) -> [SQL] {
        let id = id("order", order.orderNumber)
        let terms = set.partners.first { $0.key == order.partner }?.paymentTerms ?? "NET30"
        let subtotal = order.lines.reduce(0) { $0 + $1.msrpCents * Int64($1.quantity) }
        let net = order.lines.reduce(0) { $0 + $1.unitPriceCents * Int64($1.quantity) }
        let row: SQL = """
            INSERT INTO orders (id, order_number, partner_id, subtotal_cents, discount_cents, tax_cents,
                shipping_cents, total_cents, payment_terms, po_number, placed_on)
            VALUES (\(id), \(order.orderNumber), \(Self.id("partner", order.partner)), \(subtotal),
                \(subtotal - net), 0, \(order.shippingCents), \(net + order.shippingCents), \(terms),
                \(order.poNumber), \(today.adding(days: -order.placedDaysAgo)))
            ON CONFLICT DO NOTHING
            """
        let lines = order.lines.enumerated().map { index, line -> SQL in
            """
            INSERT INTO order_items (id, order_id, line_no, sku, description, quantity, msrp_cents, unit_price_cents,
                discount_cents, subtotal_cents)
            VALUES (\(Self.id("line \(index + 1)", order.orderNumber)), \(id), \(index + 1), \(line.sku),
                \(line.description), \(line.quantity), \(line.msrpCents), \(line.unitPriceCents),
                \((line.msrpCents - line.unitPriceCents) * Int64(line.quantity)),
                \(line.unitPriceCents * Int64(line.quantity)))
            ON CONFLICT DO NOTHING
            """
        }
        return [row] + lines
    }
}
