import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct ShipmentEngineTests {
    @Test func `two parcels share an order, and nothing is shipped twice (L-06)`() async throws {
        try await GoodsBed.with { bed in
            let first = try await bed.parcel(30)
            let tooMuch = try await bed.perform(
                "shipment", "create", on: UUID(), ["order": .string(bed.order.uuidString), "quantity": 11],
                by: bed.admin)
            #expect(tooMuch.codes == ["input_invalid"])
            let second = try await bed.parcel(nil, number: nil)
            let third = try await bed.perform(
                "shipment", "create", on: UUID(), ["order": .string(bed.order.uuidString)], by: bed.admin)
            #expect(third.codes == ["quantities_are_left_to_ship"])
            let unnumbered = try await bed.perform("shipment", "pick_up", on: second, by: GoodsBed.carrier)
            #expect(unnumbered.codes == ["tracking_number_is_present"])
            try await bed.perform("shipment", "pick_up", on: first, by: GoodsBed.carrier)
            #expect(try await bed.number("SELECT stock FROM products") == 70)
            #expect(try await bed.number("SELECT allocated FROM products") == 10)
            #expect(try await bed.number("SELECT quantity FROM stock_reservations WHERE released_at IS NULL") == 10)
            try await bed.perform("shipment", "move", on: second, by: GoodsBed.carrier)
            #expect(try await bed.number("SELECT stock FROM products") == 60)
            #expect(try await bed.number("SELECT allocated FROM products") == 0)
            #expect(try await bed.number("SELECT count(*) FROM stock_reservations WHERE released_at IS NULL") == 0)
        }
    }

    @Test func `goods leave the stock once though scans come late and twice, by the lot that expires first`()
        async throws
    {
        try await GoodsBed.with { bed in
            try await bed.plant([
                """
                INSERT INTO lots (id, lot_code, product_id, made_on, expires_on, quantity, remaining)
                VALUES (\(UUID()), 'LATE', \(bed.product), '2026-01-01', '2027-01-01', 50, 50),
                    (\(UUID()), 'SOON', \(bed.product), '2026-01-01', '2026-12-01', 25, 25),
                    (\(UUID()), 'OLD', \(bed.product), '2025-01-01', '2026-04-01', 50, 50)
                """
            ])
            let parcel = try await bed.parcel()
            try await bed.perform("shipment", "move", on: parcel, by: GoodsBed.carrier)
            let late = try await bed.perform("shipment", "pick_up", on: parcel, by: GoodsBed.carrier)
            #expect(late.receipt?.result == .already)
            try await bed.perform("shipment", "deliver", on: parcel, ["delivered_to": "Dock 2"], by: GoodsBed.carrier)
            #expect(try await bed.number("SELECT stock FROM products") == 60)
            #expect(try await bed.number("SELECT sum(quantity) FROM stock_movements WHERE kind = 'sale'") == -40)
            let lots = try await bed.text(
                """
                SELECT string_agg(l.lot_code || ' ' || i.quantity || ' ' || l.remaining, ', ' ORDER BY l.expires_on)
                FROM shipment_items i JOIN lots l ON l.id = i.lot_id
                """)
            #expect(lots == "SOON 25 0, LATE 15 35")
            #expect(try await bed.text("SELECT delivered_to FROM shipments") == "Dock 2")
            #expect(try await bed.number("SELECT count(*) FROM shipments WHERE actual_delivery IS NOT NULL") == 1)
            try await bed.perform("shipment", "undo_delivered", on: parcel, ["reason": "next door"], by: bed.admin)
            #expect(try await bed.number("SELECT count(*) FROM shipments WHERE actual_delivery IS NOT NULL") == 0)
        }
    }

    @Test func `a lost parcel is sent again once, and the books never go below zero`() async throws {
        try await GoodsBed.with { bed in
            try await bed.plant(["UPDATE products SET stock = 60"])
            let parcel = try await bed.parcel()
            try await bed.perform("shipment", "pick_up", on: parcel, by: GoodsBed.carrier)
            try await bed.perform("shipment", "report_problem", on: parcel, ["code": "lost"], by: GoodsBed.carrier)
            let again = try await bed.perform(
                "shipment", "resolve", on: parcel, ["resolution": "resend"], by: bed.admin)
            #expect(again.receipt != nil)
            let twice = try await bed.perform(
                "shipment", "resolve", on: parcel, ["resolution": "written_off"], by: bed.admin)
            #expect(twice.codes == ["problem_is_not_resolved"])
            let row = try #require(
                try await bed.pool.query("SELECT id, tracking_number FROM shipments WHERE replaces_id = \(parcel)")
                    .first)
            #expect(try row.value("tracking_number") == "ORD-10001-2")
            let replacement = try row.value("id", as: UUID.self)
            try await bed.perform("shipment", "pick_up", on: replacement, by: GoodsBed.carrier)
            // Twenty were on the shelf, forty have left.
            #expect(try await bed.number("SELECT stock FROM products") == 0)
            #expect(try await bed.number("SELECT allocated FROM products") == 0)
            let reason = try await bed.text(
                "SELECT reason FROM stock_movements WHERE kind = 'sale' ORDER BY created_at DESC LIMIT 1")
            #expect(reason == "20 more left than the books had")
            // What is on hand and set aside is the sum of the movements since.
            #expect(try await bed.number("SELECT sum(quantity) FROM stock_movements WHERE kind = 'sale'") == -60)
            #expect(
                try await bed.number(
                    "SELECT sum(quantity) FROM stock_movements WHERE kind IN ('allocate', 'release', 'sale')") == -40)
        }
    }

    @Test func `carriers' messages in any order end in the newest state (D-17)`() async throws {
        try await GoodsBed.with { bed in
            let parcel = try await bed.parcel()
            let feed = TrackingFeed(pool: bed.pool)
            func event(_ id: String, _ status: String, _ hour: Int) -> TrackingFeed.Event {
                TrackingFeed.Event(
                    carrierEventID: id, status: status, location: "at \(hour)",
                    occurredAt: GoodsBed.date("2026-03-02", hour: hour))
            }
            let transit = try #require(
                try await feed.take([event("E2", "in_transit", 12)], of: parcel, now: GoodsBed.now))
            #expect(transit.move == "move")
            _ = try await bed.engine.perform(transit, now: GoodsBed.now)
            // The collection comes late: it is kept, and the newest still says "in transit".
            let late = try #require(
                try await feed.take(
                    [event("E1", "picked_up", 11), event("E2", "in_transit", 12)], of: parcel, now: GoodsBed.now))
            #expect(late.id == transit.id)
            #expect(try await bed.engine.perform(late, now: GoodsBed.now).receipt?.state == "in_transit")
            #expect(try await bed.number("SELECT count(*) FROM tracking_events") == 2)
            #expect(try await bed.text("SELECT current_location FROM shipments") == "at 12")
        }
    }

    @Test func `an excursion puts a parcel on hold once, until somebody has decided (R-25)`() async throws {
        try await GoodsBed.with { bed in
            let parcel = try await bed.parcel()
            try await bed.perform("shipment", "pick_up", on: parcel, by: GoodsBed.carrier)
            let feed = TemperatureFeed(pool: bed.pool)
            func take(_ readings: [(Int, Int)], _ minute: Int) async throws -> Command? {
                let list = readings.map { pair in
                    ColdChain.Reading(
                        sensor: "S1", at: GoodsBed.now.addingTimeInterval(Double(pair.1 * 60)),
                        hundredths: pair.0 * 100)
                }
                let now = GoodsBed.now.addingTimeInterval(Double(minute * 60))
                return try await feed.take(list, from: .logger, of: parcel, now: now)
            }
            #expect(try await take([(6, 1), (6, 15)], 15) == nil)
            let hold = try #require(try await take([(6, 15), (6, 31)], 31))
            #expect(hold.move == "hold_for_quality")
            #expect(try await take([(6, 31)], 32)?.id == hold.id)
            let held = try await bed.engine.perform(hold, now: GoodsBed.now)
            #expect(held.receipt?.opened == ["quality_decision"])
            #expect(try await take([(7, 40)], 40) == nil)
            #expect(try await bed.number("SELECT count(*) FROM temperature_readings") == 4)
            try await bed.perform(
                "shipment", "decide_quality", on: parcel, ["decision": "release", "reason": "core was cold"],
                by: bed.admin)
            #expect(try await take([(8, 50)], 50) == nil)
            let kinds = try await bed.text(
                "SELECT string_agg(kind || coalesce(' ' || decision, ''), ', ' ORDER BY kind) FROM temperature_events")
            #expect(kinds == "excursion release, warning")
            // It got cold, and warm again: that is another one.
            #expect(try await take([(-9, 60), (20, 70)], 70) != nil)
        }
    }
}
