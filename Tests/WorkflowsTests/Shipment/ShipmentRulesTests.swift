import Foundation
import StateMachines
import Testing

@testable import Workflows

@Suite struct ShipmentRulesTests {
    private static let now = Date(timeIntervalSince1970: 1_772_474_400)
    private static let calendar = CompanyCalendar(zone: .gmt)
    private static let line = ShipmentFacts.Line(orderItem: UUID(), product: UUID(), quantity: 10)

    private static func facts(_ change: (inout ShipmentFacts) -> Void = { _ in }) -> ShipmentFacts {
        let order = ShipmentFacts.Order(
            id: UUID(), number: "ORD-10001", state: "confirmed", releasedAt: now, minimumLife: BasisPoints(0))
        var facts = ShipmentFacts(id: UUID(), order: order, lines: [line], left: [line])
        change(&facts)
        return facts
    }

    private static func context(_ inputs: [String: JSONValue] = [:], asks: [Ask] = []) throws -> MoveContext {
        MoveContext(
            actor: Actor(kind: .admin, id: UUID(), role: "admin"), inputs: try Inputs(inputs, for: asks), now: now,
            calendar: calendar)
    }

    private static let text = ["delivered_to", "note", "code", "resolution", "decision", "reason"].map {
        Ask(name: Word(stringLiteral: $0), type: .text)
    }

    private func apply(
        _ names: String..., to facts: inout ShipmentFacts, _ inputs: [String: JSONValue] = [:]
    ) throws {
        let context = try Self.context(inputs, asks: Self.text)
        for name in names {
            let apply = try #require(ShipmentApplies.all[name])
            apply(&facts, context)
        }
    }

    private struct Spoiling: Sendable {
        var name: String
        var spoil: @Sendable (inout ShipmentFacts) -> Void

        init(_ name: String, _ spoil: @escaping @Sendable (inout ShipmentFacts) -> Void) {
            (self.name, self.spoil) = (name, spoil)
        }
    }

    private static let spoilings = [
        Spoiling("goods_are_released") { $0.order.releasedAt = nil },
        Spoiling("order_is_not_cancelled") { $0.order.state = "cancelled" },
        Spoiling("quantities_are_left_to_ship") { $0.left = [] },
        Spoiling("quantities_are_left_to_ship") { $0.lines[0].quantity = 11 },
        Spoiling("quantities_are_left_to_ship") { $0.lines = [] },
        Spoiling("tracking_number_is_present") { $0.trackingNumber = nil },
        Spoiling("tracking_number_is_present") { $0.trackingNumber = " " },
        Spoiling("problem_is_not_resolved") { $0.resolution = "written_off" },
        Spoiling("not_on_quality_hold") { $0.isOnQualityHold = true },
    ]

    @Test(arguments: spoilings.indices)
    func `a parcel that is ready passes each guard, and what is wrong is refused`(_ index: Int) throws {
        let (name, spoil) = (Self.spoilings[index].name, Self.spoilings[index].spoil)
        let condition = try #require(ShipmentGuards.all[name])
        let ready = Self.facts { $0.trackingNumber = "ORD-10001-1" }
        var spoiled = ready
        spoil(&spoiled)
        #expect(condition.answer(ready, try Self.context()) == .yes)
        #expect(condition.answer(spoiled, try Self.context()) != .yes)
    }

    @Test func `only what is on quality hold can be judged`() throws {
        let condition = try #require(ShipmentGuards.all["on_quality_hold"])
        #expect(condition.answer(Self.facts { $0.isOnQualityHold = true }, try Self.context()) == .yes)
        #expect(condition.answer(Self.facts(), try Self.context()) == .no())
    }

    @Test func `a refusal says how the problem was resolved and when the order was cancelled`() throws {
        let resolved = ShipmentGuards.all["problem_is_not_resolved"]?
            .answer(Self.facts { $0.resolution = "written_off" }, try Self.context())
        #expect(resolved == .no(["resolution": "written off"]))
        let cancelled = Self.facts {
            $0.order.state = "cancelled"
            $0.order.cancelledAt = Self.now
        }
        let answer = ShipmentGuards.all["order_is_not_cancelled"]?.answer(cancelled, try Self.context())
        #expect(answer == .no(["order.cancelled_at": "2026-03-02"]))
    }

    @Test func `a scan is kept with its place, and makes an earlier resolution void`() throws {
        var facts = Self.facts {
            $0.resolution = "written_off"
            $0.newestPlace = "Reno, NV"
        }
        try apply("record_scan", to: &facts)
        #expect(facts.lastScanAt == Self.now)
        #expect(facts.collectedAt == Self.now)
        #expect(facts.currentLocation == "Reno, NV")
        #expect(facts.resolution == nil)
    }

    @Test func `goods leave the stock once, by lots, whichever scan comes first (R-10)`() throws {
        let lot = LotPicking.Lot(
            id: UUID(), product: Self.line.product, madeOn: CalendarDay(daysSince1970: 20_000),
            expiresOn: CalendarDay(daysSince1970: 21_000), remaining: 7)
        var facts = Self.facts { $0.lots = [lot] }
        try apply("take_stock_out", to: &facts)
        #expect(facts.stockTakenAt == Self.now)
        #expect(facts.lines.map(\.lot) == [lot.id, nil])
        #expect(facts.lines.map(\.quantity) == [7, 3])
        #expect(facts.lots.map(\.remaining) == [0])
        let once = facts.lines
        try apply("take_stock_out", to: &facts)
        #expect(facts.lines == once)
    }

    @Test func `delivery keeps who received it`() throws {
        var facts = Self.facts()
        try apply("record_proof_of_delivery", to: &facts, ["delivered_to": "Dock 2"])
        #expect(facts.deliveredTo == "Dock 2")
    }

    @Test func `a problem and its resolution are kept, and a new problem is not resolved`() throws {
        var facts = Self.facts()
        try apply("record_problem", to: &facts, ["code": "lost", "note": "not on the truck"])
        #expect(facts.problemCode == "lost")
        #expect(facts.problemNote == "not on the truck")
        try apply("record_resolution", to: &facts, ["resolution": "resend"])
        #expect(facts.resolution == "resend")
        try apply("record_problem", to: &facts, ["code": "damaged"])
        #expect(facts.resolution == nil)
    }

    @Test func `a quality hold lasts until somebody decides, and keeps its time`() throws {
        var facts = Self.facts()
        try apply("set_quality_hold", to: &facts)
        #expect(facts.isOnQualityHold)
        #expect(facts.value(ofFact: "quality_held_at") == .instant(Self.now))
        try apply("record_quality_decision", to: &facts, ["decision": "reject", "reason": "too warm"])
        #expect(!facts.isOnQualityHold)
        #expect(facts.qualityDecision == "reject")
        #expect(facts.qualityReason == "too warm")
        #expect(facts.qualityDecidedBy != nil)
        try apply("set_quality_hold", to: &facts)
        #expect(facts.qualityDecision == nil)
    }

    @Test(
        arguments: [
            ("picked_up", "pick_up"), ("in_transit", "move"), ("out_for_delivery", "go_out"), ("delivered", "deliver"),
            ("exception", "report_problem"), ("pending", nil),
        ] as [(String, String?)])
    func `a carrier's message asks for one move, under one id (D-17)`(_ status: String, _ move: String?) {
        let shipment = UUID()
        let event = TrackingFeed.Event(
            carrierEventID: "E-1", status: status, location: "Reno, NV", occurredAt: Self.now)
        let command = TrackingFeed.command(for: event, of: shipment)
        #expect(command?.move == move)
        #expect(command?.id == TrackingFeed.command(for: event, of: shipment)?.id)
    }

    @Test func `so many units are taken line by line`() {
        let second = ShipmentFacts.Line(orderItem: UUID(), product: UUID(), quantity: 5)
        #expect([Self.line, second].first(12).map(\.quantity) == [10, 2])
        #expect([Self.line, second].first(10).map(\.quantity) == [10])
    }
}
