import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// What is added to records besides by their moves: events and readings of a parcel, files, proofs of delivery (A-05).
@Suite struct AdditionTests {
    private static let parcel = "/admin/command-center/shipments/\(Estate.id("parcel"))"
    private static let api = "/api/v1/shipments/\(Estate.id("parcel"))"

    private static func event(_ status: String, _ place: String, at moment: String) -> [String: String] {
        [
            "command": UUID().uuidString, "zone": "UTC", "input.status": status, "input.location": place,
            "input.occurred_at": moment,
        ]
    }

    private static func readings(_ text: String, sensor: String = "S-1") -> [(String, String?, [UInt8])] {
        [
            ("zone", nil, Array("UTC".utf8)), ("input.sensor", nil, Array(sensor.utf8)),
            ("input.source", nil, Array("logger".utf8)), ("lines", nil, Array(text.utf8)), ("file", "", []),
        ]
    }

    @Test func `an event that is added shows at once, and moves the parcel in the name of who added it`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let path = Self.parcel + "/tracking-events"
            let form = Self.event("in_transit", "Elko, NV", at: "2026-03-01T12:00")
            let done = try await estate.send(form: form, to: path, as: "sue")
            #expect(done.status == 303, "\(done.text)")
            #expect(try await estate.send(form: form, to: path, as: "sue").status == 303)
            let page = try await estate.page(Self.parcel + "?done=tracking-events", as: "sue").text
            #expect(page.contains("Elko, NV") && page.contains("The event is there."))
            #expect(page.contains("Sue A, admin"))
            #expect(try await estate.get(Self.api, as: "sue")["status"] == "in_transit")
            #expect(try await estate.get(Self.api + "/tracking-events", as: "al")["items"]?.list?.count == 1)
            // Twice sent, it is there once, and so is what it moved.
            #expect(try await estate.history("shipment", "parcel") == 1)
            #expect(try await estate.audited(by: "sue").contains("shipment.add_event"))
            #expect(try await estate.audited(by: "sue").contains("shipment.move"))
        }
    }

    @Test func `an event with faults is not kept, and each stands at its field`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let path = Self.parcel + "/tracking-events"
            let wrong = Self.event("", "", at: "2026-03-01T12:00")
            let refused = try await estate.send(form: wrong, to: path, as: "sue")
            #expect(refused.status == 422)
            #expect(refused.text.contains("add-tracking-events-status-fault"))
            #expect(refused.text.contains("add-tracking-events-location-fault"))
            let ahead = Self.event("delivered", "Reno", at: "2031-01-01T12:00")
            let late = try await estate.send(form: ahead, to: path, as: "sue")
            #expect(late.status == 422 && late.text.contains("still ahead"))
            #expect(try await estate.get(Self.api + "/tracking-events", as: "sue")["items"]?.list?.isEmpty == true)
        }
    }

    @Test func `what was seen is kept although the parcel may not be moved, and that is said`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let parcel = "/admin/command-center/shipments/\(Estate.id("unlabelled parcel"))"
            let form = Self.event("picked_up", "Reno", at: "2026-03-01T12:00")
            let answer = try await estate.send(form: form, to: parcel + "/tracking-events", as: "sue")
            #expect(answer.status == 200 && answer.text.contains("The shipment was not moved:"), "\(answer.text)")
            let shown = try await estate.get("/api/v1/shipments/\(Estate.id("unlabelled parcel"))", as: "sue")
            #expect(shown["status"] == "pending" && shown["current_location"] == "Reno")
        }
    }

    @Test func `readings are taken as lines, and what is wrong is told of every line at once`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let path = Self.parcel + "/readings"
            let wrong = "when,f\n2026-03-01 10:00,-9.5\nnever,-9\n2026-03-01 10:10,warm\n2026-03-01 10:20,900\n"
            let refused = try await estate.send(parts: Self.readings(wrong, sensor: ""), to: path, as: "sue")
            #expect(refused.status == 422)
            for line in [
                "Line 2: it names no sensor.", "Line 3: \u{201C}", "Line 4:", "is no temperature, such as -9.5",
                "Line 5: no reading is believed",
            ] {
                let told = line.replacing("\u{201C}", with: "&quot;never&quot; is no moment")
                #expect(refused.text.contains(told), "\(line)")
            }
            // What was typed is still there.
            #expect(refused.text.contains("2026-03-01 10:10,warm"))
            #expect(try await estate.get(Self.api + "/readings", as: "sue")["items"]?.list?.isEmpty == true)
            let right = "2026-03-01 10:00, -9.5\n2026-03-01T10:15:00Z; -8 °F; S-2\n\n2026-03-01 10:00, -9.5\n"
            let done = try await estate.send(parts: Self.readings(right), to: path, as: "sue")
            #expect(done.status == 303, "\(done.text)")
            #expect(try await estate.get(Self.api + "/readings", as: "al")["items"]?.list?.count == 2)
            #expect(try await estate.page(Self.parcel, as: "sue").text.contains("-9.5 °F"))
            #expect(try await estate.audited(by: "sue").contains("shipment.add_readings"))
        }
    }

    @Test func `a file of readings that were too warm puts the parcel on quality hold, to be decided`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let file = "recorded_at,temp_f,sensor\r\n2026-03-01T09:00:00Z,16,S-1\r\n"
            var parts = Self.readings("")
            parts[4] = ("file", "log.csv", Array(file.utf8))
            let done = try await estate.send(parts: parts, to: Self.parcel + "/readings", as: "sue")
            #expect(done.status == 303 && done.headers["location"]?.contains("held=1") == true, "\(done.text)")
            let page = try await estate.page(Self.parcel, as: "sue").text
            #expect(page.contains("Quality hold") && page.contains("Excursion"))
            let decided = try await estate.press(
                Self.parcel, "decide_quality", ["input.decision": "release", "input.reason": "Still frozen"], as: "sue")
            #expect(decided.status == 303, "\(decided.text)")
            #expect(try await estate.audited(by: "sue").contains("shipment.decide_quality"))
        }
    }

    @Test func `a proof of delivery is sent, had again as it was, and chosen when the parcel is delivered`()
        async throws
    {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let png = TalkativePictures.png(of: (0..<3_000).map { UInt8($0 % 251) })
            let path = Self.parcel + "/files"
            let none = try await estate.send(parts: [("file", "", [])], to: path, as: "sue")
            #expect(none.status == 422 && none.text.contains("Choose a file first."))
            let page = try await estate.send(
                parts: [("file", "x.png", Array("<html>".utf8) + Array(repeating: 32, count: 600))], to: path, as: "sue"
            )
            #expect(page.status == 415 && page.text.contains("The file was not kept."))
            let done = try await estate.send(parts: [("file", "door.png", png)], to: path, as: "sue")
            #expect(done.status == 303, "\(done.text)")
            let shown = try await estate.page(Self.parcel, as: "sue").text
            let link = try #require(shown.firstMatch(of: /href="([^"]*\/files\/[0-9a-f-]{36})">door.png/)).1
            let had = try await estate.page(String(link), as: "sue")
            #expect(had.body == png && had.headers["content-disposition"]?.contains("door.png") == true)
            // Of another record's page it cannot be had.
            let elsewhere = String(link).replacing(Estate.id("parcel"), with: Estate.id("unlabelled parcel"))
            #expect(try await estate.page(elsewhere, as: "sue").status == 404)
            #expect(shown.contains(">door.png</option>"))
            #expect(try await estate.audited(by: "sue").contains("shipment.add_file"))
        }
    }

    @Test func `who may not manage shipments is offered none of it and may do none of it`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            _ = try await estate.pool.query("SELECT 1")
            let partner = "/partner/shipments/\(Estate.id("parcel"))"
            let page = try await estate.page(partner, as: "al").text
            #expect(page.contains("Seen on the way") && !page.contains("add-tracking-events"))
            let form = Self.event("delivered", "Reno", at: "2026-03-01T12:00")
            #expect(try await estate.send(form: form, to: partner + "/tracking-events", as: "al").status == 404)
            let body = JSONValue.object([
                "status": "delivered", "location": "Reno", "occurred_at": "2026-03-01T12:00:00Z",
            ])
            for name in ["al", "rita"] {
                let answer = try await estate.send("POST", Self.api + "/tracking-events", as: name, body: body)
                #expect(answer.status == 403)
            }
            let done = try await estate.send("POST", Self.api + "/tracking-events", as: "sue", body: body)
            #expect(done.status == 201 && done["is_moved"] == true, "\(done.raw.text)")
            let reading = JSONValue.object([
                "sensor_id": "S", "recorded_at": "2026-03-01T12:00:00Z", "temp_f": .number(-9.5),
            ])
            let kept = try await estate.send(
                "POST", Self.api + "/readings", as: "sue", body: .object(["readings": .array([reading])]))
            #expect(kept.status == 201 && kept["count"] == 1, "\(kept.raw.text)")
        }
    }
}
