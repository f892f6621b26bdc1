import Foundation
import StateMachines

/// The applies of `workflows/order.yaml`: each changes facts and nothing else.
enum OrderApplies {
    typealias Apply = @Sendable (inout OrderFacts, MoveContext) -> Void

    static let all: [String: Apply] = [
        "freeze_prices": { facts, context in
            let today = context.calendar.day(of: context.asOf)
            let quote = facts.quote(on: today)
            facts.placedOn = facts.placedOn ?? today
            (facts.lines, facts.taxes, facts.totals) = (quote.lines, quote.taxes, quote.totals)
        },
        "take_order_number": { facts, _ in facts.number = NumberSeries.order.text(facts.nextNumber) },
        "allocate_stock": { facts, _ in facts.allocateStock() },
        "release_stock": { facts, _ in
            for index in facts.lines.indices { facts.setReserved(0, line: index) }
        },
        "place_holds": { facts, context in facts.placeHolds(context) },
        "place_stock_hold": { facts, context in
            guard facts.hold(.stock) == nil else { return }
            facts.holds.append(OrderHold(reason: .stock, placedAt: context.asOf))
            facts.heldSince = facts.heldSince ?? context.asOf
        },
        "lift_settled_holds": { facts, context in facts.liftSettledHolds(context) },
        "lift_hold": { facts, context in
            guard let reason = context.inputs.text("hold").flatMap(OrderHold.Reason.init(rawValue:)) else { return }
            facts.release(reason, context, because: context.inputs.text("reason"))
        },
        "lift_approval_hold": { facts, context in facts.release(.approval, context, because: "approved") },
        "set_estimated_delivery": { facts, context in
            facts.estimatedDelivery = context.inputs.day("estimated_delivery")
        },
        "set_production_date": { facts, context in
            facts.actualProductionDate = context.calendar.day(of: context.asOf)
        },
        "mark_goods_released": { facts, context in facts.releasedAt = context.asOf },
        "set_cancelled_reason": { facts, context in
            // An order that nobody cancelled was on hold for too long.
            let expired = context.actor.kind == .system ? "on hold for too long" : nil
            facts.cancelledReason = context.inputs.text("reason") ?? expired
        },
    ]
}

extension OrderFacts {
    /// Sets stock aside for each line, as far as it is not.
    mutating func allocateStock() {
        for index in lines.indices { setReserved(lines[index].quantity, line: index) }
    }

    /// Changes what is set aside for a line, and what the product has left.
    mutating func setReserved(_ quantity: Int, line index: Int) {
        products[lines[index].productID]?.stock.allocated += quantity - lines[index].reserved
        lines[index].reserved = quantity
    }

    /// Places each hold with its sum; what held the order before and does so no more is released.
    ///
    /// Source, D-03.
    mutating func placeHolds(_ context: MoveContext) {
        let today = context.calendar.day(of: context.asOf)
        let causes: [(OrderHold.Reason, [String: JSONValue]?)] = [
            (.approval, overBudget(on: today)), (.overdueInvoice, overdueTooLong(on: today)),
            (.creditLimit, overCreditLimit), (.prepaidUnpaid, unpaid), (.stock, nil),
        ]
        let wasHeld = !openHolds.isEmpty
        for (reason, cause) in causes {
            switch (cause, holds.firstIndex { $0.reason == reason && $0.releasedAt == nil }) {
            case (let detail?, let index?): holds[index].detail = detail
            case (let detail?, nil): holds.append(OrderHold(reason: reason, detail: detail, placedAt: context.asOf))
            case (nil, .some): release(reason, context, because: "the order was changed")
            case (nil, nil): break
            }
        }
        // A change does not give a held order another week.
        heldSince = openHolds.isEmpty ? nil : wasHeld ? heldSince ?? context.asOf : context.asOf
    }

    /// Lifts each hold whose cause is gone, and sets stock aside again once nothing else holds the order.
    mutating func liftSettledHolds(_ context: MoveContext) {
        let today = context.calendar.day(of: context.asOf)
        if overdueTooLong(on: today) == nil { release(.overdueInvoice, context, because: "settled") }
        if overCreditLimit == nil { release(.creditLimit, context, because: "settled") }
        if !waitsForPayment { release(.prepaidUnpaid, context, because: "paid") }
        guard openHolds.allSatisfy({ $0.reason == .stock }), !waitsForPayment, !isStockAllocated,
            lines.allSatisfy({ line in products[line.productID].map { covers($0, quantity: line.quantity) } ?? false })
        else { return }
        allocateStock()
        release(.stock, context, because: "set aside again")
    }

    /// Releases the open hold of that reason, if there is one.
    mutating func release(_ reason: OrderHold.Reason, _ context: MoveContext, because text: String?) {
        guard let index = holds.firstIndex(where: { $0.reason == reason && $0.releasedAt == nil }) else { return }
        holds[index].releasedAt = max(context.asOf, holds[index].placedAt)
        holds[index].releasedBy = context.actor
        holds[index].releaseReason = text
        if openHolds.isEmpty { heldSince = nil }
    }

    private func overBudget(on day: CalendarDay) -> [String: JSONValue]? {
        guard let budget, !budget.limit.covers(totals.totalCents, spent: budget.spent, on: placedOn ?? day) else {
            return nil
        }
        return ["buyer": .string(budget.name), "limit_cents": .integer(budget.limit.limitCents)]
    }

    private func overdueTooLong(on day: CalendarDay) -> [String: JSONValue]? {
        // A prepaid order uses no credit.
        guard credit != nil, let invoice = oldestOpenInvoice else { return nil }
        let days = day.daysSince1970 - invoice.dueDate.daysSince1970
        guard days > settings.overdueHoldDays else { return nil }
        return ["invoice": .string(invoice.number), "days": .integer(Int64(days))]
    }

    private var overCreditLimit: [String: JSONValue]? {
        guard let credit, totals.totalCents > 0, !credit.covers(totals.totalCents) else { return nil }
        return [
            "limit_cents": .integer(credit.limitCents), "exposure_cents": .integer(credit.exposureCents),
            "available_cents": .integer(credit.availableCents),
            "short_cents": .integer(totals.totalCents - credit.availableCents),
        ]
    }

    private var unpaid: [String: JSONValue]? {
        waitsForPayment ? ["due_cents": .integer(totals.totalCents)] : nil
    }
}
