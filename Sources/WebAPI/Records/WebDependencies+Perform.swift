public import Accounts
public import Foundation
import HTTPTypes
public import StateMachines
public import Workflows

extension WebDependencies {
    /// Has the engine do what a person or program asks.
    ///
    /// - Parameter command: What is asked, in a visitor's name.
    /// - Returns: The receipt of what was done, now or before.
    /// - Throws: `Refusal` with every reason; ``Problem``; what the engine throws.
    public func perform(_ command: Command) async throws -> Receipt {
        // Records are made by factories, from other records; there is no HTTP door to that.
        guard command.move != "create" else { throw Refusal.nothingIsMade }
        return try await carryOut(command)
    }

    /// Has the engine make a record that somebody asks for.
    ///
    /// - Parameters:
    ///   - machine: The machine's name.
    ///   - key: The id of the request.
    ///   - inputs: What it says.
    ///   - visitor: Who asks.
    /// - Returns: The receipt, now or of before.
    /// - Throws: `Refusal` with every reason; what the engine throws.
    public func make(
        _ machine: String, key: UUID, inputs: [String: JSONValue], visitor: Visitor
    ) async throws -> Receipt {
        // The record's id follows from the key, so that the same request names the same record.
        let record = UUID(derivedFrom: "request", visitor.id.uuidString, key.uuidString)
        return try await carryOut(
            Command(id: key, machine: machine, record: record, move: "create", inputs: inputs, visitor: visitor))
    }

    /// The same for a command that makes a record.
    func carryOut(_ command: Command) async throws -> Receipt {
        switch try await engine.perform(command, now: now()) {
        case .done(let receipt): return receipt
        case .refused(let refusal): throw refusal
        }
    }
}

extension Refusal {
    /// A record is made at its list's address.
    static var nothingIsMade: Refusal {
        Refusal(
            status: 422, code: "unknown_move", message: "Nothing is made here; this moves what exists.", field: "move")
    }
}
