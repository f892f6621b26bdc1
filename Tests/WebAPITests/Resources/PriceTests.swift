import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// Prices that people set: the floor, lists of tiers and partners, and changes that wait for their time.
@Suite struct PriceTests {
    /// A product that costs $1.00: with the smallest margin of 10 % its floor is $1.10.
    private static let product: SQL = """
        INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents)
        VALUES (id('product'), 'Mango', 'M-1', 'smoothie', 800, 700, 100)
        """

    private static func list(_ estate: Estate, _ body: [String: JSONValue]) async throws -> String {
        let all = ["name": "List", "starts_on": "2026-01-01"].merging(body) { $1 }
        let made = try await estate.send("POST", "/api/v1/price-lists", as: "sue", body: .object(all))
        return try #require(made["id"]?.text, "\(made.raw.text)")
    }

    private static func price(_ estate: Estate, _ list: String, _ cents: Int64, as name: String) async throws -> Answer
    {
        try await estate.send(
            "POST", "/api/v1/price-list-items", as: name,
            body: .object([
                "price_list_id": .string(list), "product_id": .string(Estate.id("product")),
                "unit_price_cents": .integer(cents), "min_quantity": .integer(cents),
            ]))
    }

    private static func grant(_ estate: Estate, _ words: [String]) async throws {
        _ = try await estate.pool.query(
            "UPDATE admins SET permissions = \(words) WHERE id = \(Estate.id("ned"))::uuid RETURNING id")
    }

    @Test func `a price under the floor takes an approval, and says whose it was`() async throws {
        try await Estate.with([Self.product]) { estate in
            let list = try await Self.list(estate, [:])
            try await Self.grant(estate, ["prices.manage"])
            let fair = try await Self.price(estate, list, 110, as: "ned")
            #expect(fair.status == 201 && fair["approved_by"] == .null, "\(fair.raw.text)")
            let low = try await Self.price(estate, list, 109, as: "ned")
            #expect(low.status == 422 && low.faults == ["below_margin_floor unit_price_cents"], "\(low.raw.text)")
            let path = try #require(fair.raw.headers["location"])
            let lowered = try await estate.send(
                "PATCH", path, as: "ned", body: .object(["unit_price_cents": 109]), headers: ["If-Match": "*"])
            #expect(lowered.faults == ["below_margin_floor unit_price_cents"], "\(lowered.raw.text)")
            try await Self.grant(estate, ["prices.manage", "prices.approve"])
            let approved = try await Self.price(estate, list, 109, as: "ned")
            #expect(approved["approved_by"]?.text == Estate.id("ned"), "\(approved.raw.text)")
            let raised = try await estate.send(
                "PATCH", try #require(approved.raw.headers["location"]), as: "ned",
                body: .object(["unit_price_cents": 300]), headers: ["If-Match": "*"])
            #expect(raised["approved_by"] == .null, "\(raised.raw.text)")
            #expect(try await estate.send("DELETE", path, as: "rita").status == 403)
            #expect(try await estate.send("DELETE", path, as: "ned").status == 204)
            #expect(try await estate.send("DELETE", path, as: "ned").status == 404)
            let log = try await estate.get("/api/v1/audit-log?subject_type=price_list_item", as: "sue")
            #expect(log["items"]?.list?.map { $0["action"]?.text?.split(separator: ".").last ?? "" }.isEmpty == false)
            #expect(log.raw.text.contains("price_list_item.remove"))
        }
    }

    @Test func `a partner is shown the lists of its tier and its own, and its rep all that it sells by`() async throws {
        try await Estate.with([Self.product]) { estate in
            let everybodys = try await Self.list(estate, [:])
            let starters = try await Self.list(estate, ["tier": "starter"])
            let growth = try await Self.list(estate, ["tier": "growth"])
            let own = try await Self.list(estate, ["partner_id": .string(Estate.id("alpha"))])
            let both = try await estate.send(
                "POST", "/api/v1/price-lists", as: "sue",
                body: .object([
                    "name": "x", "starts_on": "2026-01-01", "tier": "growth", "partner_id": .string(Estate.id("alpha")),
                ]))
            #expect(both.status == 422)
            for list in [everybodys, starters, growth, own] {
                #expect(try await Self.price(estate, list, 500, as: "sue").status == 201)
            }
            let expected = [
                "al": [everybodys, starters, own], "cy": [everybodys, starters],
                "rita": [everybodys, starters, growth, own], "rob": [everybodys, starters, growth],
            ]
            for (name, lists) in expected {
                let shown = try await estate.get("/api/v1/price-lists", as: name)
                #expect(Set(shown["items"]?.list?.compactMap { $0["id"]?.text } ?? []) == Set(lists), "\(name)")
                let prices = try await estate.get("/api/v1/price-list-items", as: name)
                let of = prices["items"]?.list?.compactMap { $0["price_list_id"]?.text } ?? []
                #expect(Set(of) == Set(lists), "\(name)")
            }
        }
    }

    @Test func `a change of price takes effect at its time, and an unfair one is refused`() async throws {
        try await Estate.with([Self.product]) { estate in
            func change(_ field: String, _ cents: Int64, _ at: String, as name: String) async throws -> Answer {
                try await estate.send(
                    "POST", "/api/v1/price-changes", as: name,
                    body: .object([
                        "product_id": .string(Estate.id("product")), "field": .string(field),
                        "new_cents": .integer(cents), "effective_at": .string(at),
                    ]))
            }
            func msrp() async throws -> JSONValue? {
                try await estate.get("/api/v1/products/\(Estate.id("product"))", as: "sue")["msrp_cents"]
            }
            let (before, after) = ("2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z")
            try await Self.grant(estate, ["prices.manage"])
            // The highest tier pays 60 %: $1.08 of $1.80, which is under the floor of $1.10.
            #expect(
                try await change("msrp", 180, before, as: "ned").faults.first?.hasPrefix("below_margin_floor") == true)
            #expect(try await change("msrp", 180, before, as: "rita").status == 403)
            let now = try await change("msrp", 900, before, as: "ned")
            #expect(now["old_cents"] == 800 && now["made_by"]?.text == Estate.id("ned"), "\(now.raw.text)")
            #expect(now["applied_at"] != .null)
            let isNow = try await msrp()
            #expect(isNow == 900)
            let later = try await change("msrp", 1_000, after, as: "ned")
            #expect(later.status == 201 && later["applied_at"] == .null, "\(later.raw.text)")
            let moment = try #require(Timestamp.moment(after))
            for (date, cents) in [(moment.addingTimeInterval(-1), 900), (moment, 1_000)] as [(Date, JSONValue)] {
                _ = try await estate.pool.query("SELECT apply_price_changes(\(date))")
                let isThen = try await msrp()
                #expect(isThen == cents)
            }
            let log = try await estate.get("/api/v1/audit-log?action=product.change", as: "sue")
            #expect(log["items"]?.list?.count == 2)
        }
    }
}
