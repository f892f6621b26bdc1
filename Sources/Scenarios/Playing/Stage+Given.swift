import Database
import Foundation
import StateMachines
import Workflows

extension Stage {
    /// Sets the stage: numbers from one, the rep, and a partner who may order.
    ///
    /// - Throws: ``ScenarioDifference`` when the engine refuses what is given.
    func prepare() async throws {
        _ = try await owner.query("UPDATE number_series SET next = 1")
        rep = try await rep(nil)
        _ = try await admin(Self.defaultAdmin)
        if let columns = scenario.given.partner { partner = try await makePartner(columns) }
        try await runReactions()
        try await forgetJobs()
    }

    /// A partner is made and approved like any other, then given the columns that the scenario wants.
    private func makePartner(_ columns: [ScenarioPair]) async throws -> UUID {
        let record = Record(machine: "partner", id: UUID.v7())
        var body = details("Harbor Market")
        body["business_type"] = "grocery"
        body["sales_rep"] = rep.map { .string($0.uuidString) }
        body["time_zone"] = columns["time_zone"]?.text.map { .string($0) } ?? .string(scenario.zone.identifier)
        if let name = columns["business_name"]?.text { body["business_name"] = .string(name) }
        try await make("create", record, body)
        let terms = columns["payment_terms"]?.text ?? "NET30"
        let limit = columns["credit_limit_cents"]?.integer ?? 1_000_000
        try await make(
            "approve", record,
            [
                "tier": .string(columns["tier"]?.text ?? "starter"), "payment_terms": .string(terms),
                "credit_limit": .integer(terms == "prepaid" ? limit : max(1, limit)),
            ])
        try await set(
            columns.without(["payment_terms", "tier"]).map { pair in
                ScenarioPair(key: Word("partner.\(pair.key)", at: pair.key.location), value: pair.value)
            })
        return record.id
    }

    private func make(_ move: String, _ record: Record, _ inputs: [String: JSONValue]) async throws {
        let actor = try await actor(
            ScenarioActor(role: Word("admin", at: start), person: nil), on: nil)
        let command = Command(
            id: UUID.v7(), machine: record.machine, record: record.id, move: move, inputs: inputs, actor: actor)
        guard case .refused(let refusal) = try await engine.perform(command, now: clock) else { return }
        let reasons = refusal.reasons.map { $0.field.map { field in "\(field): " } ?? "" + $0.message }
        throw ScenarioDifference(
            at: start, expected: "the given partner (\(move))", found: "a refusal: " + reasons.joined(separator: " "))
    }

    private var start: SourceLocation { SourceLocation(file: scenario.file, line: 1, column: 1) }
}
