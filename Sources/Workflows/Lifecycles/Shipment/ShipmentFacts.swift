public import Foundation
public import StateMachines

/// Everything that the guards of a shipment look at and its moves change.
public struct ShipmentFacts: Sendable {
    /// What is known of the order that it carries.
    public struct Order: Sendable {
        /// The order.
        public var id: UUID
        /// Its number, `ORD-10145`.
        public var number: String
        /// Its state.
        public var state: String
        /// When the goods were released; nil: they may not leave the building.
        public var releasedAt: Date?
        /// When it was cancelled.
        public var cancelledAt: Date?
        /// The zone of whom it goes to.
        public var partnerZone: TimeZone?
        /// The rep's zone.
        public var repZone: TimeZone?
        /// The part of its life that a lot must have before it for this customer.
        public var minimumLife: BasisPoints
    }

    /// Units of one line of the order.
    public struct Line: Sendable, Hashable {
        /// The line.
        public var orderItem: UUID
        /// The product of the line.
        public var product: UUID
        /// The lot, once the goods have left the stock.
        public var lot: UUID?
        /// How many units.
        public var quantity: Int

        /// Makes units of a line.
        public init(orderItem: UUID, product: UUID, lot: UUID? = nil, quantity: Int) {
            (self.orderItem, self.product, self.lot, self.quantity) = (orderItem, product, lot, quantity)
        }
    }

    /// The shipment.
    public var id: UUID
    /// The order.
    public var order: Order
    /// The parcel in whose place it is sent.
    public var replaces: UUID?
    /// The number by which the carrier or our label knows it.
    public var trackingNumber: String?
    /// `fedex`, `ups`, `usps` or `xpo`.
    public var carrier: String?
    /// "Ground", "2-Day", "Overnight".
    public var carrierService: String?
    /// What it carries.
    public var lines: [Line]
    /// What of the order is in no parcel; only while one is made.
    public var left: [Line] = []
    /// The place of the newest tracking event.
    public var newestPlace: String?
    /// Where it is.
    public var currentLocation: String?
    /// When the carrier last had it in hand.
    public var lastScanAt: Date?
    /// When the carrier first had it in hand.
    public var collectedAt: Date?
    /// When its goods left the stock.
    public var stockTakenAt: Date?
    /// The lots from which its goods may come; only while they have not left the stock.
    public var lots: [LotPicking.Lot] = []
    /// Who received it.
    public var deliveredTo: String?
    /// The stored signature.
    public var signature: UUID?
    /// The stored photo.
    public var photo: UUID?
    /// When it was delivered.
    public var actualDelivery: Date?
    /// What is or was wrong with it.
    public var problemCode: String?
    /// What was said about it.
    public var problemNote: String?
    /// How the problem was resolved; nil: there is none or it is open.
    public var resolution: String?
    /// What was said about that.
    public var resolutionNote: String?
    /// Whether its goods have to be judged.
    public var isOnQualityHold: Bool
    /// Since when, the last time.
    public var qualityHeldAt: Date?
    /// What was decided about the goods.
    public var qualityDecision: String?
    /// Why.
    public var qualityReason: String?
    /// Who decided.
    public var qualityDecidedBy: UUID?
}

extension ShipmentFacts {
    /// How many units it carries.
    public var quantity: Int { lines.reduce(0) { $0 + $1.quantity } }

    /// The units that are in no parcel, by line of the order.
    var leftByLine: [UUID: Int] { Dictionary(left.map { ($0.orderItem, $0.quantity) }, uniquingKeysWith: +) }
}

extension ShipmentFacts: Governed {
    /// `last_scan_at` or `quality_held_at`.
    public func value(ofFact name: String) -> FactValue? {
        switch name {
        case "last_scan_at": lastScanAt.map(FactValue.instant)
        case "quality_held_at": qualityHeldAt.map(FactValue.instant)
        default: nil
        }
    }

    /// The zone of the partner or of the rep.
    public func zone(named name: String) -> TimeZone? {
        switch name {
        case "partner": order.partnerZone
        case "rep": order.repZone
        default: nil
        }
    }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "order_id": .string(order.id.uuidString.lowercased()), "tracking_number": .orNull(trackingNumber),
            "carrier": .orNull(carrier), "carrier_service": .orNull(carrierService),
            "quantity": .integer(Int64(quantity)), "current_location": .orNull(currentLocation),
            "last_scan_at": .optional(lastScanAt), "collected_at": .optional(collectedAt),
            "stock_taken_at": .optional(stockTakenAt), "delivered_to": .orNull(deliveredTo),
            "actual_delivery": .optional(actualDelivery), "problem_code": .orNull(problemCode),
            "problem_note": .orNull(problemNote), "resolution": .orNull(resolution),
            "quality_hold": .boolean(isOnQualityHold), "quality_held_at": .optional(qualityHeldAt),
            "quality_decision": .orNull(qualityDecision), "quality_decision_reason": .orNull(qualityReason),
        ]
    }

    /// Stamps `actual_delivery`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        if column == "actual_delivery" { actualDelivery = moment }
    }
}
