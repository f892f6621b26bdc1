import Database
import Foundation
import StateMachines

extension Stage {
    /// Demands a state or a column.
    func expect(_ pair: ScenarioPair) async throws {
        let target = ScenarioReader.parsed(pair.key)
        let record = try await find(target.record)
        let machine = try machine(record.machine, at: pair.key.location)
        let column = target.member ?? machine.field.text
        guard let found = try await value(of: column, record: record) else {
            throw ScenarioDifference(
                at: pair.key.location, expected: "\(record.machine) to have \"\(column)\"", found: "no such column")
        }
        guard matches(pair.value, found, column: column) else {
            throw ScenarioDifference(
                at: pair.key.location, expected: "\(pair.key): \(pair.value)", found: shown(found))
        }
    }

    /// Demands when a timer fires next, or that it is not armed.
    func expectNext(_ pair: ScenarioPair) async throws {
        let target = ScenarioReader.parsed(pair.key)
        let record = try await find(target.record)
        let machine = try machine(record.machine, at: pair.key.location)
        guard let timer = target.member, machine.timers.contains(where: { $0.name == timer }) else {
            throw ScenarioDifference(
                at: pair.key.location, expected: "a timer \"\(target.member ?? "")\" of \(record.machine)",
                found: "none")
        }
        let rows = try await owner.query(
            """
            SELECT moment FROM workflow_timers
            WHERE machine = \(record.machine) AND record_id = \(record.id) AND timer = \(timer)
            """)
        let found = try rows.first.map { try $0.value("moment", as: Date.self) }
        let wanted = pair.value.text.flatMap { ScenarioTime.moment($0, in: scenario.zone) }
        guard found != wanted else { return }
        throw ScenarioDifference(
            at: pair.key.location, expected: "\(pair.key): \(pair.value)", found: found.map(text) ?? "none")
    }

    /// Demands an open task, or that there is none.
    func expectTask(_ word: Word, open: Bool) async throws {
        let target = ScenarioReader.parsed(word)
        let isMachine = names[target.record.name] == nil && target.record.owner == nil
        // Of a machine any record counts, for there may be a newer one that has nothing to do with it.
        let record = isMachine ? nil : try await find(target.record)
        let machine = record?.machine ?? target.record.name
        let rows = try await owner.query(
            """
            SELECT task, record_id FROM workflow_attention
            WHERE machine = \(machine) AND closed_at IS NULL
              AND (\(record?.id)::uuid IS NULL OR record_id = \(record?.id))
            """)
        let tasks = try rows.map { try $0.value("task", as: String.self) }
        guard tasks.contains(target.member ?? "") != open else { return }
        let open = tasks.isEmpty ? "no open task" : "open: " + Set(tasks).sorted().joined(separator: ", ")
        throw ScenarioDifference(
            at: word.location, expected: "\(word) to be \(tasks.contains(target.member ?? "") ? "closed" : "open")",
            found: open)
    }
}
