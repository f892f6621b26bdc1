import Database
import Foundation
import StateMachines
import Testing

/// Records that stay where they are for longer than they should (O-18).
@Suite struct StuckTests {
    private static let places: [(name: String, state: String, hours: Int)] = [
        ("long made", "production", 240), ("just begun", "production", 12),
        ("long checked", "quality_check", 5), ("quickly checked", "quality_check", 2),
        ("done 1", "shipped", 1), ("done 2", "shipped", 1), ("done 3", "shipped", 1),
    ]

    /// Orders in their states, and three that were checked for an hour each.
    private static var planted: [SQL] {
        places.map { name, state, hours in
            """
            INSERT INTO orders (id, order_number, status, status_seq, status_since)
            VALUES (id(\(name)::text), \(name), \(state), 1, \(House.now.addingTimeInterval(-Double(hours) * 3_600)))
            """
        }
            + places.filter { $0.state == "shipped" }.flatMap { name, _, _ in
                [(1, "production", "quality_check", 90_000.0), (2, "quality_check", "shipped", 86_400.0)].map {
                    seq, from, to, ago -> SQL in
                    """
                    INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, from_state, to_state, as_of, at)
                    VALUES (id(\("\(name) \(seq)")::text), 'order', id(\(name)::text), \(seq), 'move', 'move', \(from),
                            \(to), \(House.now.addingTimeInterval(-ago)), \(House.now.addingTimeInterval(-ago)))
                    """
                }
            }
    }

    @Test func `a record that is over its limit or over three times the usual is marked, and others are not`()
        async throws
    {
        try await Estate.with(isLoose: true, Self.planted) { estate in
            for (state, stuck, well) in [
                ("production", "long made", "just begun"), ("quality_check", "long checked", "quickly checked"),
            ] {
                let answer = try await estate.get("/api/v1/lifecycles/order/records?state=\(state)", as: "sue")
                let marks = (answer["items"]?.list ?? []).map { [$0["name"]?.text, "\($0["is_stuck"] ?? .null)"] }
                // Oldest first.
                #expect(
                    marks == [[stuck, "\(JSONValue.boolean(true))"], [well, "\(JSONValue.boolean(false))"]],
                    "\(answer.raw.text)")
                let figures = try await estate.get("/api/v1/lifecycles/order", as: "sue")["states"]?.list
                #expect(figures?.first { $0["state"]?.text == state }?["stuck"] == 1, "\(figures ?? [])")
                let page = try await estate.send(
                    "GET", "/admin/command-center/lifecycles/order?state=\(state)", as: "sue",
                    headers: ["Accept": "text/html"]
                ).raw.text
                let rows = page.split(separator: "<tr ")
                #expect(rows.first { $0.contains(">\(stuck)<") }?.contains("Stuck") == true, "\(state)")
                #expect(rows.first { $0.contains(">\(well)<") }?.contains("Stuck") == false, "\(state)")
            }
        }
    }
}
