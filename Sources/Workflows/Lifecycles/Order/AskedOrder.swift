import Database
public import Foundation
import StateMachines

/// A line that is asked for.
public struct AskedLine: Sendable, Hashable {
    /// The product.
    public var productID: UUID
    /// How many units.
    public var quantity: Int
}

/// What an order's lines are asked to be, and all that their price depends on.
public struct AskedOrder: Sendable {
    /// The lines that are asked for.
    public var lines: [AskedLine]
    /// The prices of the partner's lists, by product.
    public var listPrices: [UUID: [ListPrice]] = [:]
    /// The tax rates of the state that the goods go to.
    public var taxRates: [TaxRate] = []
    /// The partner's certificates.
    public var certificates: [ResaleCertificate] = []
    /// The shipping rates of the zone; none: the state has no zone.
    public var shippingRates: [ShippingRate] = []
}

extension AskedLine {
    /// Far above any order, and far below where sums overflow.
    static let largestQuantity = 1_000_000

    /// Reads lines as they come: `{"product": id, "quantity": number}`.
    ///
    /// - Throws: `Refusal` with 422 and every fault.
    static func read(_ values: [JSONValue]) throws(Refusal) -> [AskedLine] {
        var lines: [AskedLine] = []
        var reasons: [Refusal.Reason] = []
        for (index, value) in values.enumerated() {
            func fault(_ sentence: String) {
                reasons.append(
                    .init(code: "input_invalid", message: "Line \(index + 1): \(sentence)", field: "lines"))
            }
            guard case .object(let line) = value, case .string(let text) = line["product"],
                let product = UUID(uuidString: text)
            else {
                fault("write {\"product\": the id of a product, \"quantity\": a whole number}.")
                continue
            }
            guard case .integer(let quantity) = line["quantity"], (1...Int64(largestQuantity)).contains(quantity) else {
                fault("write a quantity from 1 to \(largestQuantity).")
                continue
            }
            if lines.contains(where: { $0.productID == product }) { fault("the product stands in the order twice.") }
            lines.append(AskedLine(productID: product, quantity: Int(quantity)))
        }
        guard reasons.isEmpty else { throw Refusal(status: 422, reasons: reasons) }
        return lines
    }
}

/// What an order comes to on a day.
struct OrderQuote {
    var lines: [OrderLine]
    var belowFloor: [String]
    var taxes: [OrderTax]
    var totals: OrderTotals
    var hasShippingRate: Bool
}

extension OrderFacts {
    /// The lines that are asked for with their products, in their order.
    var askedProducts: [(line: AskedLine, product: OrderProduct)] {
        (asked?.lines ?? []).compactMap { line in products[line.productID].map { (line, $0) } }
    }

    /// Works prices, tax and shipping of the lines that are asked for out.
    ///
    /// Source.
    func quote(on day: CalendarDay) -> OrderQuote {
        var quote = OrderQuote(lines: [], belowFloor: [], taxes: [], totals: OrderTotals(), hasShippingRate: true)
        var netByClass: [String: Int64] = [:]
        var cases = 0
        for (line, product) in askedProducts {
            let price = unitPrice(of: product, quantity: line.quantity, on: day)
            if !isSample, !price.isAboveFloor(costCents: product.costCents, minMargin: settings.minMargin) {
                quote.belowFloor.append(product.name)
            }
            let amounts = LineAmounts(quantity: line.quantity, msrpCents: product.msrpCents, unitCents: price.cents)
            netByClass[product.taxClass, default: 0] += amounts.netCents
            cases += (line.quantity + product.casePack - 1) / product.casePack
            quote.lines.append(
                OrderLine(
                    id: UUID.v7(), productID: product.id, sku: product.sku, description: product.name,
                    amounts: amounts))
        }
        let amounts = quote.lines.map(\.amounts)
        let net = OrderTotals(lines: amounts).netCents
        let charge = ShippingCharge.of(
            cases: cases, netCents: net, rates: asked?.shippingRates ?? [],
            freeAboveCents: settings.freeShippingAboveCents)
        quote.hasShippingRate = charge != nil || amounts.isEmpty
        let shipping = isSample ? 0 : charge ?? 0
        let isExempt = partner != nil && (asked?.certificates ?? []).contains { $0.exempts(shipToState ?? "", on: day) }
        quote.taxes = SalesTax.of(
            netByClass: netByClass, shippingCents: shipping, rates: asked?.taxRates ?? [], isExempt: isExempt, on: day)
        quote.totals = OrderTotals(
            lines: amounts, taxCents: quote.taxes.reduce(0) { $0 + $1.taxCents }, shippingCents: shipping)
        return quote
    }

    private func unitPrice(of product: OrderProduct, quantity: Int, on day: CalendarDay) -> UnitPrice {
        if isSample { return UnitPrice(cents: 0) }
        guard let partner else { return UnitPrice(cents: product.msrpCents) }
        return .forPartner(
            msrpCents: product.msrpCents, quantity: quantity, lists: asked?.listPrices[product.id] ?? [],
            discount: partner.discount, on: day)
    }
}
