import Documents
import Foundation
import StateMachines

/// The guards of `workflows/order.yaml`: each a pure function of the facts, the actor, the inputs and the time.
enum OrderGuards {
    typealias Condition = Rules<OrderFacts>.Condition

    static let all = asking.merging(holding) { first, _ in first }.merging(moving) { first, _ in first }

    /// What is asked of a new order, and of one whose lines change: nothing can be said before they are given.
    private static let asking: [String: Condition] = [
        "partner_is_active": Condition { facts, _ in
            guard let partner = facts.partner, partner.status != "active" else { return .yes }
            return .no(["partner.business_name": partner.name, "partner.status": partner.status])
        },
        "order_has_lines": Condition(readsInputs: true) { facts, _ in
            facts.asked?.lines.isEmpty == false ? .yes : .no()
        },
        "quantities_are_legal": Condition(readsInputs: true) { facts, _ in facts.quantityAnswer },
        "prices_are_above_floor": Condition(readsInputs: true) { facts, context in
            let below = facts.quote(on: context.calendar.day(of: context.asOf)).belowFloor
            return below.isEmpty ? .yes : .no(["product": below.joined(separator: ", ")])
        },
        "shipping_rate_exists": Condition(readsInputs: true) { facts, context in
            facts.quote(on: context.calendar.day(of: context.asOf)).hasShippingRate
                ? .yes : .no(["state": facts.shipToState ?? "an unknown state"])
        },
        "stock_covers_order": Condition(readsInputs: true) { facts, context in
            facts.stockAnswer(on: context.calendar.day(of: context.asOf))
        },
        "no_invoice_yet": Condition { facts, _ in
            facts.invoice.map { $0.status == "cancelled" } ?? true ? .yes : .no(unblocks: "cancel")
        },
    ]

    private static let holding: [String: Condition] = [
        "order_is_large": Condition { facts, _ in
            facts.totals.isLarge(aboveCents: facts.settings.largeAboveCents) ? .yes : .no()
        },
        "order_is_held": Condition { facts, _ in facts.isHeld ? .yes : .no() },
        "order_is_not_held": Condition { facts, _ in facts.isHeld ? .no() : .yes },
        "purchase_waits_for_approval": Condition { facts, _ in facts.hold(.approval) != nil ? .yes : .no() },
        "no_approval_hold": Condition { facts, _ in
            facts.hold(.approval).map { .no($0.words, unblocks: "approve_purchase") } ?? .yes
        },
        "no_overdue_hold": Condition { facts, _ in
            facts.hold(.overdueInvoice).map { .no($0.words, unblocks: "release_hold") } ?? .yes
        },
        "no_credit_hold": Condition { facts, _ in
            facts.hold(.creditLimit).map { .no($0.words, unblocks: "release_hold") } ?? .yes
        },
        "prepayment_is_settled": Condition { facts, _ in
            let due = facts.invoice?.dueCents ?? facts.totals.totalCents
            return facts.waitsForPayment ? .no(["due": MoneyText.dollars(due)]) : .yes
        },
        "stock_is_allocated": Condition { facts, _ in
            facts.isStockAllocated
                ? .yes : .no(["missing": facts.missing(facts.lines.filter { $0.reserved < $0.quantity })])
        },
    ]

    private static let moving: [String: Condition] = [
        "goods_are_on_hand": Condition { facts, _ in
            let short = facts.lines.filter { line in
                guard let product = facts.products[line.productID] else { return true }
                return product.stock.onHand < product.reservedBefore + line.quantity
            }
            return short.isEmpty ? .yes : .no(["missing": facts.missing(short)])
        },
        "goods_are_not_released": Condition { facts, context in
            guard let released = facts.releasedAt else { return .yes }
            return .no(["released_at": context.calendar.day(of: released).description])
        },
        "a_parcel_was_collected": Condition { facts, _ in
            facts.parcels.contains { $0.collectedAt != nil } ? .yes : .no()
        },
        "all_shipments_are_done": Condition { facts, _ in
            let open = facts.parcels.filter { !$0.isDone }.count
            let delivered = facts.parcels.contains { $0.status == "delivered" }
            return delivered && open == 0 ? .yes : .no(["count": String(open)])
        },
        "every_parcel_is_lost_or_returned": Condition { facts, _ in
            !facts.parcels.isEmpty && facts.parcels.allSatisfy(\.isResolved) ? .yes : .no()
        },
        "a_shipment_is_not_delivered": Condition { facts, _ in
            facts.parcels.contains { $0.status != "delivered" } ? .yes : .no()
        },
    ]
}

extension OrderHold {
    /// The sum behind it, as the refusal shows it.
    var words: [String: String] {
        var words: [String: String] = [:]
        for (key, value) in detail {
            switch value {
            case .integer(let cents) where key.hasSuffix("_cents"):
                words[String(key.dropLast("_cents".count))] = MoneyText.dollars(cents)
            case .integer(let number): words[key] = String(number)
            case .string(let text): words[key] = text
            default: break
            }
        }
        return words
    }
}

extension OrderFacts {
    /// Whether every quantity that is asked for is whole cases from the minimum on.
    ///
    /// A sample is at most a case of each product; a consumer buys by the unit. Source: R-09.
    fileprivate var quantityAnswer: GuardAnswer {
        for (line, product) in askedProducts {
            if isSample {
                guard line.quantity > product.casePack else { continue }
                return .no(["product": product.name, "lower": "1", "higher": String(product.casePack)])
            }
            guard kind == .partner else { continue }
            let rule = OrderQuantity(minOrderQuantity: product.minOrderQuantity, casePack: product.casePack)
            guard !rule.allows(line.quantity) else { continue }
            let nearest = rule.nearest(to: line.quantity)
            // Below the minimum there is no lower one: the two least are named.
            let lower = nearest.lower ?? rule.minimum
            let higher = nearest.lower == nil ? rule.minimum + rule.step : nearest.higher
            return .no(["product": product.name, "lower": String(lower), "higher": String(higher)])
        }
        return .yes
    }

    /// Whether the stock covers every line that is asked for; what the order holds already counts as free.
    ///
    /// Source: R-10.
    fileprivate func stockAnswer(on day: CalendarDay) -> GuardAnswer {
        for (line, product) in askedProducts where !covers(product, quantity: line.quantity) {
            let available = stockWithoutThis(product).available
            return .no([
                "product": product.name, "available": String(max(0, available)),
                "restock_on": day.adding(days: product.leadTimeDays).description,
            ])
        }
        return .yes
    }

    /// Whether a product's stock covers a quantity of it.
    func covers(_ product: OrderProduct, quantity: Int) -> Bool {
        stockWithoutThis(product).covers(quantity, backorder: allowsBackorder && partner?.allowsBackorder == true)
    }

    private func stockWithoutThis(_ product: OrderProduct) -> StockLevel {
        var stock = product.stock
        stock.allocated -= lines.reduce(0) { $1.productID == product.id ? $0 + $1.reserved : $0 }
        return stock
    }

    fileprivate func missing(_ lines: [OrderLine]) -> String {
        lines.map { "\($0.quantity) × \($0.description)" }.joined(separator: ", ")
    }
}
