import Foundation
import StateMachines

/// The applies of `workflows/shipment.yaml`: each changes facts and nothing else.
enum ShipmentApplies {
    typealias Apply = @Sendable (inout ShipmentFacts, MoveContext) -> Void

    static let all: [String: Apply] = [
        "record_scan": { facts, context in
            facts.lastScanAt = context.asOf
            facts.collectedAt = facts.collectedAt ?? context.asOf
            facts.currentLocation = facts.newestPlace ?? facts.currentLocation
            // It has turned up again, so whatever was decided about it no longer holds.
            facts.resolution = nil
            facts.resolutionNote = nil
        },
        "take_stock_out": { facts, context in
            guard facts.stockTakenAt == nil else { return }
            facts.stockTakenAt = context.asOf
            facts.pickLots(on: context.calendar.day(of: context.asOf))
        },
        "record_proof_of_delivery": { facts, context in
            facts.deliveredTo = context.inputs.text("delivered_to")
            facts.signature = context.inputs.file("signature")
            facts.photo = context.inputs.file("photo")
        },
        "record_problem": { facts, context in
            facts.problemCode = context.inputs.text("code")
            facts.problemNote = context.inputs.text("note")
            facts.resolution = nil
            facts.resolutionNote = nil
        },
        "record_resolution": { facts, context in
            facts.resolution = context.inputs.text("resolution")
            facts.resolutionNote = context.inputs.text("note")
        },
        "set_quality_hold": { facts, context in
            facts.isOnQualityHold = true
            facts.qualityHeldAt = context.asOf
            facts.qualityDecision = nil
            facts.qualityReason = nil
            facts.qualityDecidedBy = nil
        },
        "record_quality_decision": { facts, context in
            facts.isOnQualityHold = false
            facts.qualityDecision = context.inputs.text("decision")
            facts.qualityReason = context.inputs.text("reason")
            facts.qualityDecidedBy = context.actor.id
        },
    ]
}

extension Inputs {
    /// The stored file of that name.
    fileprivate func file(_ name: String) -> UUID? {
        if case .file(let id) = values[name] { id } else { nil }
    }
}

extension ShipmentFacts {
    /// Says of each unit from which lot it comes.
    mutating func pickLots(on day: CalendarDay) {
        var shelf = LotPicking(lots, on: day, minimumLife: order.minimumLife)
        lines = lines.flatMap { line in
            shelf.take(line.quantity, of: line.product).map { pick in
                Line(orderItem: line.orderItem, product: line.product, lot: pick.lot, quantity: pick.quantity)
            }
        }
        lots = shelf.lots
    }
}
