import Database
import Foundation
import StateMachines

/// The body of the request that places an order.
struct OrderBody {
    static let asks: [Ask] = [
        Ask(name: "type", type: .choice(["B2B", "D2C"])),
        Ask(name: "partner", type: .reference),
        Ask(name: "customer", type: .reference),
        Ask(name: "lines", type: .lines, isRequired: true),
        Ask(name: "shipping_address", type: .reference),
        Ask(name: "po_number", type: .text),
        Ask(name: "special_instructions", type: .text),
        Ask(name: "is_sample", type: .boolean),
        Ask(name: "allow_backorder", type: .boolean),
    ]

    let kind: OrderFacts.Kind
    let partner: UUID?
    let customer: UUID?
    let lines: [AskedLine]
    let actor: Actor
    let inputs: Inputs

    /// Reads the body.
    ///
    /// - Throws: `Refusal` with 422 and its faults.
    init(_ command: Command) throws(Refusal) {
        let inputs = try Inputs(command.inputs, for: Self.asks)
        let kind = inputs.text("type").flatMap(OrderFacts.Kind.init(rawValue:)) ?? .partner
        var reasons: [Refusal.Reason] = []
        for (field, wanted) in [("partner", kind == .partner), ("customer", kind == .consumer)] {
            let given = inputs.reference(field) != nil
            if wanted, !given {
                reasons.append(
                    .init(code: "input_missing", message: "An order of this type needs a \(field).", field: field))
            } else if given, !wanted {
                reasons.append(
                    .init(code: "input_unknown", message: "An order of this type has no \(field).", field: field))
            }
        }
        if kind == .consumer, command.actor.kind != .admin {
            reasons.append(
                .init(code: "input_invalid", message: "An admin alone records consumers' orders.", field: "type"))
        }
        if inputs.boolean("is_sample") == true,
            kind == .consumer || ![.salesRep, .admin].contains(command.actor.kind)
        {
            reasons.append(
                .init(code: "input_invalid", message: "A rep alone gives samples, to partners.", field: "is_sample"))
        }
        guard reasons.isEmpty else { throw Refusal(status: 422, reasons: reasons) }
        lines = try AskedLine.read(inputs.lines("lines") ?? [])
        (self.kind, self.inputs, actor) = (kind, inputs, command.actor)
        (partner, customer) = (inputs.reference("partner"), inputs.reference("customer"))
    }

    /// Takes the locks, the partner's first, then the products' by id, the company-wide one of the series last; then
    /// reads.
    static func statements(_ body: OrderBody) -> [SQL] {
        let products = body.lines.map(\.productID)
        let address = body.inputs.reference("shipping_address")
        let addresses: SQL = """
            SELECT id, state::text AS state FROM shipping_addresses
            WHERE partner_id = \(body.partner) AND archived_at IS NULL
              AND (id = \(address) OR (\(address)::uuid IS NULL AND is_default))
            """
        let state: SQL = """
            SELECT coalesce((SELECT a.state FROM (\(addresses)) AS a),
                (SELECT state::text FROM partners WHERE id = \(body.partner)),
                (SELECT state::text FROM customers WHERE id = \(body.customer)))
            """
        let buyer: UUID? = body.actor.kind == .partnerUser ? body.actor.id : nil
        return [
            "SELECT id FROM partners WHERE id = \(body.partner) FOR NO KEY UPDATE",
            """
            SELECT \(OrderRows.productColumns) FROM products WHERE id = ANY(\(products))
            ORDER BY id FOR NO KEY UPDATE
            """,
            NumberSeries.order.lockNext,
            """
            SELECT \(OrderRows.partnerColumns), p.payment_terms, p.sales_rep_id, (\(state)) AS ship_to_state,
                \(CreditStanding.columns()), \(OrderRows.settingColumns)
            FROM partners p WHERE p.id = \(body.partner)
            """,
            """
            SELECT c.id, c.state::text AS ship_to_state, \(OrderRows.settingColumns)
            FROM customers c WHERE c.id = \(body.customer)
            """,
            addresses,
            """
            SELECT u.partner_id AS buyers_partner, \(OrderRows.budgetColumns) FROM partner_users u WHERE u.id = \(buyer)
            """,
            """
            SELECT placed_on, sum(total_cents)::bigint AS cents FROM orders
            WHERE placed_by = \(buyer) AND placed_by_kind = 'partner_user' AND status <> 'cancelled'
            GROUP BY placed_on
            """,
        ] + OrderRows.prices(of: products, partner: "SELECT \(body.partner)::uuid", state: state)
    }

    /// The facts with which the order begins; nil when there is no such partner or consumer, or it is not the buyer's.
    ///
    /// - Throws: `Refusal` with 422; `DatabaseError` when a row cannot be decoded.
    func facts(_ results: [StatementResult], for command: Command) throws -> OrderFacts? {
        let rows = results.map(\.rows)
        guard let source = rows[kind == .partner ? 3 : 4].first, let series = rows[2].first else { return nil }
        if let buyer = rows[6].first, try buyer.value("buyers_partner", as: UUID.self) != partner { return nil }
        let address = inputs.reference("shipping_address")
        if address != nil, rows[5].isEmpty {
            throw Refusal(
                status: 422, code: "input_invalid", message: "The partner has no such address.",
                field: "shipping_address")
        }
        var facts = OrderFacts(id: command.record, kind: kind, placedBy: actor, terms: .prepaid)
        facts.nextNumber = try series.value("next")
        facts.idempotencyKey = command.id.uuidString.lowercased()
        facts.customerID = customer
        facts.isSample = inputs.boolean("is_sample") ?? false
        facts.allowsBackorder = inputs.boolean("allow_backorder") ?? false
        facts.poNumber = inputs.text("po_number")
        facts.specialInstructions = inputs.text("special_instructions")
        facts.shipToState = try source.optional("ship_to_state")
        facts.settings = try OrderSettings(source)
        if kind == .partner {
            facts.partner = try OrderPartner(source)
            facts.terms = PaymentTerms(rawValue: try source.value("payment_terms")) ?? .prepaid
            facts.salesRepID = try source.optional("sales_rep_id")
            facts.shippingAddressID = try rows[5].first?.value("id")
            if facts.terms != .prepaid {
                facts.credit = try CreditStanding(source)
                facts.oldestOpenInvoice = try OpenInvoice(source)
            }
            facts.budget = try rows[6].first.flatMap(BuyerBudget.init)
            for row in rows[7] { facts.budget?.spent[try row.value("placed_on")] = try row.value("cents") }
        }
        for row in rows[1] {
            let product = try OrderProduct(row)
            facts.products[product.id] = product
        }
        facts.asked = try AskedOrder(lines, results.suffix(4))
        try facts.demandAskedProducts()
        return facts
    }
}
