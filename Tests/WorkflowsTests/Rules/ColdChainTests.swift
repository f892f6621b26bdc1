import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct ColdChainTests {
    private static func at(_ minute: Int) -> Date { Date(timeIntervalSince1970: 1_772_000_000 + Double(minute * 60)) }

    private func readings(_ pairs: [(Int, Int)], sensor: String = "S1") -> [ColdChain.Reading] {
        pairs.map { ColdChain.Reading(sensor: sensor, at: Self.at($0.1), hundredths: $0.0 * 100) }
    }

    @Test(
        arguments: [
            ([(2, 0), (2, 15)], ["warning@15"]), ([(2, 0), (2, 14)], []),
            ([(6, 0), (6, 15), (6, 30)], ["excursion@30", "warning@15"]),
            ([(6, 0), (6, 15), (4, 20), (6, 30)], ["warning@15"]),
            ([(16, 0)], ["excursion@0"]), ([(15, 0)], []), ([(5, 0), (5, 30)], ["warning@30"]),
            ([(0, 0), (0, 30)], []),
        ] as [([(Int, Int)], [String])])
    func `readings mean a warning or an excursion (R-25)`(_ pairs: [(Int, Int)], _ expected: [String]) {
        let events = ColdChain().events(readings(pairs), transit: nil)
        let found = events.map { event in
            "\(event.kind.rawValue)@\(Int(event.reachedAt.timeIntervalSince(Self.at(0)) / 60))"
        }
        #expect(found.sorted() == expected)
    }

    @Test(arguments: [(30, 0), (31, 1)])
    func `more than thirty minutes without a reading are a gap (R-25)`(_ minute: Int, _ gaps: Int) {
        let transit = ColdChain.Transit(from: Self.at(0), to: Self.at(minute))
        let events = ColdChain().events(readings([(-9, 0), (-9, minute)]), transit: transit)
        #expect(events.count == gaps)
        #expect(events.allSatisfy { $0.kind == .gap && $0.endedAt == Self.at(31) })
    }

    @Test func `nothing is missing before the parcel is collected or after it is delivered (R-25)`() {
        let cold = readings([(-9, 0), (-9, 100), (-9, 120), (-9, 300)])
        #expect(ColdChain().events(cold, transit: nil).isEmpty)
        let transit = ColdChain.Transit(from: Self.at(100), to: Self.at(130))
        #expect(ColdChain().events(cold, transit: transit).isEmpty)
    }

    @Test func `a gap that still lasts has no end (R-25)`() {
        let transit = ColdChain.Transit(from: Self.at(0), to: Self.at(60))
        let gap = ColdChain().events(readings([(-9, 5)]), transit: transit).first
        #expect(gap?.startedAt == Self.at(5))
        #expect(gap?.reachedAt == Self.at(35))
        #expect(gap?.endedAt == nil)
    }

    @Test func `each sensor is judged by itself, and in the order of its readings (R-25)`() {
        let mixed = readings([(6, 0), (6, 30)]) + readings([(-9, 15)], sensor: "S2")
        let events = ColdChain().events(mixed.reversed(), transit: nil)
        #expect(events.map(\.kind) == [.excursion, .warning])
        #expect(events.allSatisfy { $0.sensor == "S1" && $0.maximum == 600 })
    }

    @Test func `an excursion ends with its last warm reading, and two are two`() {
        let events = ColdChain().events(readings([(16, 0), (17, 5), (-9, 10), (20, 15)]), transit: nil)
        #expect(events.map(\.kind) == [.excursion, .excursion])
        #expect(events.map(\.maximum) == [1_700, 2_000])
        #expect(events.map(\.endedAt) == [Self.at(5), nil])
    }
}

@Suite struct LotPickingTests {
    private let product = UUID()
    private let today = CalendarDay(daysSince1970: 20_000)

    private func lot(_ age: Int, _ rest: Int, _ remaining: Int) -> LotPicking.Lot {
        LotPicking.Lot(
            id: UUID(), product: product, madeOn: today.adding(days: -age), expiresOn: today.adding(days: rest),
            remaining: remaining)
    }

    @Test func `what expires first goes out first, and what no lot covers has none (R-10)`() {
        let late = lot(10, 300, 50)
        let early = lot(10, 200, 30)
        let other = LotPicking.Lot(
            id: UUID(), product: UUID(), madeOn: today, expiresOn: today.adding(days: 5), remaining: 99)
        var shelf = LotPicking([late, other, early], on: today, minimumLife: BasisPoints(5_000))
        #expect(
            shelf.take(40, of: product) == [
                LotPicking.Pick(lot: early.id, quantity: 30), LotPicking.Pick(lot: late.id, quantity: 10),
            ])
        #expect(
            shelf.take(45, of: product) == [
                LotPicking.Pick(lot: late.id, quantity: 40), LotPicking.Pick(lot: nil, quantity: 5),
            ])
    }

    @Test(arguments: [(100, 100, true), (101, 100, false)])
    func `a lot must have enough of its life before it (R-10)`(_ age: Int, _ rest: Int, _ isGood: Bool) {
        var shelf = LotPicking([lot(age, rest, 10)], on: today, minimumLife: BasisPoints(5_000))
        #expect((shelf.take(1, of: product).first?.lot != nil) == isGood)
    }

    @Test func `an expired lot never goes out`() {
        var shelf = LotPicking([lot(100, -1, 10)], on: today, minimumLife: BasisPoints(0))
        #expect(shelf.take(1, of: product) == [LotPicking.Pick(lot: nil, quantity: 1)])
    }
}
