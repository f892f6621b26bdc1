import HTTPTypes
import StateMachines
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
