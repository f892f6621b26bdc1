public import Foundation
public import StateMachines

/// Picks the lots that a parcel's goods come from: first expired, first out.
///
/// Source: R-10.
public struct LotPicking: Sendable {
    /// A lot that is released and not used up.
    public struct Lot: Sendable, Hashable {
        /// The lot.
        public var id: UUID
        /// What it is made of.
        public var product: UUID
        /// The day on which it was made.
        public var madeOn: CalendarDay
        /// The last day on which it is good.
        public var expiresOn: CalendarDay
        /// How many units are left.
        public var remaining: Int

        /// Makes a lot.
        public init(id: UUID, product: UUID, madeOn: CalendarDay, expiresOn: CalendarDay, remaining: Int) {
            (self.id, self.product, self.remaining) = (id, product, remaining)
            (self.madeOn, self.expiresOn) = (madeOn, expiresOn)
        }
    }

    /// Units of a lot that go into a parcel; `lot` is nil where no lot fits.
    public struct Pick: Sendable, Hashable {
        /// The lot.
        public var lot: UUID?
        /// How many units.
        public var quantity: Int

        /// Makes a pick.
        public init(lot: UUID?, quantity: Int) {
            (self.lot, self.quantity) = (lot, quantity)
        }
    }

    /// What is left of the lots.
    public private(set) var lots: [Lot]
    /// The day of picking.
    public let day: CalendarDay
    /// The part of its life that a lot must have before it.
    public let minimumLife: BasisPoints

    /// Begins with the lots that there are.
    public init(_ lots: [Lot], on day: CalendarDay, minimumLife: BasisPoints) {
        self.lots = lots.sorted { ($0.expiresOn, $0.id.uuidString) < ($1.expiresOn, $1.id.uuidString) }
        (self.day, self.minimumLife) = (day, minimumLife)
    }

    /// Takes units of a product, those that expire first before the others.
    public mutating func take(_ quantity: Int, of product: UUID) -> [Pick] {
        var picks: [Pick] = []
        var rest = quantity
        for index in lots.indices where rest > 0 && lots[index].product == product && isGood(lots[index]) {
            let part = min(rest, lots[index].remaining)
            guard part > 0 else { continue }
            lots[index].remaining -= part
            rest -= part
            picks.append(Pick(lot: lots[index].id, quantity: part))
        }
        return rest > 0 ? picks + [Pick(lot: nil, quantity: rest)] : picks
    }

    private func isGood(_ lot: Lot) -> Bool {
        let life = lot.expiresOn.daysSince1970 - lot.madeOn.daysSince1970
        let left = lot.expiresOn.daysSince1970 - day.daysSince1970
        return left >= 0 && Int64(left) * 10_000 >= Int64(life) * minimumLife.value
    }
}
