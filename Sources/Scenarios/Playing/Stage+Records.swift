import Database
import Foundation
import StateMachines

extension Stage {
    /// The record that a reference means.
    func find(_ reference: ScenarioReference) async throws -> Record {
        guard let owner = reference.owner else { return try await known(reference.name, at: reference.location) }
        let machine = try machine(reference.name, at: reference.location)
        let record = try await known(owner, at: reference.location)
        if let found = try await related(machine, to: record) { return Record(machine: machine.name.text, id: found) }
        throw ScenarioDifference(at: reference.location, expected: "\(reference)", found: "none")
    }

    /// The newest record of a machine.
    func newest(_ machine: String, at location: SourceLocation) async throws -> Record {
        _ = try self.machine(machine, at: location)
        if let record = try await newest(machine) { return record }
        throw ScenarioDifference(at: location, expected: "a record of the machine \(machine)", found: "none")
    }

    func newest(_ machine: String) async throws -> Record? {
        let rows = try await owner.query(
            """
            SELECT record_id FROM workflow_events WHERE machine = \(machine) AND kind = 'create'
            ORDER BY id DESC LIMIT 1
            """)
        return try rows.first.map { Record(machine: machine, id: try $0.value("record_id")) }
    }

    private func known(_ name: String, at location: SourceLocation) async throws -> Record {
        if let record = names[name] { return record }
        return try await newest(name, at: location)
    }

    /// The newest record of `machine` that belongs to `record`, by the foreign keys between their tables.
    private func related(_ machine: Machine, to record: Record) async throws -> UUID? {
        guard let own = files.machine(named: record.machine) else { return nil }
        if own.entity == machine.entity { return record.id }
        let links = try await owner.query(
            """
            SELECT c.conrelid::regclass::text AS holder, a.attname::text AS key FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
              AND ((c.conrelid = to_regclass(\(machine.entity.text)) AND c.confrelid = to_regclass(\(own.entity.text)))
                OR (c.conrelid = to_regclass(\(own.entity.text)) AND c.confrelid = to_regclass(\(machine.entity.text))))
            ORDER BY c.conrelid = to_regclass(\(machine.entity.text)) DESC, a.attname
            """)
        for link in links {
            let holder = try link.value("holder", as: String.self)
            let key = try link.value("key", as: String.self)
            // Names of tables and columns, which come from the database's own catalogue.
            let query: SQL =
                holder == machine.entity.text
                ? """
                SELECT id FROM \(unsafeUnescaped: holder) WHERE \(unsafeUnescaped: key) = \(record.id)
                ORDER BY id DESC LIMIT 1
                """
                : """
                SELECT \(unsafeUnescaped: key) AS id FROM \(unsafeUnescaped: holder)
                WHERE id = \(record.id) AND \(unsafeUnescaped: key) IS NOT NULL
                """
            if let row = try await owner.query(query).first { return try row.value("id") }
        }
        return nil
    }

    /// The row of a record, every column by its name.
    func row(of record: Record) async throws -> [String: JSONValue] {
        guard let machine = files.machine(named: record.machine) else { return [:] }
        // The table's name comes from a file whose names the loader has checked.
        let rows = try await owner.query(
            "SELECT to_jsonb(t) AS row FROM \(unsafeUnescaped: machine.entity.text) t WHERE id = \(record.id)")
        guard let text = try rows.first?.value("row", as: JSON.self).text else { return [:] }
        return try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
    }

    /// The partner that a record is about.
    func partner(of record: Record) async throws -> UUID? {
        if record.machine == "partner" { return record.id }
        let row = try await row(of: record)
        if let id = row["partner_id"]?.uuid { return id }
        guard let order = row["order_id"]?.uuid else { return nil }
        return try await self.row(of: Record(machine: "order", id: order))["partner_id"]?.uuid
    }
}

extension JSONValue {
    /// The id that a text is.
    var uuid: UUID? { if case .string(let text) = self { UUID(uuidString: text) } else { nil } }

    /// The text.
    var text: String? { if case .string(let text) = self { text } else { nil } }
}
