import Database
import Foundation
import StateMachines

extension Stage {
    /// Edits records outside of moves.
    func set(_ pairs: [ScenarioPair]) async throws {
        for pair in pairs {
            let target = ScenarioReader.parsed(pair.key)
            let record = try await find(target.record)
            try await set(target.member ?? "", of: record, pair)
        }
        try await deriveEdited()
        try await runReactions()
    }

    private func set(_ column: String, of record: Record, _ pair: ScenarioPair) async throws {
        switch (record.machine, column) {
        case ("lead", "bant") where pair.value.isTrue:
            var columns = Self.bant.map { ($0.key, JSONValue.string($0.value)) }
            columns.append(
                ("expected_close_date", .string(CalendarDay(clock, in: scenario.zone).adding(days: 120).description)))
            for (name, value) in columns { try await write(value, to: name, of: record, pair) }
        case ("lead", "details") where pair.value.isTrue:
            var details = details("")
            details["business_name"] = nil
            details["business_type"] = "grocery"
            for (name, value) in details { try await write(value, to: name, of: record, pair) }
        case ("order", "paid_cents"):
            try await setPaid(pair.value.integer ?? 0, order: record.id)
        case ("shipment", "quantity"):
            try await setQuantity(pair.value.integer ?? 0, of: record, pair)
        case ("partner", "credit_cents"):
            try await addCredit(pair.value.integer ?? 0, to: record.id)
        default:
            try await write(try await json(pair), to: column, of: record, pair)
        }
    }

    /// Writes one column, as whoever edits the record would.
    private func write(_ value: JSONValue, to column: String, of record: Record, _ pair: ScenarioPair) async throws {
        let machine = try machine(record.machine, at: pair.key.location)
        let row = try await row(of: record)
        guard let name = Self.columnNames(column).first(where: { row[$0] != nil }) else {
            throw ScenarioDifference(
                at: pair.key.location, expected: "\(record.machine) to have \"\(column)\"", found: "no such column")
        }
        // The row itself says what types its columns have. The names are those of the database's own catalogue.
        let fields = JSON(text: JSONValue.object([name: value]).json)
        let table = machine.entity.text
        _ = try await owner.query(
            """
            UPDATE \(unsafeUnescaped: table) t
            SET \(unsafeUnescaped: name) = (jsonb_populate_record(t, \(fields))).\(unsafeUnescaped: name)
            WHERE id = \(record.id)
            """)
    }

    /// What a parcel carries: somebody packs less into it.
    private func setQuantity(_ quantity: Int64, of record: Record, _ pair: ScenarioPair) async throws {
        let changed = try await owner.query(
            """
            UPDATE shipment_items SET quantity = \(quantity)::integer
            WHERE id = (SELECT id FROM shipment_items WHERE shipment_id = \(record.id) ORDER BY id LIMIT 1) RETURNING id
            """)
        guard changed.isEmpty else { return }
        throw ScenarioDifference(at: pair.key.location, expected: "a parcel with goods", found: "none in it")
    }

    /// Money of a partner that lies on no invoice.
    private func addCredit(_ cents: Int64, to partner: UUID) async throws {
        _ = try await owner.query(
            """
            INSERT INTO payments (id, partner_id, amount_cents, unapplied_cents, method, state, received_on,
                recorded_by_kind, recorded_at)
            VALUES (\(UUID.v7()), \(partner), \(cents), \(cents), 'bank_transfer', 'succeeded',
                \(CalendarDay(clock, in: scenario.zone))::date, 'admin', \(clock))
            """)
    }
}
