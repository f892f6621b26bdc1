import Database
import Foundation
import StateMachines

extension Stage {
    /// Inputs that name a record.
    private static let references: Set<String> = [
        "lead", "deal", "partner", "order", "invoice", "shipment", "proposal", "activity",
    ]

    /// The inputs of a move, or the body from which a record is made, with the short forms written out.
    func inputs(
        of step: ScenarioStep.Performance, record: Record
    ) async throws -> [String: JSONValue] {
        guard step.target.member != "create" else { return try await body(of: step, record: record) }
        var inputs: [String: JSONValue] = [:]
        for pair in step.inputs { inputs[pair.key.text] = try await json(pair) }
        if let shape = shape(of: step, machine: record.machine) { inputs["lines"] = try await lines(of: shape) }
        let asks = files.machine(named: record.machine)?.moves.first { $0.name == step.target.member ?? "" }?.asks ?? []
        for ask in asks where ask.type == .file {
            if inputs[ask.name.text] != nil { inputs[ask.name.text] = .string(try await file(of: record).uuidString) }
        }
        if record.machine == "commission", inputs["payout"] != nil {
            try await openPayout(of: record, inputs["payout"]?.text ?? "")
        }
        return inputs
    }

    /// A value as a program would send it: times in UTC, records by their ids.
    func json(_ pair: ScenarioPair) async throws -> JSONValue {
        if Self.references.contains(pair.key.text), let name = pair.value.text {
            return .string(try await find(Self.reference(name, at: pair.value.location)).id.uuidString)
        }
        return json(pair.value)
    }

    func json(_ value: ScenarioValue) -> JSONValue {
        switch value.content {
        case .none: return .null
        case .boolean(let flag): return .boolean(flag)
        case .integer(let number): return .integer(number)
        case .list(let items): return .array(items.map(json))
        case .mapping(let pairs):
            return .object(Dictionary(pairs.map { ($0.key.text, json($0.value)) }) { first, _ in first })
        case .text(let text):
            // A day alone is a date; with a time of day it is a moment.
            guard text.contains(" "), let moment = ScenarioTime.moment(text, in: scenario.zone) else {
                return .string(text)
            }
            return .string(moment.formatted(.iso8601))
        }
    }

    private static func reference(_ text: String, at location: SourceLocation) -> ScenarioReference {
        let parts = text.split(separator: " ").map(String.init)
        let isPair = parts.count == 3 && parts[1] == "of"
        return ScenarioReference(location: location, name: parts.first ?? "", owner: isPair ? parts[2] : nil)
    }

    /// A stored file, for a signature or a photo.
    private func file(of record: Record) async throws -> UUID {
        let id = UUID.v7()
        _ = try await owner.query(
            """
            INSERT INTO files (id, storage_key, name, mime, size_bytes, sha256, machine, record_id, content)
            VALUES (\(id), \(id.uuidString), 'signature.png', 'image/png', 3, sha256('PNG'::bytea), \(record.machine),
                \(record.id), 'PNG'::bytea)
            """)
        return id
    }

    /// The payout of a period is drafted before the run pays it.
    private func openPayout(of commission: Record, _ period: String) async throws {
        guard let day = CalendarDay(period + "-01"), let rep = try await row(of: commission)["sales_rep_id"]?.uuid
        else {
            return
        }
        _ = try await owner.query(
            """
            INSERT INTO payouts (id, sales_rep_id, period, pay_on) VALUES (\(UUID.v7()), \(rep), \(day), \(day.adding(days: 35)))
            ON CONFLICT DO NOTHING
            """)
    }
}
