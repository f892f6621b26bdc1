import Database
import Foundation
import StateMachines

extension OrderFacts {
    /// Reads a row of ``OrderRows/orders(_:locking:)``.
    init(_ row: Row) throws {
        let kind = Actor.Kind(rawValue: try row.value("placed_by_kind")) ?? .system
        self.init(
            id: try row.value("id"), kind: Kind(rawValue: try row.value("type")) ?? .partner,
            placedBy: Actor(kind: kind, id: try row.optional("placed_by"), role: kind.rawValue),
            terms: PaymentTerms(rawValue: try row.value("payment_terms")) ?? .prepaid)
        number = try row.value("order_number")
        partner = try OrderPartner(row)
        customerID = try row.optional("customer_id")
        budget = try BuyerBudget(row)
        idempotencyKey = try row.optional("idempotency_key")
        salesRepID = try row.optional("sales_rep_id")
        isSample = try row.value("is_sample")
        allowsBackorder = try row.value("allow_backorder")
        shippingAddressID = try row.optional("shipping_address_id")
        shipToState = try row.optional("ship_to_state")
        poNumber = try row.optional("po_number")
        specialInstructions = try row.optional("special_instructions")
        placedOn = try row.value("placed_on")
        totals.subtotalCents = try row.value("subtotal_cents")
        totals.discountCents = try row.value("discount_cents")
        totals.taxCents = try row.value("tax_cents")
        totals.shippingCents = try row.value("shipping_cents")
        heldSince = try row.optional("held_since")
        estimatedDelivery = try row.optional("estimated_delivery")
        actualDelivery = try row.optional("actual_delivery")
        cancelledAt = try row.optional("cancelled_at")
        cancelledReason = try row.optional("cancelled_reason")
        releasedAt = try row.optional("released_at")
        actualProductionDate = try row.optional("actual_production_date")
        refundedCents = try row.value("refunded_cents")
        paymentStatus = try row.optional("payment_status")
        settings = try OrderSettings(row)
    }
}

extension OrderPartner {
    /// Reads ``OrderRows/partnerColumns``; nil when there is no partner.
    init?(_ row: Row) throws {
        guard let id = try row.optional("partner_id", as: UUID.self) else { return nil }
        self.init(
            id: id, name: try row.value("business_name"), status: try row.value("partner_status"),
            zone: TimeZone(identifier: try row.value("time_zone")) ?? .gmt,
            discount: BasisPoints(try row.value("partner_discount_bp")),
            allowsBackorder: try row.value("backorder_allowed"))
    }
}

extension BuyerBudget {
    /// Reads ``OrderRows/budgetColumns``; nil when there is no budget.
    init?(_ row: Row) throws {
        guard let limit = try row.optional("spend_limit_cents", as: Int64.self),
            let period = SpendLimit.Period(rawValue: try row.optional("spend_period") ?? "")
        else { return nil }
        self.init(
            name: try row.value("buyer"), limit: SpendLimit(limitCents: limit, period: period), spent: [:])
    }
}

extension OrderSettings {
    /// Reads ``OrderRows/settingColumns``.
    init(_ row: Row) throws {
        self.init(
            minMargin: BasisPoints(try row.value("min_margin_bp")),
            freeShippingAboveCents: try row.value("free_shipping_above_cents"),
            largeAboveCents: try row.value("large_above_cents"),
            overdueHoldDays: try row.value("overdue_hold_days"), stockHoldHours: try row.value("stock_hold_hours"))
    }
}

extension OrderLine {
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), productID: try row.value("product_id"), sku: try row.value("sku"),
            description: try row.value("description"),
            amounts: LineAmounts(
                quantity: try row.value("quantity"), msrpCents: try row.value("msrp_cents"),
                unitCents: try row.value("unit_price_cents")),
            reserved: try row.value("reserved"))
    }
}

extension OrderHold {
    init(_ row: Row) throws {
        let detail = try row.value("detail", as: String.self)
        let by = try row.optional("released_by_kind", as: String.self).flatMap(Actor.Kind.init(rawValue:))
        let releaser = try row.optional("released_by", as: UUID.self)
        self.init(
            id: try row.value("id"), reason: Reason(rawValue: try row.value("reason")) ?? .quality,
            detail: try JSONDecoder().decode([String: JSONValue].self, from: Data(detail.utf8)),
            placedAt: try row.value("placed_at"), releasedAt: try row.optional("released_at"),
            releasedBy: by.map { Actor(kind: $0, id: releaser, role: $0.rawValue) },
            releaseReason: try row.optional("release_reason"))
    }
}

extension InvoiceState {
    init(_ row: Row) throws {
        self.init(
            number: try row.value("invoice_number"), status: try row.value("status"),
            dueCents: try row.value("amount_due_cents"))
    }
}

extension Parcel {
    init(_ row: Row) throws {
        self.init(
            status: try row.value("status"), resolution: try row.optional("resolution"),
            collectedAt: try row.optional("collected_at"))
    }
}

extension OrderProduct {
    /// Reads ``OrderRows/productColumns``.
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), sku: try row.value("sku"), name: try row.value("name"),
            isActive: try row.value("is_active"), msrpCents: try row.value("msrp_cents"),
            costCents: try row.value("cost_per_unit_cents"), taxClass: try row.value("tax_class"),
            casePack: try row.value("case_pack_size"), minOrderQuantity: try row.value("min_order_qty"),
            leadTimeDays: try row.value("lead_time_days"),
            stock: StockLevel(
                onHand: try row.value("stock"), allocated: try row.value("allocated"),
                backorderLimit: try row.value("backorder_limit")))
    }
}

extension OpenInvoice {
    /// Reads ``CreditStanding/columns(_:)``; nil when no invoice is open.
    init?(_ row: Row) throws {
        guard let number = try row.optional("oldest_invoice", as: String.self),
            let due = try row.optional("oldest_due_date", as: CalendarDay.self)
        else { return nil }
        self.init(number: number, dueDate: due)
    }
}

extension AskedOrder {
    /// Reads the results of ``OrderRows/prices(of:partner:state:)``.
    init(_ lines: [AskedLine], _ results: some Collection<StatementResult>) throws {
        let rows = results.map(\.rows)
        self.init(lines: lines)
        for row in rows[0] {
            listPrices[try row.value("product_id"), default: []].append(
                ListPrice(
                    unitCents: try row.value("unit_price_cents"), minQuantity: try row.value("min_quantity"),
                    priority: try row.value("priority"), startsOn: try row.value("starts_on"),
                    endsOn: try row.optional("ends_on"), isApproved: try row.value("is_approved")))
        }
        taxRates = try rows[1].map { row in
            TaxRate(
                jurisdiction: try row.value("jurisdiction"), taxClass: try row.value("tax_class"),
                rate: BasisPoints(try row.value("rate_bp")), taxesShipping: try row.value("taxes_shipping"),
                startsOn: try row.value("starts_on"), endsOn: try row.optional("ends_on"))
        }
        certificates = try rows[2].map { row in
            ResaleCertificate(
                state: try row.value("state"), validFrom: try row.value("valid_from"),
                validUntil: try row.optional("valid_until"), isChecked: try row.value("is_checked"))
        }
        shippingRates = try rows[3].map { row in
            ShippingRate(
                fromCases: try row.value("from_cases"), toCases: try row.optional("to_cases"),
                amountCents: try row.value("amount_cents"))
        }
    }
}
