import Database
import Foundation
import StateMachines
import Workflows

extension Stage {
    /// Performs a command and demands what the step says of it.
    func perform(_ step: ScenarioStep.Performance, at location: SourceLocation) async throws {
        let move = step.target.member ?? ""
        let isCreate = move == "create"
        let record: Record
        if isCreate {
            let machine = try machine(step.target.record.name, at: step.target.record.location)
            record = Record(machine: machine.name.text, id: UUID.v7())
        } else {
            record = try await find(step.target.record)
        }
        let actor = try await actor(step.actor, on: isCreate ? nil : record)
        let undo = try await prepareGoods(for: step, record: record)
        let inputs = try await inputs(of: step, record: record)
        let command = Command(
            id: UUID.v7(), machine: record.machine, record: record.id, move: move, inputs: inputs, actor: actor)
        let outcome = try await engine.perform(command, now: clock)
        try await undo()
        last = command
        try demand(step.wanted, outcome, of: step.target, at: location)
        guard case .done(let receipt) = outcome else { return }
        if isCreate {
            try await finishGoods(for: step, record: record)
            if let alias = step.alias { names[alias] = record }
        } else if let alias = step.alias {
            names[alias] = Record(machine: record.machine, id: receipt.record)
        }
        try await deriveEdited()
        try await runReactions()
    }

    /// Sends the last command once more: it is answered, and nothing happens.
    func performAgain(at location: SourceLocation) async throws {
        guard let last else {
            throw ScenarioDifference(at: location, expected: "a command to send again", found: "none")
        }
        let before = try await eventCount()
        let outcome = try await engine.perform(last, now: clock)
        guard case .done = outcome else {
            throw ScenarioDifference(at: location, expected: "the first answer again", found: described(outcome))
        }
        try await runReactions()
        let written = try await eventCount() - before
        guard written == 0 else {
            throw ScenarioDifference(at: location, expected: "nothing to happen", found: "\(written) more events")
        }
    }

    private func eventCount() async throws -> Int {
        try await owner.query("SELECT count(*) AS events FROM workflow_events")[0].value("events")
    }

    private func demand(
        _ wanted: ScenarioStep.Performance.Wanted, _ outcome: Outcome, of target: ScenarioTarget,
        at location: SourceLocation
    ) throws {
        switch (wanted, outcome) {
        case (.done, .done(let receipt)) where receipt.result == .done: return
        case (.already, .done(let receipt)) where receipt.result == .already: return
        case (.refused(let codes), .refused(let refusal)) where refusal.begins(with: codes): return
        default: break
        }
        let expected =
            switch wanted {
            case .done: "\(target) to be done"
            case .already: "\(target) to be answered as already done"
            case .refused(let codes): "\(target) to be refused: \(codes.map(\.text).joined(separator: ", "))"
            }
        throw ScenarioDifference(at: location, expected: expected, found: described(outcome))
    }

    private func described(_ outcome: Outcome) -> String {
        switch outcome {
        case .done(let receipt) where receipt.result == .done: "it done, state \(receipt.state)"
        case .done(let receipt): "the answer \"\(receipt.result.rawValue)\", state \(receipt.state)"
        case .refused(let refusal):
            "a refusal: "
                + refusal.reasons.map { reason in
                    reason.code + (reason.field.map { " (\($0))" } ?? "") + ": " + reason.message
                }.joined(separator: "; ") + (refusal.state.map { " [state \($0)]" } ?? "")
        }
    }

    /// Demands what stands in the way of a move, all of it.
    func expectBlocked(_ blocked: ScenarioStep.Blocked) async throws {
        let record = try await find(blocked.target.record)
        let move = blocked.target.member ?? ""
        let actor = try await actor(blocked.actor, on: record)
        let explanation = try await engine.explain(machine: record.machine, record: record.id, actor: actor, now: clock)
        let location = blocked.target.record.location
        guard let found = explanation?.moves.first(where: { $0.move.name == move }) else {
            throw ScenarioDifference(at: location, expected: "the move \(move) to be explained", found: "nothing of it")
        }
        let reasons: [Refusal.Reason] = found.blockedBy
        guard reasons.count == blocked.codes.count, zip(reasons, blocked.codes).allSatisfy({ $0.matches($1) }) else {
            let codes = blocked.codes.map(\.text).joined(separator: ", ")
            let all = reasons.map(\.code).joined(separator: ", ")
            throw ScenarioDifference(
                at: location, expected: "\(blocked.target) to be blocked by [\(codes)]", found: "[\(all)]")
        }
    }
}

extension Refusal {
    /// Whether the first reasons are these.
    fileprivate func begins(with codes: [Word]) -> Bool {
        codes.count <= reasons.count && zip(reasons, codes).allSatisfy { $0.matches($1) }
    }
}

extension Refusal.Reason {
    /// Whether a code of a scenario means this reason: `missing_reason` is an input that was left out.
    fileprivate func matches(_ code: Word) -> Bool {
        if self.code == code.text { return true }
        return self.code == "input_missing" && field.map { "missing_\($0)" == code.text } ?? false
    }
}
