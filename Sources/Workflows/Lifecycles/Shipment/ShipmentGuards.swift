import StateMachines

/// The guards of `workflows/shipment.yaml`: each a pure function of the facts, the actor, the inputs and the time.
enum ShipmentGuards {
    typealias Condition = Rules<ShipmentFacts>.Condition

    static let all: [String: Condition] = [
        "goods_are_released": Condition { facts, _ in facts.order.releasedAt == nil ? .no() : .yes },
        "order_is_not_cancelled": Condition { facts, context in
            guard facts.order.state == "cancelled" else { return .yes }
            let day = facts.order.cancelledAt.map { context.calendar.day(of: $0).description }
            return .no(["order.cancelled_at": day ?? "an unknown day"])
        },
        "quantities_are_left_to_ship": Condition { facts, _ in
            let left = facts.leftByLine
            let wanted = Dictionary(facts.lines.map { ($0.orderItem, $0.quantity) }, uniquingKeysWith: +)
            return !wanted.isEmpty && wanted.allSatisfy { $0.value <= left[$0.key] ?? 0 } ? .yes : .no()
        },
        "tracking_number_is_present": Condition { facts, _ in
            facts.trackingNumber?.allSatisfy(\.isWhitespace) ?? true ? .no() : .yes
        },
        "problem_is_not_resolved": Condition { facts, _ in
            facts.resolution.map { .no(["resolution": $0.replacing("_", with: " ")]) } ?? .yes
        },
        "not_on_quality_hold": Condition { facts, _ in
            facts.isOnQualityHold ? .no([:], unblocks: "decide_quality") : .yes
        },
        "on_quality_hold": Condition { facts, _ in facts.isOnQualityHold ? .yes : .no() },
    ]
}
